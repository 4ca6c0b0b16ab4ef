//! One reversible step of a change to a schema.

mod apply;
mod describe;
mod narrowing;
mod reverse;

use std::collections::BTreeSet;

use super::{Column, ColumnType, Condition, DefaultValue, Dialect, ForeignKey, Index, Table};

pub use describe::Names;
pub use narrowing::holds_all_of;

/// One change; it carries the state before and after it, so that it can be turned around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    CreateTable {
        table: String,
        definition: Table,
        /// Foreign keys to tables that come later: PostgreSQL adds them then.
        deferred: BTreeSet<Vec<String>>,
    },
    DropTable {
        table: String,
        definition: Table,
        deferred: BTreeSet<Vec<String>>,
    },
    RenameTable {
        from: String,
        to: String,
    },
    AddColumn {
        table: String,
        name: String,
        column: Column,
        fill: Option<Fill>,
    },
    DropColumn {
        table: String,
        name: String,
        column: Column,
    },
    RenameColumn {
        table: String,
        from: String,
        to: String,
    },
    AlterColumn {
        table: String,
        name: String,
        before: Column,
        after: Column,
        fill: Option<Fill>,
    },
    AlterPrimaryKey {
        table: String,
        before: Vec<String>,
        after: Vec<String>,
    },
    AddIndex {
        table: String,
        name: String,
        index: Index,
    },
    DropIndex {
        table: String,
        name: String,
        index: Index,
    },
    RenameIndex {
        table: String,
        from: String,
        to: String,
        index: Index,
    },
    AddForeignKey {
        table: String,
        columns: Vec<String>,
        key: ForeignKey,
        /// Set if SQLite has it in the table's definition already: only PostgreSQL needs the step.
        deferred: bool,
    },
    DropForeignKey {
        table: String,
        columns: Vec<String>,
        key: ForeignKey,
        deferred: bool,
    },
    AddCheck {
        table: String,
        name: String,
        condition: Condition,
    },
    DropCheck {
        table: String,
        name: String,
        condition: Condition,
    },
    AlterComment {
        table: String,
        before: Option<String>,
        after: Option<String>,
    },
}

/// The value of existing rows that need one and have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// A value that a person chose.
    Value(DefaultValue),
    /// Something that says nothing: the way back cannot know what was there.
    Neutral,
}

impl Fill {
    /// The value for a column of `column_type`.
    pub fn value(&self, column_type: &ColumnType) -> DefaultValue {
        match self {
            Self::Value(value) => value.clone(),
            Self::Neutral => DefaultValue::neutral(column_type),
        }
    }

    /// That value in SQL.
    pub fn sql(&self, column_type: &ColumnType, dialect: Dialect) -> String {
        self.value(column_type).sql(column_type, dialect)
    }
}

impl Operation {
    /// The table it changes, under the name that the table has afterwards.
    pub fn table(&self) -> &str {
        match self {
            Self::CreateTable { table, .. }
            | Self::DropTable { table, .. }
            | Self::RenameTable { to: table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AlterPrimaryKey { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::DropForeignKey { table, .. }
            | Self::AddCheck { table, .. }
            | Self::DropCheck { table, .. }
            | Self::AlterComment { table, .. } => table,
        }
    }

    /// The other tables that must be there for it: those that it refers to.
    pub fn refers_to(&self) -> Vec<&str> {
        match self {
            Self::CreateTable {
                definition,
                deferred,
                ..
            }
            | Self::DropTable {
                definition,
                deferred,
                ..
            } => definition
                .foreign_keys
                .iter()
                .filter(|(columns, _)| !deferred.contains(*columns))
                .map(|(_, key)| key.table.as_str())
                .collect(),
            Self::AddForeignKey { key, .. } | Self::DropForeignKey { key, .. } => vec![&key.table],
            Self::RenameTable { from, .. } => vec![from],
            _ => Vec::new(),
        }
    }

    /// Returns whether it is a step that nobody asked for, on the way of another one.
    pub fn is_detail(&self) -> bool {
        matches!(
            self,
            Self::AddForeignKey { deferred: true, .. }
                | Self::DropForeignKey { deferred: true, .. }
        )
    }

    /// Returns whether rows or values are gone for good once it is applied.
    pub fn destroys_data(&self) -> bool {
        match self {
            Self::DropTable { .. } => true,
            Self::DropColumn { column, .. } => column.generated.is_none(),
            Self::AlterColumn { before, .. } if before.generated.is_some() => false,
            Self::AlterColumn { before, after, .. } => {
                after.generated.is_some() || !holds_all_of(&after.column_type, &before.column_type)
            }
            _ => false,
        }
    }
}

/// The way back: every operation undone, the last one first.
pub fn reversed(operations: &[Operation]) -> Vec<Operation> {
    operations.iter().rev().map(Operation::reversed).collect()
}

/// Returns whether existing rows need a value in a new `column`.
pub fn needs_value(column: &Column) -> bool {
    let is_made = column.auto_increment || column.generated.is_some();
    !column.nullable && column.default.is_none() && !is_made
}

/// Returns the value that replaces NULL in a column that now requires one: its default, if it has one.
pub fn fill_of(column: &Column) -> Fill {
    match &column.default {
        Some(default) => Fill::Value(default.clone()),
        None => Fill::Neutral,
    }
}
