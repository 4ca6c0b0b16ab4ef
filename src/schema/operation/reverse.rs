//! The way back of each operation.

use super::{Fill, Operation, fill_of, needs_value};

impl Operation {
    /// The operation that undoes it.
    pub fn reversed(&self) -> Self {
        match self.clone() {
            Self::CreateTable {
                table,
                definition,
                deferred,
            } => Self::DropTable {
                table,
                definition,
                deferred,
            },
            Self::DropTable {
                table,
                definition,
                deferred,
            } => Self::CreateTable {
                table,
                definition,
                deferred,
            },
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::AddColumn {
                table,
                name,
                column,
                ..
            } => Self::DropColumn {
                table,
                name,
                column,
            },
            Self::DropColumn {
                table,
                name,
                column,
            } => Self::AddColumn {
                fill: needs_value(&column).then_some(Fill::Neutral),
                table,
                name,
                column,
            },
            Self::RenameColumn { table, from, to } => Self::RenameColumn {
                table,
                from: to,
                to: from,
            },
            Self::AlterColumn {
                table,
                name,
                before,
                after,
                ..
            } => Self::AlterColumn {
                fill: (after.nullable && !before.nullable && before.generated.is_none())
                    .then(|| fill_of(&before)),
                table,
                name,
                before: after,
                after: before,
            },
            Self::AlterPrimaryKey {
                table,
                before,
                after,
            } => Self::AlterPrimaryKey {
                table,
                before: after,
                after: before,
            },
            other => other.reversed_constraint(),
        }
    }

    fn reversed_constraint(self) -> Self {
        match self {
            Self::AddIndex { table, name, index } => Self::DropIndex { table, name, index },
            Self::DropIndex { table, name, index } => Self::AddIndex { table, name, index },
            Self::RenameIndex {
                table,
                from,
                to,
                index,
            } => Self::RenameIndex {
                table,
                from: to,
                to: from,
                index,
            },
            Self::AddForeignKey {
                table,
                columns,
                key,
                deferred,
            } => Self::DropForeignKey {
                table,
                columns,
                key,
                deferred,
            },
            Self::DropForeignKey {
                table,
                columns,
                key,
                deferred,
            } => Self::AddForeignKey {
                table,
                columns,
                key,
                deferred,
            },
            Self::AddCheck {
                table,
                name,
                condition,
            } => Self::DropCheck {
                table,
                name,
                condition,
            },
            Self::DropCheck {
                table,
                name,
                condition,
            } => Self::AddCheck {
                table,
                name,
                condition,
            },
            Self::AlterComment {
                table,
                before,
                after,
            } => Self::AlterComment {
                table,
                before: after,
                after: before,
            },
            other => other,
        }
    }
}
