//! One row for each table: every value is a one of its type, so that rows refer to each other.

use std::collections::BTreeSet;

use super::Database;
use super::models::UUID;
use crate::schema::{ColumnType, DefaultValue, Dialect, Schema, Table, sql};

/// The value that every column of `column_type` holds.
pub fn value(column_type: &ColumnType) -> DefaultValue {
    let text = |text: &str| DefaultValue::Text(text.to_owned());
    match column_type {
        ColumnType::Boolean => DefaultValue::Boolean(true),
        ColumnType::Uuid => text(UUID),
        ColumnType::Date => text("2026-01-01"),
        ColumnType::Time => text("12:00:00"),
        ColumnType::DateTime | ColumnType::Timestamp => text("2026-01-01 12:00:00"),
        ColumnType::TimestampWithTimeZone => text("2026-01-01 12:00:00+00:00"),
        number if number.is_integer() || number.is_fraction() => {
            DefaultValue::Number("1".to_owned())
        }
        _ => text("1"),
    }
}

/// Puts one row into each of `tables`, in any order: keys are not checked meanwhile.
pub fn insert(database: &mut Database, schema: &Schema, tables: &BTreeSet<String>) {
    let dialect = database.dialect();
    let mut script = match dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => "SET LOCAL session_replication_role = replica;".to_owned(),
    };
    for name in tables {
        let table = &schema.tables[name];
        let written = table
            .columns
            .iter()
            .filter(|(_, column)| column.generated.is_none());
        let columns: Vec<_> = written.clone().map(|(name, _)| sql::quote(name)).collect();
        let values: Vec<_> = written
            .map(|(_, column)| value(&column.column_type).sql(&column.column_type, dialect))
            .collect();
        script.push_str(&format!(
            "INSERT INTO {} ({}) VALUES ({});\n",
            sql::quote(name),
            columns.join(", "),
            values.join(", ")
        ));
    }
    database.run(&script).unwrap();
}

/// The values of `columns` in `table`, row by row, as text.
pub fn read(database: &mut Database, table: &str, columns: &[&str]) -> Vec<Option<String>> {
    let mut values = database.texts(&format!(
        "SELECT CAST(COUNT(*) AS text) FROM {}",
        sql::quote(table)
    ));
    for column in columns {
        let column = sql::quote(column);
        let text = match database.dialect() {
            Dialect::Sqlite => format!("quote({column})"),
            Dialect::Postgres => format!("CAST({column} AS text)"),
        };
        values.extend(database.texts(&format!("SELECT {text} FROM {}", sql::quote(table))));
    }
    values
}

/// The tables that can have a row in both schemas: those whose rows refer to rows that are there.
/// `old_name` tells what a table of `new` was called.
pub fn tables_with_rows(
    old: &Schema,
    new: &Schema,
    old_name: impl Fn(&str) -> String,
) -> BTreeSet<String> {
    let mut tables: BTreeSet<String> = old.tables.keys().cloned().collect();
    loop {
        let refers_to_nothing = |name: &String| {
            let missing = |table: Option<&Table>, is_new: bool| {
                table.is_some_and(|table| {
                    table.foreign_keys.values().any(|key| {
                        let target = if is_new {
                            old_name(&key.table)
                        } else {
                            key.table.clone()
                        };
                        !tables.contains(&target)
                    })
                })
            };
            let after = new
                .tables
                .iter()
                .find(|(table, _)| old_name(table) == *name);
            missing(old.tables.get(name), false) || missing(after.map(|(_, table)| table), true)
        };
        let gone: Vec<_> = tables
            .iter()
            .filter(|name| refers_to_nothing(name))
            .cloned()
            .collect();
        if gone.is_empty() {
            return tables;
        }
        tables.retain(|name| !gone.contains(name));
    }
}
