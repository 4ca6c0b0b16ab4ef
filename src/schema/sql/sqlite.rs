//! Operations as SQL for SQLite, which can alter little in place: the rest rebuilds the table.

use std::collections::BTreeSet;

use super::table::{Creation, column_definition, create, references};
use super::{Impossible, create_index, enumeration, quote, rebuild, token, warn};
use crate::schema::default_value::dialect;
use crate::schema::operation::Operation;
use crate::schema::snapshot::Snapshot;
use crate::schema::{ColumnType, Dialect, Index, Table, names};

/// The statements that do `operations` to `state`, which is brought up to date.
pub(super) fn statements(
    operations: &[Operation],
    state: &mut Snapshot,
) -> Result<Vec<String>, Impossible> {
    let mut statements = Vec::new();
    let mut rebuilt = BTreeSet::new();
    for group in groups(operations) {
        match group {
            Group::Single(operation) => {
                let before = state.table(operation.table());
                statements.extend(single(operation, &before));
                state.apply(operation);
                if leaves_old_name(operation, &before) {
                    let table = operation.table();
                    let renamed = state.table(table);
                    statements.extend(rebuild::statements(table, &[], &renamed, state)?);
                    rebuilt.insert(table.to_owned());
                }
            }
            Group::Alter(table, operations) => {
                let before = state.table(table);
                for operation in &operations {
                    state.apply(operation);
                }
                if can_stay(&operations, &before, state) {
                    statements.extend(in_place(&operations, &state.table(table)));
                } else {
                    statements.extend(rebuild::statements(table, &operations, &before, state)?);
                    rebuilt.insert(table.to_owned());
                }
            }
        }
    }
    Ok(rebuild::guarded(statements, &rebuilt, &state.schema))
}

/// Operations that go together.
enum Group<'a> {
    Single(&'a Operation),
    /// All that happens to one table, so that it is rebuilt once at most.
    Alter(&'a str, Vec<&'a Operation>),
}

/// Gathers what happens to each table; nothing moves past a rename.
fn groups(operations: &[Operation]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open = std::collections::HashMap::new();
    for operation in operations {
        match operation {
            Operation::CreateTable { .. } | Operation::DropTable { .. } => {
                groups.push(Group::Single(operation));
            }
            Operation::RenameTable { .. }
            | Operation::RenameColumn { .. }
            | Operation::RenameIndex { .. } => {
                open.clear();
                groups.push(Group::Single(operation));
            }
            _ => {
                let table = operation.table();
                let at = *open.entry(table).or_insert_with(|| {
                    groups.push(Group::Alter(table, Vec::new()));
                    groups.len() - 1
                });
                if let Some(Group::Alter(_, operations)) = groups.get_mut(at) {
                    operations.push(operation);
                }
            }
        }
    }
    groups
}

/// The statements of an operation on a whole table, or of a rename in the table `before`.
fn single(operation: &Operation, before: &Table) -> Vec<String> {
    match operation {
        Operation::CreateTable {
            table, definition, ..
        } => {
            let creation = Creation {
                name: table,
                table,
                definition,
                without: &BTreeSet::new(),
                extra: &[],
            };
            let indexes = definition
                .indexes
                .iter()
                .filter_map(|(name, index)| create_index(table, name, index, Dialect::Sqlite));
            std::iter::once(create(&creation, Dialect::Sqlite))
                .chain(indexes)
                .collect()
        }
        Operation::DropTable { table, .. } => {
            vec![warn(operation, format!("DROP TABLE {};", quote(table)))]
        }
        Operation::RenameTable { from, to } => renames(from, to)
            .into_iter()
            .map(|(from, to)| format!("ALTER TABLE {} RENAME TO {};", quote(&from), quote(&to)))
            .collect(),
        Operation::RenameColumn { table, from, to } => rename_column(table, from, to, before),
        Operation::RenameIndex {
            table,
            from,
            to,
            index,
        } => std::iter::once(drop_index(from))
            .chain(create_index(table, to, index, Dialect::Sqlite))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns whether a column gets another name that is also in the comment of a condition, which SQLite does
/// not rename: only a rebuild does.
fn leaves_old_name(operation: &Operation, before: &Table) -> bool {
    let Operation::RenameColumn { from, .. } = operation else {
        return false;
    };
    let mut checks = before.checks.values();
    checks.any(|check| check.mentions(from) && !dialect::knows(Dialect::Sqlite, &check.0))
}

/// SQLite renames a column wherever it is used, but not in the comments of indexes.
fn rename_column(table: &str, from: &str, to: &str, before: &Table) -> Vec<String> {
    let noted = |index: &Index| !index.is_known_to(Dialect::Sqlite) && index.mentions(from);
    let indexes: Vec<_> = before
        .indexes
        .iter()
        .filter(|(_, index)| noted(index))
        .collect();
    let drops = indexes.iter().map(|(name, _)| drop_index(name));
    let renames = renames(from, to).into_iter().map(|(from, to)| {
        let (table, from, to) = (quote(table), quote(&from), quote(&to));
        format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to};")
    });
    let creations = indexes.iter().filter_map(|(name, index)| {
        let mut index = (*index).clone();
        index.rename_column(from, to);
        create_index(table, name, &index, Dialect::Sqlite)
    });
    drops.chain(renames).chain(creations).collect()
}

/// The renames from one name to another: to SQLite, two that differ only in capitals are one, which
/// is there already.
fn renames(from: &str, to: &str) -> Vec<(String, String)> {
    if from.eq_ignore_ascii_case(to) {
        let between = format!("_{to}_");
        vec![(from.to_owned(), between.clone()), (between, to.to_owned())]
    } else {
        vec![(from.to_owned(), to.to_owned())]
    }
}

fn drop_index(name: &str) -> String {
    format!("DROP INDEX {};", quote(name))
}

/// Returns whether SQLite can do all of `operations` without a rebuild.
fn can_stay(operations: &[&Operation], before: &Table, state: &Snapshot) -> bool {
    operations.iter().all(|operation| match operation {
        Operation::AddColumn {
            name, column, fill, ..
        } => {
            let is_key = before.is_key(name) || column.auto_increment;
            let constant = column.default.as_ref().is_none_or(|it| it.is_constant());
            let is_kept = column.generated.as_ref().is_some_and(|it| it.stored);
            !is_key && constant && fill.is_none() && !is_kept
        }
        Operation::DropColumn { table, name, .. } => {
            let is_mentioned = |check: &String| token::mentions(check, name);
            let refers = before
                .foreign_keys
                .keys()
                .any(|columns| columns.contains(name));
            let is_enum = before
                .columns
                .get(name)
                .is_some_and(|column| matches!(column.column_type, ColumnType::Enum { .. }));
            !before.is_key(name)
                && !refers
                && !is_enum
                && !before.checks.values().any(|it| it.mentions(name))
                && !is_computed_from(before, name)
                && !state.extras.checks(table).iter().any(is_mentioned)
        }
        // A new column can bring its foreign key along if no row has a value yet.
        Operation::AddForeignKey {
            columns,
            deferred: false,
            ..
        } => operations.iter().any(|other| {
            matches!(other, Operation::AddColumn { name, column, .. }
                if columns.as_slice() == [name.clone()] && column.nullable && column.default.is_none())
        }),
        Operation::AddIndex { .. } => true,
        Operation::DropIndex { table, name, .. } => !state.extras.is_inline(table, name),
        Operation::AddForeignKey { deferred: true, .. }
        | Operation::DropForeignKey { deferred: true, .. } => true,
        _ => false,
    })
}

/// Returns whether a column of `table` is computed from the column `name`.
fn is_computed_from(table: &Table, name: &str) -> bool {
    let mut computed = table
        .columns
        .values()
        .filter_map(|it| it.generated.as_ref());
    computed.any(|generated| generated.mentions(name))
}

fn in_place(operations: &[&Operation], after: &Table) -> Vec<String> {
    operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::AddColumn {
                table,
                name,
                column,
                ..
            } => {
                let columns = vec![name.clone()];
                let mut plain = column.clone();
                let comment = plain.comment.take();
                let mut sql = column_definition(name, &plain, Dialect::Sqlite, false);
                if let Some(condition) = enumeration::condition(table, name, &column.column_type) {
                    sql.push_str(&format!(" {condition}"));
                }
                if let Some(key) = after.foreign_keys.get(&columns) {
                    let constraint = quote(&names::foreign_key(table, &columns));
                    sql.push_str(&format!(" CONSTRAINT {constraint} {}", references(key)));
                }
                if let Some(comment) = comment {
                    sql.push_str(&format!(" {}", super::note::note(&comment)));
                }
                Some(format!("ALTER TABLE {} ADD COLUMN {sql};", quote(table)))
            }
            Operation::DropColumn { table, name, .. } => Some(warn(
                operation,
                format!("ALTER TABLE {} DROP COLUMN {};", quote(table), quote(name)),
            )),
            Operation::AddIndex { table, name, index } => {
                create_index(table, name, index, Dialect::Sqlite)
            }
            Operation::DropIndex { name, .. } => Some(drop_index(name)),
            _ => None,
        })
        .collect()
}
