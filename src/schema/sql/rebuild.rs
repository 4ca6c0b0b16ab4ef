//! SQLite's way to alter a table: create the new one, copy the rows, drop the old one, rename.
//!
//! Dropping a table with foreign keys on deletes its rows first, and by ON DELETE CASCADE the rows
//! that refer to them. So such a script looks for itself whether they are off, whoever runs it, and
//! fails if a row is left that refers to nothing.

use std::collections::BTreeSet;

use super::table::{Creation, create};
use super::{Impossible, create_index, fit, quote, quote_all, warn};
use crate::schema::default_value::quoted;
use crate::schema::operation::{Fill, Operation};
use crate::schema::snapshot::Snapshot;
use crate::schema::{Column, DefaultValue, Dialect, Schema, Table};

/// The statements that turn `table` from `before` into what it is in `state`.
pub(super) fn statements(
    table: &str,
    operations: &[&Operation],
    before: &Table,
    state: &Snapshot,
) -> Result<Vec<String>, Impossible> {
    if let Some(words) = state.extras.unkept(table) {
        return Err(Impossible::Rebuild {
            table: table.to_owned(),
            words: words.to_vec(),
        });
    }
    let after = state.table(table);
    let new = free_name(table, &state.schema);
    let dependents = state.extras.dependents(table);
    let mut statements: Vec<String> = dependents
        .iter()
        .rev()
        .filter(|object| object.outlives(table))
        .map(|object| format!("DROP {} {};", object.kind.sql(), quote(&object.name)))
        .collect();
    statements.push(create(
        &Creation {
            name: &new,
            table,
            definition: &after,
            without: &BTreeSet::new(),
            extra: state.extras.checks(table),
        },
        Dialect::Sqlite,
    ));
    statements.push(copy(table, &new, operations, before, &after));
    for (name, column) in after
        .columns
        .iter()
        .filter(|(_, it)| it.generated.is_none())
    {
        if let Some(old) = before.columns.get(name) {
            let (from, to) = (&old.column_type, &column.column_type);
            statements.extend(fit::check((&new, table), name, from, to));
        }
    }
    statements.extend(keep_sequence(table, &new, before, &after));
    statements.push(format!("DROP TABLE {};", quote(table)));
    statements.push(format!(
        "ALTER TABLE {} RENAME TO {};",
        quote(&new),
        quote(table)
    ));
    statements.extend(
        after
            .indexes
            .iter()
            .filter_map(|(name, index)| create_index(table, name, index, Dialect::Sqlite)),
    );
    statements.extend(dependents.iter().map(|object| format!("{};", object.sql)));
    Ok(statements)
}

/// A name for the new table that no other has.
fn free_name(table: &str, schema: &Schema) -> String {
    let mut name = format!("_new_{table}");
    while schema
        .tables
        .keys()
        .any(|other| other.eq_ignore_ascii_case(&name))
    {
        name.insert(0, '_');
    }
    name
}

/// The statement that brings the rows over.
fn copy(
    table: &str,
    new: &str,
    operations: &[&Operation],
    before: &Table,
    after: &Table,
) -> String {
    let mut columns = Vec::new();
    let mut values = Vec::new();
    let is_written = |(_, column): &(&String, &Column)| column.generated.is_none();
    for (name, column) in after.columns.iter().filter(is_written) {
        let fill = operations.iter().find_map(|operation| match operation {
            Operation::AddColumn { name: it, fill, .. }
            | Operation::AlterColumn { name: it, fill, .. }
                if it == name =>
            {
                fill.as_ref()
            }
            _ => None,
        });
        let fill = fill.map(|fill: &Fill| fill.sql(&column.column_type, Dialect::Sqlite));
        let old = before.columns.get(name);
        let old = old.map(|old| fit::converted(name, &old.column_type, &column.column_type));
        let value = match (old, fill) {
            (Some(old), None) => old,
            (Some(old), Some(fill)) => format!("COALESCE({old}, {fill})"),
            (None, Some(fill)) => fill,
            // The database gives it a number.
            (None, None) if column.auto_increment => "NULL".to_owned(),
            // SQLite does not know the default: rows that are there get a value that says nothing.
            (None, None) if !column.nullable && has_foreign_default(column) => {
                DefaultValue::neutral(&column.column_type).sql(&column.column_type, Dialect::Sqlite)
            }
            // It gets its default, or NULL.
            (None, None) => continue,
        };
        columns.push(name.clone());
        values.push(value);
    }
    if let (true, Some((name, column))) = (columns.is_empty(), after.columns.first()) {
        let default = column.default.as_ref();
        let sql = default.map(|default| default.sql(&column.column_type, Dialect::Sqlite));
        columns.push(name.clone());
        values.push(sql.unwrap_or_else(|| "NULL".to_owned()));
    }
    let copy = format!(
        "INSERT INTO {} ({})\nSELECT {}\nFROM {};",
        quote(new),
        quote_all(&columns),
        values.join(", "),
        quote(table)
    );
    // The warnings of all operations, then the one statement that they are about.
    operations
        .iter()
        .rev()
        .fold(copy, |statement, operation| warn(operation, statement))
}

/// Returns whether the default is known only to PostgreSQL.
fn has_foreign_default(column: &Column) -> bool {
    let default = column.default.as_ref();
    default.is_some_and(|default| !default.is_known_to(Dialect::Sqlite))
}

/// Numbers that were given to rows that are gone are not given again.
fn keep_sequence(table: &str, new: &str, before: &Table, after: &Table) -> Vec<String> {
    let counts = |table: &Table| table.columns.values().any(|column| column.auto_increment);
    if !counts(before) || !counts(after) {
        return Vec::new();
    }
    vec![
        format!("DELETE FROM sqlite_sequence WHERE name = {};", quoted(new)),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {}, seq FROM sqlite_sequence WHERE name = {};",
            quoted(new),
            quoted(table)
        ),
    ]
}

/// Puts the two checks around `statements` if any table is rebuilt by them.
pub(super) fn guarded(
    statements: Vec<String>,
    rebuilt: &BTreeSet<String>,
    schema: &Schema,
) -> Vec<String> {
    if rebuilt.is_empty() {
        return statements;
    }
    let mut guarded = vec![
        "-- This rebuilds tables. With foreign keys on, dropping the old ones would delete the rows\n\
         -- that refer to them, so it then refuses to run.\n\
         CREATE TEMP TABLE \"_guard\" (\n    \
         \"on\" integer CONSTRAINT \"PRAGMA foreign_keys must be OFF to run this migration\" CHECK (\"on\" = 0)\n\
         );"
        .to_owned(),
        "INSERT INTO \"_guard\" SELECT foreign_keys FROM pragma_foreign_keys;".to_owned(),
        "DROP TABLE \"_guard\";".to_owned(),
    ];
    guarded.extend(statements);
    guarded.push(
        "-- No row may be left that refers to a row that is not there.\n\
         CREATE TEMP TABLE \"_violations\" (\n    \
         \"row\" integer CONSTRAINT \"a row refers to a row that is not there, see PRAGMA foreign_key_check\" CHECK (FALSE)\n\
         );"
        .to_owned(),
    );
    for (table, definition) in &schema.tables {
        let mut targets = definition.foreign_keys.values().map(|key| &key.table);
        let has_keys = !definition.foreign_keys.is_empty();
        if (has_keys && rebuilt.contains(table)) || targets.any(|target| rebuilt.contains(target)) {
            guarded.push(format!(
                "INSERT INTO \"_violations\" SELECT 0 FROM pragma_foreign_key_check({});",
                quoted(table)
            ));
        }
    }
    guarded.push("DROP TABLE \"_violations\";".to_owned());
    guarded
}
