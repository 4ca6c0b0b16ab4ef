//! What is in a database, a line each, read from its own catalogue: names of constraints left out.

pub mod postgres;
pub mod sqlite;

/// `order (a, b)`
fn tuple(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}
