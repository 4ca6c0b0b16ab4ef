//! SQL as it is in the files, and what it does to a database that has rows.

mod enums;
mod operations;
mod postgres;
mod rebuild;
mod text;

use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::Operation;
use crate::schema::testing::{Database, entities, rows, schema};
use crate::schema::{Dialect, Schema};

/// The operations from one set of models to another; existing rows get a one where they need a value.
fn operations(old: &Schema, new: &Schema, answers: Answers) -> Vec<Operation> {
    let mut answers = answers;
    loop {
        match diff(old, new, &answers) {
            Difference::Done(operations) => return operations,
            Difference::Ask(crate::schema::diff::Question::Default {
                table,
                column,
                column_type,
                ..
            }) => drop(
                answers
                    .defaults
                    .insert((table, column), rows::value(&column_type)),
            ),
            Difference::Ask(question) => panic!("{question:?}"),
        }
    }
}

fn models(models: &[&str]) -> Schema {
    schema(&entities(models))
}

/// An empty database of SQLite.
fn sqlite() -> Database {
    Database::empty(Dialect::Sqlite).unwrap()
}
