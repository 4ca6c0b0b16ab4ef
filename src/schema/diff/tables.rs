//! Tables and columns compared.

use std::collections::BTreeSet;

use super::{Answers, Changes, Question, Rename, alike};
use crate::schema::operation::{Fill, Operation, needs_value};
use crate::schema::{Column, Schema, Table};

/// All changes between two schemas, not in order yet.
pub(super) fn changes(
    old: &Schema,
    new: &Schema,
    answers: &Answers,
) -> Result<Changes, Box<Question>> {
    let mut changes = Changes::default();
    let mut state = old.clone();
    rename_tables(&mut state, new, answers, &mut changes)?;
    for (name, table) in &new.tables {
        if state.tables.contains_key(name) {
            rename_columns(&mut state, name, table, answers, &mut changes)?;
        }
    }
    for (name, after) in &new.tables {
        match state.tables.get(name) {
            None => drop(changes.created.insert(name.clone(), after.clone())),
            Some(before) => compare(name, before, after, answers, &mut changes)?,
        }
    }
    for (name, table) in &state.tables {
        if !new.tables.contains_key(name) {
            changes.dropped.insert(name.clone(), table.clone());
        }
    }
    Ok(changes)
}

fn rename(state: &mut Schema, operation: Operation, changes: &mut Changes) {
    operation.apply(state);
    changes.renames.push(operation);
}

fn rename_tables(
    state: &mut Schema,
    new: &Schema,
    answers: &Answers,
    changes: &mut Changes,
) -> Result<(), Box<Question>> {
    let is_gone = |name: &&String| !new.tables.contains_key(*name);
    let gone: Vec<String> = state.tables.keys().filter(is_gone).cloned().collect();
    let mut came: BTreeSet<&String> = new
        .tables
        .keys()
        .filter(|name| !state.tables.contains_key(*name))
        .collect();
    for from in gone {
        if let Some(to) = answers
            .renamed_tables
            .get(&from)
            .filter(|to| came.remove(to))
        {
            rename(
                state,
                Operation::RenameTable {
                    from,
                    to: to.clone(),
                },
                changes,
            );
            continue;
        }
        let Some(old) = state.tables.get(&from) else {
            continue;
        };
        let question = |to: &&&String| Rename::Table {
            from: from.clone(),
            to: (**to).clone(),
        };
        let candidate = came
            .iter()
            .filter(|to| !answers.renamed_tables.values().any(|taken| taken == **to))
            .filter(|to| {
                new.tables
                    .get(**to)
                    .is_some_and(|table| same_columns(old, table))
            })
            .find(|to| !answers.different.contains(&question(to)));
        if let Some(to) = candidate {
            return Err(Box::new(Question::Renamed(question(&to))));
        }
    }
    Ok(())
}

/// Whether two tables have columns of the same names and types.
fn same_columns(one: &Table, other: &Table) -> bool {
    one.columns.len() == other.columns.len()
        && one.columns.iter().all(|(name, column)| {
            other
                .columns
                .get(name)
                .is_some_and(|other| alike(column, other))
        })
}

fn rename_columns(
    state: &mut Schema,
    name: &str,
    after: &Table,
    answers: &Answers,
    changes: &mut Changes,
) -> Result<(), Box<Question>> {
    let before = state.tables.get(name).cloned().unwrap_or_default();
    let gone = before
        .columns
        .iter()
        .filter(|(column, _)| !after.columns.contains_key(*column));
    let mut came: Vec<(&String, &Column)> = after
        .columns
        .iter()
        .filter(|(column, _)| !before.columns.contains_key(*column))
        .collect();
    for (from, old) in gone {
        let answer = answers
            .renamed_columns
            .get(&(name.to_owned(), from.clone()));
        if let Some(at) = answer.and_then(|to| came.iter().position(|(column, _)| *column == to)) {
            let (to, _) = came.remove(at);
            let operation = Operation::RenameColumn {
                table: name.to_owned(),
                from: from.clone(),
                to: to.clone(),
            };
            rename(state, operation, changes);
            continue;
        }
        let question = |to: &String| Rename::Column {
            table: name.to_owned(),
            from: from.clone(),
            to: to.clone(),
        };
        let is_taken = |to: &String| {
            answers
                .renamed_columns
                .iter()
                .any(|((table, _), taken)| table == name && taken == to)
        };
        let candidate = came
            .iter()
            .filter(|(to, new)| alike(old, new) && !is_taken(to))
            .find(|(to, _)| !answers.different.contains(&question(to)));
        if let Some((to, _)) = candidate {
            return Err(Box::new(Question::Renamed(question(to))));
        }
    }
    Ok(())
}

fn compare(
    name: &str,
    before: &Table,
    after: &Table,
    answers: &Answers,
    changes: &mut Changes,
) -> Result<(), Box<Question>> {
    let table = || name.to_owned();
    for (column, new) in &after.columns {
        let operation = match before.columns.get(column) {
            Some(old) if old == new => continue,
            Some(old) => Operation::AlterColumn {
                table: table(),
                name: column.clone(),
                before: old.clone(),
                after: new.clone(),
                fill: fill_of_altered(name, column, old, new, answers)?,
            },
            None => Operation::AddColumn {
                table: table(),
                name: column.clone(),
                column: new.clone(),
                fill: fill_of_new(name, column, new, answers)?,
            },
        };
        changes.columns.push(operation);
    }
    if before.primary_key != after.primary_key {
        changes.columns.push(Operation::AlterPrimaryKey {
            table: table(),
            before: before.primary_key.clone(),
            after: after.primary_key.clone(),
        });
    }
    for (column, old) in &before.columns {
        if !after.columns.contains_key(column) {
            changes.columns.push(Operation::DropColumn {
                table: table(),
                name: column.clone(),
                column: old.clone(),
            });
        }
    }
    compare_constraints(name, before, after, changes);
    Ok(())
}

fn fill_of_new(
    table: &str,
    column: &str,
    new: &Column,
    answers: &Answers,
) -> Result<Option<Fill>, Box<Question>> {
    match needs_value(new) {
        true => answered(table, column, new, answers, false).map(Some),
        false => Ok(None),
    }
}

/// A column that no longer takes NULL needs a value for the rows that have none.
fn fill_of_altered(
    table: &str,
    column: &str,
    old: &Column,
    new: &Column,
    answers: &Answers,
) -> Result<Option<Fill>, Box<Question>> {
    match (old.nullable && !new.nullable, &new.default) {
        (false, _) => Ok(None),
        (true, Some(default)) => Ok(Some(Fill::Value(default.clone()))),
        (true, None) => answered(table, column, new, answers, true).map(Some),
    }
}

fn answered(
    table: &str,
    column: &str,
    new: &Column,
    answers: &Answers,
    existed: bool,
) -> Result<Fill, Box<Question>> {
    let answer = answers.defaults.get(&(table.to_owned(), column.to_owned()));
    answer.cloned().map(Fill::Value).ok_or_else(|| {
        Box::new(Question::Default {
            table: table.to_owned(),
            column: column.to_owned(),
            column_type: new.column_type.clone(),
            existed,
        })
    })
}

fn compare_constraints(name: &str, before: &Table, after: &Table, changes: &mut Changes) {
    let table = || name.to_owned();
    compare_indexes(name, before, after, changes);
    for (columns, key) in &before.foreign_keys {
        if after.foreign_keys.get(columns) != Some(key) {
            let (columns, key) = (columns.clone(), key.clone());
            changes.removals.push(Operation::DropForeignKey {
                table: table(),
                columns,
                key,
                deferred: false,
            });
        }
    }
    for (columns, key) in &after.foreign_keys {
        if before.foreign_keys.get(columns) != Some(key) {
            let (columns, key) = (columns.clone(), key.clone());
            changes.additions.push(Operation::AddForeignKey {
                table: table(),
                columns,
                key,
                deferred: false,
            });
        }
    }
    for (name, condition) in &before.checks {
        if after.checks.get(name) != Some(condition) {
            let (name, condition) = (name.clone(), condition.clone());
            changes.removals.push(Operation::DropCheck {
                table: table(),
                name,
                condition,
            });
        }
    }
    for (name, condition) in &after.checks {
        if before.checks.get(name) != Some(condition) {
            let (name, condition) = (name.clone(), condition.clone());
            changes.additions.push(Operation::AddCheck {
                table: table(),
                name,
                condition,
            });
        }
    }
    if before.comment != after.comment {
        let (before, after) = (before.comment.clone(), after.comment.clone());
        changes.additions.push(Operation::AlterComment {
            table: table(),
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
