//! Indexes as words of the fields that they are over.

use std::collections::BTreeSet;

use crate::schema::{Index, Table, names};

/// The indexes that models have words for: their names and the order of their columns follow from
/// the fields, and no field is in two unique groups.
pub(super) fn said<'t>(table_name: &str, table: &'t Table) -> Vec<(&'t String, &'t Index)> {
    let mut in_unique_group = BTreeSet::new();
    let mut said = Vec::new();
    for (name, index) in &table.indexes {
        let is_single = is_single(table_name, name, index);
        let places: Vec<_> = index
            .columns
            .iter()
            .map(|column| table.columns.get_index_of(column))
            .collect();
        let is_free = !index.unique || index.columns.iter().all(|it| !in_unique_group.contains(it));
        let is_group = group(table_name, name, index).is_some() && places.is_sorted() && is_free;
        if !is_single && !is_group || places.contains(&None) {
            continue;
        }
        if index.unique && !is_single {
            in_unique_group.extend(&index.columns);
        }
        said.push((name, index));
    }
    said
}

/// The word that each field of the index has.
pub(super) fn word(table_name: &str, name: &str, index: &Index) -> String {
    let group = group(table_name, name, index).unwrap_or_default();
    match (is_single(table_name, name, index), index.unique) {
        (true, true) => "unique".to_owned(),
        (true, false) => "indexed".to_owned(),
        (false, true) => format!("unique_key = {group:?}"),
        (false, false) => format!("index_key = {group:?}"),
    }
}

fn is_single(table_name: &str, name: &str, index: &Index) -> bool {
    match index.columns.as_slice() {
        [column] => names::index(table_name, column, index.unique) == name,
        _ => false,
    }
}

/// The name of the group that the index `name` is called after.
fn group<'n>(table_name: &str, name: &'n str, index: &Index) -> Option<&'n str> {
    let end = if index.unique { "_key" } else { "_idx" };
    let rest = name.strip_prefix(table_name)?.strip_prefix('_')?;
    let group = rest.strip_suffix(end)?;
    (names::index(table_name, group, index.unique) == name).then_some(group)
}
