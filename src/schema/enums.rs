//! The lists of values that columns of one enum have, and which of them PostgreSQL has as types.
//!
//! A type that is given more values has them for all its columns at once. So while the models go
//! from the shorter list to the longer one, column by column, the longer one is the type.

use std::collections::BTreeMap;

use super::{ColumnType, Schema};

/// The types of PostgreSQL behind each enum: two, while columns go from one list to another that
/// lacks some of its values.
pub type Lists = BTreeMap<String, Vec<Vec<String>>>;

/// The types behind the enums of `schema`.
pub fn types(schema: &Schema) -> Lists {
    let mut all = Lists::new();
    let tables = schema.tables.values();
    for column in tables.flat_map(|table| table.columns.values()) {
        if let ColumnType::Enum { name, values } = &column.column_type {
            add(all.entry(name.clone()).or_default(), values);
        }
    }
    all
}

fn add(lists: &mut Vec<Vec<String>>, values: &[String]) {
    if lists.iter().any(|list| holds(list, values)) {
        return;
    }
    lists.retain(|list| !holds(values, list));
    lists.push(values.to_vec());
    lists.sort();
}

/// Returns whether `long` has all of `short` in the same order.
pub fn holds(long: &[String], short: &[String]) -> bool {
    let mut long = long.iter();
    short.iter().all(|value| long.any(|other| other == value))
}

/// The type of a column with `values`, among those of its enum.
pub fn type_of<'l>(lists: &'l Lists, name: &str, values: &[String]) -> Option<&'l Vec<String>> {
    lists.get(name)?.iter().find(|list| holds(list, values))
}

/// Gives each column the values that its type has on PostgreSQL.
pub fn as_types(schema: &mut Schema) {
    let lists = types(schema);
    let tables = schema.tables.values_mut();
    for column in tables.flat_map(|table| table.columns.values_mut()) {
        if let ColumnType::Enum { name, values } = &mut column.column_type
            && let Some(list) = type_of(&lists, name, values)
        {
            values.clone_from(list);
        }
    }
}
