//! Operations as SQL that a person can read: one column a line, quoted names, no surprises.

pub mod enumeration;
mod fit;
pub mod postgres;
pub mod rebuild;
pub mod sqlite;
mod table;

#[cfg(test)]
mod tests;

pub use super::syntax::{note, quote, quote_all, token};

use super::operation::{Names, Operation};
use super::{Dialect, Index};
use crate::schema::snapshot::Snapshot;

/// Why an operation has no SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// The table must be rebuilt, which would lose what these words of its definition say.
    Rebuild { table: String, words: Vec<String> },
    /// PostgreSQL has no conversion between the two types.
    Convert {
        table: String,
        column: String,
        from: String,
        to: String,
    },
}

/// The script that does `operations` to a database that looks like `state`, which is brought up to
/// date; `title` is its first line.
///
/// # Errors
///
/// If a database cannot do one of the operations.
pub fn script(
    title: &str,
    operations: &[Operation],
    state: &mut Snapshot,
    dialect: Dialect,
) -> Result<String, Impossible> {
    let statements = match dialect {
        Dialect::Sqlite => sqlite::statements(operations, state)?,
        Dialect::Postgres => postgres::statements(operations, state)?,
    };
    let mut script = format!("-- {}\n", title.replace(['\n', '\r'], " "));
    let mut previous_is_short = false;
    for statement in &statements {
        let is_short = !statement.contains('\n');
        if !(is_short && previous_is_short) {
            script.push('\n');
        }
        script.push_str(statement);
        script.push('\n');
        previous_is_short = is_short;
    }
    Ok(script)
}

/// The first line of a migration: what it does, in words.
pub fn title(operations: &[Operation], names: &Names) -> String {
    let words: Vec<String> = operations
        .iter()
        .filter(|operation| !operation.is_detail())
        .map(|operation| operation.describe(names)[2..].to_owned())
        .collect();
    match words.as_slice() {
        [] => "Write the statements of this migration here".to_owned(),
        words => words.join("; "),
    }
}

/// The statement that makes an index; `None` if `dialect` cannot have it.
pub fn create_index(table: &str, name: &str, index: &Index, dialect: Dialect) -> Option<String> {
    let kind = if index.unique {
        "UNIQUE INDEX"
    } else {
        "INDEX"
    };
    let definition = index.definition(dialect)?;
    Some(format!(
        "CREATE {kind} {} ON {} {definition};",
        quote(name),
        quote(table)
    ))
}

/// A comment that goes before the statement of an operation that destroys data.
fn warn(operation: &Operation, statement: String) -> String {
    let lost = match operation {
        Operation::DropTable { table, .. } => format!("all rows of {}", quote(table)),
        Operation::DropColumn { table, name, .. } if operation.destroys_data() => {
            format!("the values of {} in {}", quote(name), quote(table))
        }
        Operation::AlterColumn { table, name, .. } if operation.destroys_data() => format!(
            "the values of {} in {} that do not fit its new type",
            quote(name),
            quote(table)
        ),
        _ => return statement,
    };
    format!("-- Destroys data: {lost}.\n{statement}")
}
