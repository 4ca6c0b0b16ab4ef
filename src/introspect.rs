//! Reads a database as a [`Snapshot`](crate::schema::snapshot::Snapshot), and takes over one that others made.

pub mod adopt;
mod adopt_default;
pub mod adopt_postgres;
mod arrange;
mod portable;
pub mod postgres;
pub mod sqlite;
pub mod sqlite_changes;
mod sqlite_sql;
mod untold;
