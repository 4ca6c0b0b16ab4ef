//! The order in which changes always apply.

use std::collections::{BTreeMap, BTreeSet};

use super::constraints::add_key;
use super::renames::in_turn;
use super::{Changes, settled};
use crate::schema::operation::{Operation, reversed};
use crate::schema::{Schema, Table};

/// Renames of tables and columns first, then what may be in the way goes, then what is needed comes, and last whole tables go.
pub(super) fn in_order(changes: Changes, new: &Schema) -> Vec<Operation> {
    let created = creations(&changes.created, &changes.old, new);
    let dropped = creations(&changes.dropped, &changes.old, new);
    let (indexes, mut operations): (Vec<_>, Vec<_>) = changes
        .renames
        .into_iter()
        .partition(|it| matches!(it, Operation::RenameIndex { .. }));
    operations.extend(reversed(&dropped.keys));
    operations.extend(changes.old_keys);
    operations.extend(changes.removals);
    operations.extend(renamed_in_turn(indexes));
    operations.extend(created.tables);
    operations.extend(changes.columns);
    operations.extend(changes.additions);
    operations.extend(changes.new_keys);
    operations.extend(created.keys);
    operations.extend(reversed(&dropped.tables));
    operations
}

/// The renames of indexes, each when its name is free: names of indexes are those of the whole database, so two tables that
/// swap their names swap those of their indexes, too.
fn renamed_in_turn(operations: Vec<Operation>) -> Vec<Operation> {
    let mut renames = BTreeMap::new();
    let mut indexes = BTreeMap::new();
    for operation in operations {
        if let Operation::RenameIndex {
            table,
            from,
            to,
            index,
        } = operation
        {
            indexes.insert(from.clone(), (table, index));
            renames.insert(from, to);
        }
    }
    let mut operations = Vec::new();
    for (from, to) in in_turn(renames) {
        let Some((table, index)) = indexes.remove(&from) else {
            continue;
        };
        indexes.insert(to.clone(), (table.clone(), index.clone()));
        operations.push(Operation::RenameIndex {
            table,
            from,
            to,
            index,
        });
    }
    operations
}

/// The operations that make tables; reversed, they drop them.
#[derive(Default)]
struct Creations {
    tables: Vec<Operation>,
    /// Foreign keys that PostgreSQL adds when everything else is there.
    keys: Vec<Operation>,
}

/// Tables after those that they refer to; a key that closes a circle, or whose other end changes, is
/// added when all are there.
fn creations(tables: &BTreeMap<String, Table>, old: &Schema, new: &Schema) -> Creations {
    let sorted = sorted(tables);
    let mut creations = Creations::default();
    for (position, name) in sorted.iter().enumerate() {
        let Some(definition) = tables.get(name) else {
            continue;
        };
        let mut deferred = circular(definition, &sorted[position + 1..]);
        deferred.extend(settled::unsettled(definition, old, new));
        for columns in &deferred {
            let key = definition.foreign_keys.get(columns);
            let added = key.map(|key| add_key(name, columns, key, true));
            creations.keys.extend(added);
        }
        creations.tables.push(Operation::CreateTable {
            table: name.clone(),
            definition: definition.clone(),
            deferred,
        });
    }
    creations
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
