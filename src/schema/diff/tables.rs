//! Tables and columns compared.

use super::{Answers, Changes, Question, computed, constraints, renames, settled};
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
    changes.renames = renames::tables(&mut state, new, answers)?;
    for (name, table) in &new.tables {
        let renamed = renames::columns(&mut state, name, table, answers)?;
        changes.renames.extend(renamed);
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
    settled::put_back(&state, new, &mut changes);
    changes.old = state;
    Ok(changes)
}

fn compare(
    name: &str,
    before: &Table,
    after: &Table,
    answers: &Answers,
    changes: &mut Changes,
) -> Result<(), Box<Question>> {
    let table = || name.to_owned();
    // Those that are computed go first and come last: they need the others, as these were and will be.
    let is_computed = |column: &Column| column.generated.is_some();
    let remade: Vec<_> = computed::remade(before, after).collect();
    for (column, old) in before.columns.iter().filter(|(_, it)| is_computed(it)) {
        if !after.columns.contains_key(column) || remade.contains(&column) {
            changes.columns.push(drop_column(name, column, old));
        }
    }
    computed::set_aside(name, before, after, &remade, changes);
    let stops = |name: &String| before.columns.get(name).is_some_and(is_computed);
    let mut columns: Vec<_> = after.columns.iter().collect();
    columns.sort_by_key(|(name, new)| (is_computed(new), !stops(name)));
    for (column, new) in columns {
        let operation = match before
            .columns
            .get(column)
            .filter(|_| !remade.contains(&column))
        {
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
    for (column, old) in before.columns.iter().filter(|(_, it)| !is_computed(it)) {
        if !after.columns.contains_key(column) {
            changes.columns.push(drop_column(name, column, old));
        }
    }
    constraints::compare(name, before, after, changes);
    Ok(())
}

fn drop_column(table: &str, name: &str, column: &Column) -> Operation {
    Operation::DropColumn {
        table: table.to_owned(),
        name: name.to_owned(),
        column: column.clone(),
    }
}

fn fill_of_new(
    table: &str,
    column: &str,
    new: &Column,
    answers: &Answers,
) -> Result<Option<Fill>, Box<Question>> {
    if needs_value(new) {
        answered(table, column, new, answers, false).map(Some)
    } else {
        Ok(None)
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
    let needs_value = old.nullable && !new.nullable && new.generated.is_none();
    match (needs_value, &new.default) {
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
