//! Foreign keys whose other end changes.
//!
//! PostgreSQL ties a foreign key to the primary key or the unique index that it refers to, and to
//! the types of both ends. Where one of those changes, the key is taken away before and put back
//! afterwards. SQLite reads the key again each time and needs none of that.

use std::collections::BTreeSet;

use super::Changes;
use super::constraints::{add_key, drop_key};
use crate::schema::{ForeignKey, Index, Schema, Table};

/// Takes away and puts back the keys of tables that stay.
pub(super) fn put_back(old: &Schema, new: &Schema, changes: &mut Changes) {
    for (name, before) in &old.tables {
        let Some(after) = new.tables.get(name) else {
            continue;
        };
        for (columns, key) in &before.foreign_keys {
            let stays = after.foreign_keys.get(columns) == Some(key);
            let own_end_changes = columns.iter().any(|it| is_retyped(before, after, it));
            if stays && (own_end_changes || !is_settled(key, old, new)) {
                changes.old_keys.push(drop_key(name, columns, key, true));
                changes.new_keys.push(add_key(name, columns, key, true));
            }
        }
    }
}

/// The keys of `table` that cannot be a part of CREATE TABLE, or of DROP TABLE.
pub(super) fn unsettled(table: &Table, old: &Schema, new: &Schema) -> BTreeSet<Vec<String>> {
    let keys = table.foreign_keys.iter();
    keys.filter(|(_, key)| !is_settled(key, old, new))
        .map(|(columns, _)| columns.clone())
        .collect()
}

/// Returns whether what `key` refers to is the same before and after; a table that comes or goes as a whole
/// is a matter of order.
fn is_settled(key: &ForeignKey, old: &Schema, new: &Schema) -> bool {
    let (Some(before), Some(after)) = (old.tables.get(&key.table), new.tables.get(&key.table))
    else {
        return true;
    };
    let unique = |table: &Table| -> Vec<Index> {
        let covers = |index: &&Index| index.is_unique_over(&key.columns);
        table.indexes.values().filter(covers).cloned().collect()
    };
    before.primary_key == after.primary_key
        && unique(before) == unique(after)
        && !key.columns.iter().any(|it| is_retyped(before, after, it))
}

fn is_retyped(before: &Table, after: &Table, column: &str) -> bool {
    match (before.columns.get(column), after.columns.get(column)) {
        (Some(before), Some(after)) => before.column_type.differs_on_postgres(&after.column_type),
        _ => true,
    }
}
