//! Tables and columns that are called otherwise now.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answers, Question, Rename};
use crate::schema::operation::Operation;
use crate::schema::{Column, Schema, Table};

/// The operations that rename the tables of `state`, which is brought up to date.
pub(super) fn tables(
    state: &mut Schema,
    new: &Schema,
    answers: &Answers,
) -> Result<Vec<Operation>, Box<Question>> {
    let renamed = told(&answers.renamed_tables, &state.tables, &new.tables);
    let gone = state
        .tables
        .iter()
        .filter(|(name, _)| !new.tables.contains_key(*name) && !renamed.contains_key(*name));
    let came = |name: &String| !state.tables.contains_key(name) || renamed.contains_key(name);
    let taken: BTreeSet<&String> = renamed.values().collect();
    for (from, old) in gone {
        let mut candidates = new
            .tables
            .iter()
            .filter(|(name, table)| came(name) && !taken.contains(name) && similar(old, table))
            .map(|(to, _)| Rename::Table {
                from: from.clone(),
                to: to.clone(),
            });
        if let Some(rename) = candidates.find(|rename| !answers.different.contains(rename)) {
            return Err(Box::new(Question::Renamed(rename)));
        }
    }
    let operations = in_turn(renamed)
        .into_iter()
        .map(|(from, to)| Operation::RenameTable { from, to });
    Ok(apply(operations, state))
}

/// The operations that rename the columns of the table `name`.
pub(super) fn columns(
    state: &mut Schema,
    name: &str,
    after: &Table,
    answers: &Answers,
) -> Result<Vec<Operation>, Box<Question>> {
    let Some(before) = state.tables.get(name) else {
        return Ok(Vec::new());
    };
    let of_table = answers
        .renamed_columns
        .iter()
        .filter(|((table, _), _)| table == name)
        .map(|((_, from), to)| (from.clone(), to.clone()))
        .collect();
    let renamed = told(&of_table, &before.columns, &after.columns);
    let gone = before.columns.iter().filter(|(column, _)| {
        !after.columns.contains_key(*column) && !renamed.contains_key(*column)
    });
    let came =
        |column: &String| !before.columns.contains_key(column) || renamed.contains_key(column);
    let taken: BTreeSet<&String> = renamed.values().collect();
    for (from, old) in gone {
        let mut candidates = after
            .columns
            .iter()
            .filter(|(column, new)| came(column) && !taken.contains(column) && alike(old, new))
            .map(|(to, _)| Rename::Column {
                table: name.to_owned(),
                from: from.clone(),
                to: to.clone(),
            });
        if let Some(rename) = candidates.find(|rename| !answers.different.contains(rename)) {
            return Err(Box::new(Question::Renamed(rename)));
        }
    }
    let operations = in_turn(renamed)
        .into_iter()
        .map(|(from, to)| Operation::RenameColumn {
            table: name.to_owned(),
            from,
            to,
        });
    Ok(apply(operations, state))
}

/// Those of `renames` that concern what was there and what is to be.
fn told<M: Named>(
    renames: &BTreeMap<String, String>,
    old: &M,
    new: &M,
) -> BTreeMap<String, String> {
    let concerns = |from: &String, to: &String| from != to && old.has(from) && new.has(to);
    let mut told = renames.clone();
    told.retain(|from, to| concerns(from, to));
    loop {
        // A name is free if nothing has it, or if what has it gets another one.
        let taken = told
            .iter()
            .find(|(_, to)| old.has(to) && !told.contains_key(*to));
        match taken.map(|(from, _)| from.clone()) {
            Some(from) => drop(told.remove(&from)),
            None => return told,
        }
    }
}

/// Tables or columns by name.
trait Named {
    fn has(&self, name: &str) -> bool;
}

impl Named for BTreeMap<String, Table> {
    fn has(&self, name: &str) -> bool {
        self.contains_key(name)
    }
}

impl Named for indexmap::IndexMap<String, Column> {
    fn has(&self, name: &str) -> bool {
        self.contains_key(name)
    }
}

/// The renames one after another, so that each new name is free by then; where names go round in a
/// circle, one of them is put aside meanwhile.
pub(super) fn in_turn(mut renames: BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut turns = Vec::new();
    while let Some(first) = renames.keys().next().cloned() {
        let free = renames
            .iter()
            .find(|(_, to)| !renames.contains_key(*to))
            .map(|(from, _)| from.clone());
        match free.and_then(|from| renames.remove_entry(&from)) {
            Some(turn) => turns.push(turn),
            None => {
                let aside = format!("_old_{first}");
                if let Some((from, to)) = renames.remove_entry(&first) {
                    turns.push((from, aside.clone()));
                    renames.insert(aside, to);
                }
            }
        }
    }
    turns
}

fn apply(operations: impl Iterator<Item = Operation>, state: &mut Schema) -> Vec<Operation> {
    operations
        .inspect(|operation| operation.apply(state))
        .collect()
}

/// Returns whether one column may be another one under a new name.
fn alike(one: &Column, other: &Column) -> bool {
    one.column_type == other.column_type && one.auto_increment == other.auto_increment
}

/// Returns whether one table may be another one under a new name: more than half of its columns are the
/// same, or all of them but for their names.
fn similar(one: &Table, other: &Table) -> bool {
    let same = one
        .columns
        .iter()
        .filter(|(name, column)| other.columns.get(*name).is_some_and(|it| alike(column, it)));
    let most = one.columns.len().max(other.columns.len());
    let pairs = one.columns.values().zip(other.columns.values());
    2 * same.count() > most
        || one.columns.len() == other.columns.len() && pairs.into_iter().all(|(a, b)| alike(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(renames: &[(&str, &str)]) -> Vec<String> {
        let renames = renames
            .iter()
            .map(|(from, to)| (from.to_string(), to.to_string()));
        let turns = in_turn(renames.collect()).into_iter();
        turns.map(|(from, to)| format!("{from}>{to}")).collect()
    }

    #[test]
    fn a_rename_waits_for_its_name() {
        let table = |names: &str| {
            let column = Column::new(crate::schema::ColumnType::Text);
            let names = names.chars().map(String::from);
            names
                .map(|name| (name, column.clone()))
                .collect::<indexmap::IndexMap<_, _>>()
        };
        let renames = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(from, to)| (from.to_string(), to.to_string()));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let chain = renames(&[("a", "b"), ("b", "c")]);
        assert_eq!(told(&chain, &table("ab"), &table("bc")), chain);
        // Long done, and the first name has come back.
        assert_eq!(told(&chain, &table("abc"), &table("abc")), BTreeMap::new());
    }

    #[test]
    fn a_name_is_free_before_it_is_taken() {
        assert_eq!(turns(&[("a", "b"), ("b", "c")]), ["b>c", "a>b"]);
        assert_eq!(
            turns(&[("a", "b"), ("b", "a")]),
            ["a>_old_a", "b>a", "_old_a>b"]
        );
        assert_eq!(turns(&[("a", "x"), ("b", "y")]), ["a>x", "b>y"]);
    }
}
