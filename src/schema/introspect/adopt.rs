//! A database that others made, in types and defaults that models have words for.
//!
//! SQLite takes any word for a type and only looks at its affinity, so `datetime` and
//! `decimal(8, 2)` are common there and mean what models mean by `DateTime` and `Decimal`.

use crate::schema::{Column, ColumnType, DefaultValue, Schema};

/// Replaces SQLite's free words for types by the types that both databases have.
pub fn adopt_sqlite(schema: &mut Schema) {
    for table in schema.tables.values_mut() {
        table.columns.values_mut().for_each(adopt);
    }
    widen_references(schema);
}

fn adopt(column: &mut Column) {
    if let ColumnType::Custom(declared) = &column.column_type {
        column.column_type = from_declared(declared);
    }
    // `DEFAULT 1` is how SQLite was told TRUE before it knew the word; PostgreSQL refuses it.
    if column.column_type == ColumnType::Boolean {
        column.default = column.default.take().map(|default| match default {
            DefaultValue::Number(digits) => DefaultValue::Boolean(digits != "0"),
            other => other,
        });
    }
}

fn from_declared(declared: &str) -> ColumnType {
    let lower = declared.to_ascii_lowercase();
    let (name, sizes) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim(), numbers(rest)),
        None => (lower.trim(), Vec::new()),
    };
    let has = |part: &str| name.contains(part);
    match name {
        "bool" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "time" => ColumnType::Time,
        "datetime" | "timestamp" => ColumnType::DateTime,
        "timestamptz" | "timestamp with time zone" => ColumnType::TimestampWithTimeZone,
        "json" => ColumnType::Json,
        "jsonb" => ColumnType::JsonBinary,
        "uuid" => ColumnType::Uuid,
        "" => ColumnType::Blob,
        // From here on SQLite's rules of affinity, in their order.
        _ if has("int") && has("big") => ColumnType::BigInteger,
        _ if has("int") => ColumnType::Integer,
        _ if has("char") => ColumnType::String(sizes.first().copied()),
        _ if has("text") || has("clob") => ColumnType::Text,
        _ if has("blob") => ColumnType::Blob,
        _ if has("real") || has("floa") || has("doub") => ColumnType::Double,
        _ if has("dec") || has("numeric") => match sizes.as_slice() {
            [precision, scale] => ColumnType::Decimal(Some((*precision, *scale))),
            [precision] => ColumnType::Decimal(Some((*precision, 0))),
            _ => ColumnType::Decimal(None),
        },
        _ => ColumnType::Text,
    }
}

fn numbers(sizes: &str) -> Vec<u32> {
    let sizes = sizes.trim_end_matches(')').split(',');
    sizes.filter_map(|size| size.trim().parse().ok()).collect()
}

/// A column that refers to a key is of the key's type: in SQLite `INTEGER` has 64 bits everywhere.
fn widen_references(schema: &mut Schema) {
    let is_wide = |table: &str, column: &str| {
        let column = schema
            .tables
            .get(table)
            .and_then(|table| table.columns.get(column));
        column.is_some_and(|column| column.column_type == ColumnType::BigInteger)
    };
    let mut wide = Vec::new();
    for (name, table) in &schema.tables {
        for (columns, key) in &table.foreign_keys {
            let pairs = columns.iter().zip(&key.columns);
            let referring = pairs.filter(|(_, target)| is_wide(&key.table, target));
            wide.extend(referring.map(|(column, _)| (name.clone(), column.clone())));
        }
    }
    for (table, column) in wide {
        let table = schema.tables.get_mut(&table);
        if let Some(column) = table.and_then(|table| table.columns.get_mut(&column))
            && column.column_type == ColumnType::Integer
        {
            column.column_type = ColumnType::BigInteger;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_types() {
        for (declared, expected) in [
            ("REAL", ColumnType::Double),
            ("DECIMAL(8, 2)", ColumnType::Decimal(Some((8, 2)))),
            ("NVARCHAR(40)", ColumnType::String(Some(40))),
            ("datetime", ColumnType::DateTime),
            ("INT8", ColumnType::Integer),
            ("UNSIGNED BIG INT", ColumnType::BigInteger),
            ("CLOB", ColumnType::Text),
            ("", ColumnType::Blob),
            ("whatever", ColumnType::Text),
        ] {
            assert_eq!(from_declared(declared), expected, "{declared}");
        }
    }
}
