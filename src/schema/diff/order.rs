//! The order in which changes always apply.

use std::collections::{BTreeMap, BTreeSet};

use super::Changes;
use crate::schema::Table;
use crate::schema::operation::Operation;

/// Renames first, then what may be in the way goes, then what is needed comes, and last whole tables go.
pub(super) fn in_order(changes: Changes) -> Vec<Operation> {
    let mut operations = changes.renames;
    operations.extend(changes.removals);
    operations.extend(create(changes.created));
    operations.extend(changes.columns);
    operations.extend(changes.additions);
    operations.extend(drop_all(changes.dropped));
    operations
}

/// Tables after those that they refer to; a key that closes a circle is added when all are there.
fn create(tables: BTreeMap<String, Table>) -> Vec<Operation> {
    let sorted = sorted(&tables);
    let mut creations = Vec::new();
    let mut keys = Vec::new();
    for (position, name) in sorted.iter().enumerate() {
        let Some(definition) = tables.get(name) else {
            continue;
        };
        let deferred = circular(definition, &sorted[position + 1..]);
        for columns in &deferred {
            if let Some(key) = definition.foreign_keys.get(columns) {
                let (table, columns, key) = (name.clone(), columns.clone(), key.clone());
                keys.push(Operation::AddForeignKey {
                    table,
                    columns,
                    key,
                    deferred: true,
                });
            }
        }
        creations.push(Operation::CreateTable {
            table: name.clone(),
            definition: definition.clone(),
            deferred,
        });
    }
    creations.extend(keys);
    creations
}

/// The way back of [`create`].
fn drop_all(tables: BTreeMap<String, Table>) -> Vec<Operation> {
    create(tables)
        .iter()
        .rev()
        .map(Operation::reversed)
        .collect()
}

/// The keys that refer to tables which come later.
fn circular(definition: &Table, later: &[String]) -> BTreeSet<Vec<String>> {
    let keys = definition
        .foreign_keys
        .iter()
        .filter(|(_, key)| later.contains(&key.table));
    keys.map(|(columns, _)| columns.clone()).collect()
}

/// The names, each after those that its table refers to, as far as there is no circle.
fn sorted(tables: &BTreeMap<String, Table>) -> Vec<String> {
    let mut sorted = Vec::new();
    let mut seen = BTreeSet::new();
    for name in tables.keys() {
        visit(name, tables, &mut seen, &mut sorted);
    }
    sorted
}

/// Depth first, with a stack of its own: a chain of models may be long.
fn visit<'t>(
    name: &'t String,
    tables: &'t BTreeMap<String, Table>,
    seen: &mut BTreeSet<&'t String>,
    sorted: &mut Vec<String>,
) {
    let mut stack = vec![(name, false)];
    while let Some((name, is_done)) = stack.pop() {
        if is_done {
            sorted.push(name.clone());
            continue;
        }
        let Some(table) = tables.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        stack.push((name, true));
        let targets = table.foreign_keys.values().map(|key| &key.table);
        let new: Vec<_> = targets
            .filter(|target| !seen.contains(target))
            .map(|target| (target, false))
            .collect();
        stack.extend(new.into_iter().rev());
    }
}
