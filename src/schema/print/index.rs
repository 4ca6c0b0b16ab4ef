//! Indexes as words of the fields that they are over.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::syntax::token;
use crate::schema::{Index, Table, names};

/// The words about indexes by field: those over the fields themselves, and those in SQL, which are at the
/// first field that they mention.
pub(super) fn words(table_name: &str, table: &Table) -> BTreeMap<String, Vec<String>> {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let by_fields = by_fields(table_name, table);
    for (name, index) in &table.indexes {
        if let Some((columns, word)) = by_fields.get(name) {
            for column in columns {
                words.entry(column.clone()).or_default().push(word.clone());
            }
        } else if let Some((column, word)) = in_sql(table_name, table, name, index) {
            words.entry(column).or_default().push(word);
        }
    }
    words
}

/// Returns whether models have words for the index `name` of `table`.
pub(super) fn is_said(table_name: &str, name: &str, index: &Index) -> bool {
    index.is_enforced_alike() && is_named(table_name, name, index)
}

/// The indexes that fields say together: their names and the order of their columns follow from the
/// fields, and no field is in two unique groups.
fn by_fields(table_name: &str, table: &Table) -> BTreeMap<String, (Vec<String>, String)> {
    let mut in_unique_group = BTreeSet::new();
    let mut said = BTreeMap::new();
    for (name, index) in &table.indexes {
        let Some(columns) = index.plain_columns() else {
            continue;
        };
        let places: Vec<_> = columns
            .iter()
            .map(|column| table.columns.get_index_of(column))
            .collect();
        let is_sorted = places.is_sorted() && !places.contains(&None);
        let is_free = !index.unique || columns.iter().all(|it| !in_unique_group.contains(it));
        if let Some(word) = single(table_name, name, &columns, index.unique) {
            said.insert(name.clone(), (columns, word));
        } else if let Some(group) = group(table_name, name, index).filter(|_| is_sorted && is_free)
        {
            let word = if index.unique {
                "unique_key"
            } else {
                "index_key"
            };
            if index.unique {
                in_unique_group.extend(columns.clone());
            }
            said.insert(name.clone(), (columns, format!("{word} = {group:?}")));
        }
    }
    said
}

/// The word for an index over one column that is called after it.
fn single(table_name: &str, name: &str, columns: &[String], unique: bool) -> Option<String> {
    let [column] = columns else { return None };
    let word = if unique { "unique" } else { "indexed" };
    (names::index(table_name, column, unique) == name).then(|| word.to_owned())
}

/// The field that says the index in SQL, and its word.
fn in_sql(table_name: &str, table: &Table, name: &str, index: &Index) -> Option<(String, String)> {
    if !is_said(table_name, name, index) {
        return None;
    }
    let mentioned = index.keys.iter().find_map(|key| {
        let mut columns = table.columns.keys();
        columns.find(|column| token::mentions(&key.0, column))
    });
    let column = mentioned.or_else(|| table.columns.keys().next())?;
    let word = if index.unique {
        "unique_index"
    } else {
        "index"
    };
    let text = if names::index(table_name, &index.label(), index.unique) == name {
        index.as_written()
    } else {
        format!(
            "{}: {}",
            group(table_name, name, index)?,
            index.as_written()
        )
    };
    Some((column.clone(), format!("{word} = {text:?}")))
}

fn is_named(table_name: &str, name: &str, index: &Index) -> bool {
    names::index(table_name, &index.label(), index.unique) == name
        || group(table_name, name, index).is_some()
}

/// The name of the group that the index `name` is called after.
fn group<'n>(table_name: &str, name: &'n str, index: &Index) -> Option<&'n str> {
    let end = if index.unique { "_key" } else { "_idx" };
    let rest = name.strip_prefix(table_name)?.strip_prefix('_')?;
    let group = rest.strip_suffix(end)?;
    (names::index(table_name, group, index.unique) == name).then_some(group)
}
