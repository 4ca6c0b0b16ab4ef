//! Finds the operations that turn one schema into another: pure, and never silent.
//!
//! Where the difference can mean two things, or existing rows need a value, it returns a [`Question`]
//! instead. The caller asks it, adds the answer and calls again.

mod computed;
mod constraints;
mod order;
mod renames;
mod settled;
mod tables;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::operation::Operation;
use super::{ColumnType, DefaultValue, Schema};

/// The answers so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Tables that are now called otherwise, by their old names.
    pub renamed_tables: BTreeMap<String, String>,
    /// Columns that are now called otherwise, by their table's new name and their old one.
    pub renamed_columns: BTreeMap<(String, String), String>,
    /// Pairs that look like a rename and are none.
    pub different: BTreeSet<Rename>,
    /// The values for existing rows, by table and column.
    pub defaults: BTreeMap<(String, String), DefaultValue>,
}

/// Something that may have been renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rename {
    Table {
        from: String,
        to: String,
    },
    /// `table` is its new name.
    Column {
        table: String,
        from: String,
        to: String,
    },
}

/// A question that must be answered before the difference is clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Was it renamed, or did one thing go and another one come?
    Renamed(Rename),
    /// Asks for the value that existing rows get in a column that requires one.
    Default {
        table: String,
        column: String,
        column_type: ColumnType,
        /// Whether the column was there before, and took NULL.
        existed: bool,
    },
}

/// The outcome of [`diff`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Everything to do, in an order that always applies.
    Done(Vec<Operation>),
    Ask(Question),
}

/// Finds the operations that turn `old` into `new`.
pub fn diff(old: &Schema, new: &Schema, answers: &Answers) -> Difference {
    match tables::changes(old, new, answers) {
        Ok(changes) => Difference::Done(order::in_order(changes, new)),
        Err(question) => Difference::Ask(*question),
    }
}

/// The operations by what they need to come before and after.
#[derive(Debug, Default)]
struct Changes {
    /// The schema after the renames.
    old: Schema,
    renames: Vec<Operation>,
    /// Foreign keys that go: all else may be in use by them.
    old_keys: Vec<Operation>,
    /// Indexes and checks that go.
    removals: Vec<Operation>,
    created: BTreeMap<String, super::Table>,
    columns: Vec<Operation>,
    /// Indexes and checks that come.
    additions: Vec<Operation>,
    /// Foreign keys that come: they may need all else.
    new_keys: Vec<Operation>,
    dropped: BTreeMap<String, super::Table>,
}
