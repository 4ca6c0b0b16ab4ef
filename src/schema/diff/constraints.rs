//! Indexes, foreign keys and checks compared.

use super::Changes;
use crate::schema::operation::Operation;
use crate::schema::{ForeignKey, Table};

pub(super) fn compare(name: &str, before: &Table, after: &Table, changes: &mut Changes) {
    compare_indexes(name, before, after, changes);
    compare_foreign_keys(name, before, after, changes);
    compare_checks(name, before, after, changes);
    if before.comment != after.comment {
        let (before, after) = (before.comment.clone(), after.comment.clone());
        changes.additions.push(Operation::AlterComment {
            table: name.to_owned(),
            before,
            after,
        });
    }
}

/// An index over the same columns under another name, as after a rename, is renamed.
fn compare_indexes(name: &str, before: &Table, after: &Table, changes: &mut Changes) {
    let table = || name.to_owned();
    let mut came: Vec<_> = after
        .indexes
        .iter()
        .filter(|(index, new)| before.indexes.get(*index) != Some(*new))
        .collect();
    for (index, old) in before
        .indexes
        .iter()
        .filter(|(index, old)| after.indexes.get(*index) != Some(*old))
    {
        let same = came
            .iter()
            .position(|(to, new)| *new == old && !before.indexes.contains_key(*to));
        let is_free = !after.indexes.contains_key(index);
        match same.filter(|_| is_free) {
            Some(at) => {
                let (to, _) = came.remove(at);
                changes.renames.push(Operation::RenameIndex {
                    table: table(),
                    from: index.clone(),
                    to: to.clone(),
                    index: old.clone(),
                });
            }
            None => changes.removals.push(Operation::DropIndex {
                table: table(),
                name: index.clone(),
                index: old.clone(),
            }),
        }
    }
    for (index, new) in came {
        changes.additions.push(Operation::AddIndex {
            table: table(),
            name: index.clone(),
            index: new.clone(),
        });
    }
}

fn compare_foreign_keys(name: &str, before: &Table, after: &Table, changes: &mut Changes) {
    for (columns, key) in &before.foreign_keys {
        if after.foreign_keys.get(columns) != Some(key) {
            changes.old_keys.push(drop_key(name, columns, key, false));
        }
    }
    for (columns, key) in &after.foreign_keys {
        if before.foreign_keys.get(columns) != Some(key) {
            changes.new_keys.push(add_key(name, columns, key, false));
        }
    }
}

pub(super) fn add_key(
    table: &str,
    columns: &[String],
    key: &ForeignKey,
    deferred: bool,
) -> Operation {
    Operation::AddForeignKey {
        table: table.to_owned(),
        columns: columns.to_vec(),
        key: key.clone(),
        deferred,
    }
}

pub(super) fn drop_key(
    table: &str,
    columns: &[String],
    key: &ForeignKey,
    deferred: bool,
) -> Operation {
    add_key(table, columns, key, deferred).reversed()
}

fn compare_checks(table: &str, before: &Table, after: &Table, changes: &mut Changes) {
    for (name, condition) in &before.checks {
        if after.checks.get(name) != Some(condition) {
            changes.removals.push(Operation::DropCheck {
                table: table.to_owned(),
                name: name.clone(),
                condition: condition.clone(),
            });
        }
    }
    for (name, condition) in &after.checks {
        if before.checks.get(name) != Some(condition) {
            changes.additions.push(Operation::AddCheck {
                table: table.to_owned(),
                name: name.clone(),
                condition: condition.clone(),
            });
        }
    }
}
