//! A database that others made, in types and defaults that models have words for.
//!
//! SQLite takes any word for a type and only looks at its affinity, so `datetime` and
//! `decimal(8, 2)` are common there and mean what models mean by `DateTime` and `Decimal`.

use super::adopt_default::adopt_default;
use super::arrange::arrange;
use super::portable::common_words;
use crate::schema::index::Key;
use crate::schema::print;
use crate::schema::snapshot::{ObjectKind, Snapshot};
use crate::schema::sql::{create_index, quote, token};
use crate::schema::{Action, Column, ColumnType, Condition, Dialect, Index, Schema, Table, names};

/// Replaces SQLite's free words for types by the types that both databases have, and names indexes
/// and conditions as models do. The statements after which the database has these names: a condition
/// needs none, its table is made again when it changes.
pub fn adopt_sqlite(snapshot: &mut Snapshot) -> Vec<String> {
    for (name, table) in &mut snapshot.schema.tables {
        for (column, definition) in &mut table.columns {
            let is_mixed = matches!(&definition.column_type, ColumnType::Custom(_));
            adopt(definition);
            // A word with `real`, `floa` or `doub` in it makes a fraction of every number.
            if is_mixed && matches!(definition.column_type, ColumnType::Decimal(_)) {
                snapshot
                    .extras
                    .hints
                    .mixed
                    .insert((name.clone(), column.clone()));
            }
            let told = adopt_default(name, column, definition);
            snapshot
                .extras
                .untold
                .extend(told.map(|told| (name.clone(), told)));
        }
    }
    widen_references(&mut snapshot.schema);
    for (name, table) in &mut snapshot.schema.tables {
        for written in snapshot.extras.checks.remove(name).unwrap_or_default() {
            // Its name may have the word in it.
            let tokens = token::tokens(&written);
            let check = tokens.iter().find(|token| token.is("CHECK"));
            let at = check.map_or(0, |token| token.start);
            let condition = token::check(&written[at..]).unwrap_or(&written);
            if adopt_condition(name, table, condition).is_none() {
                let told = format!(
                    "{name}: models have no field left to say {written}; it stays as it is"
                );
                snapshot.extras.untold.push((name.clone(), told));
            }
        }
    }
    let statements = adopt_indexes(snapshot);
    for (name, table) in &mut snapshot.schema.tables {
        give_key(table);
        arrange(table);
        leave_out(name, table, &mut snapshot.extras.untold);
    }
    statements
}

/// Says `condition` with the first column that it mentions and that has none yet; the name that it
/// has then.
pub(super) fn adopt_condition(name: &str, table: &mut Table, condition: &str) -> Option<String> {
    let said = common_words(condition, table);
    let columns = token::tokens(&said);
    let columns = columns.iter().filter_map(token::Token::identifier);
    let mut columns = columns.filter_map(|it| Some(table.columns.get_key_value(&it)?.0.clone()));
    let column = columns.find(|it| !table.checks.contains_key(&names::check(name, it)))?;
    name_check(name, table, &column, Condition(said))
}

/// Says how columns are computed in words that both databases have. A column for which there are no such
/// words gets no field, and what is about it has no place in the models either.
fn adopt_computed(name: &str, table: &mut Table, untold: &mut Vec<(String, String)>) {
    let whole = table.clone();
    let mut gone = Vec::new();
    table.columns.retain(|column, definition| {
        let is_enum = matches!(definition.column_type, ColumnType::Enum { .. });
        let Some(generated) = &mut definition.generated else {
            return true;
        };
        generated.expression = common_words(&generated.expression, &whole);
        let is_said = generated.is_portable() && !is_enum;
        if !is_said {
            let told = format!(
                "{name}.{column} is computed as {}, which models cannot say for both databases; it has no \
                 field, and stays as it is",
                generated.expression
            );
            untold.push((name.to_owned(), told));
            gone.push(column.clone());
        }
        is_said
    });
    let mut tell = |what: String| {
        let told = format!("{name}: {what} is about a column without a field; it stays as it is");
        untold.push((name.to_owned(), told));
    };
    table.indexes.retain(|_, index| {
        let is_about = gone.iter().any(|column| index.mentions(column));
        if is_about {
            tell(format!("the index {}", index.as_written()));
        }
        !is_about
    });
    table.checks.retain(|_, check| {
        let is_about = gone.iter().any(|column| check.mentions(column));
        if is_about {
            tell(format!("the condition {check}"));
        }
        !is_about
    });
    table.foreign_keys.retain(|columns, _| {
        let is_about = gone.iter().any(|column| columns.contains(column));
        if is_about {
            tell(format!("the foreign key ({})", columns.join(", ")));
        }
        !is_about
    });
}

/// A table without a primary key has one all the same, if some columns are unique and never empty.
pub(super) fn give_key(table: &mut Table) -> Option<(String, Vec<String>)> {
    if !table.primary_key.is_empty() {
        return None;
    }
    let is_full = |column: &String| table.columns.get(column).is_some_and(|it| !it.nullable);
    let mut indexes = table.indexes.iter().filter(|(_, index)| index.unique);
    let (index, columns) = indexes.find_map(|(name, index)| {
        let columns = index.plain_columns()?;
        columns.iter().all(is_full).then(|| (name.clone(), columns))
    })?;
    table.indexes.remove(&index);
    table.primary_key.clone_from(&columns);
    Some((index, columns))
}

/// Leaves out of `table` what models have no words for, and notes it.
pub(super) fn leave_out(name: &str, table: &mut Table, untold: &mut Vec<(String, String)>) {
    adopt_computed(name, table, untold);
    untold_indexes(name, table, untold);
    untold_actions(name, table, untold);
}

/// Notes the foreign keys that would empty a column that may not be empty: models refuse them.
fn untold_actions(name: &str, table: &mut Table, untold: &mut Vec<(String, String)>) {
    for (columns, key) in &mut table.foreign_keys {
        let is_full = |it: &String| table.columns.get(it).is_some_and(|it| !it.nullable);
        for action in [&mut key.on_delete, &mut key.on_update] {
            if *action == Action::SetNull && columns.iter().any(is_full) {
                *action = Action::NoAction;
                let columns = columns.join(", ");
                let told = format!(
                    "{name}: SET NULL on ({columns}), which may not be empty, can never happen; models say nothing of it"
                );
                untold.push((name.to_owned(), told));
            }
        }
    }
}

/// Notes the indexes that models have no words for.
fn untold_indexes(name: &str, table: &mut Table, untold: &mut Vec<(String, String)>) {
    table.indexes.retain(|index_name, index| {
        let is_said = print::says_index(name, index_name, index);
        if !is_said {
            let kind = if index.unique { "UNIQUE " } else { "index " };
            let over = index.as_written();
            let told = format!("{name}: models have no words for {kind}{over}; it stays as it is");
            untold.push((name.to_owned(), told));
        }
        is_said
    });
}

/// Names the indexes that are over columns first, so that theirs are the short names.
fn adopt_indexes(snapshot: &mut Snapshot) -> Vec<String> {
    let mut statements = name_indexes(snapshot, |index| index.plain_columns().is_some());
    statements.extend(name_indexes(snapshot, |_| true));
    statements
}

fn name_indexes(snapshot: &mut Snapshot, is_wanted: fn(&Index) -> bool) -> Vec<String> {
    let mut statements = Vec::new();
    let tables = &mut snapshot.schema.tables;
    snapshot.extras.objects.retain(|object| {
        let table = tables.get_mut(&object.table);
        let (ObjectKind::Index, Some(table)) = (object.kind, table) else {
            return true;
        };
        // One with a function of somebody's own would become one over no rows.
        let is_known = |index: &Index| index.is_known_to(Dialect::Sqlite);
        let index = Index::from_statement(&object.sql).filter(is_known);
        let index = index.filter(is_wanted);
        let named = index.and_then(|index| {
            let index = with_common_words(index, table);
            let name = name_index(&object.table, table, &index)?;
            Some((name, index))
        });
        let Some((name, index)) = named else {
            return true;
        };
        statements.push(format!("DROP INDEX {};", quote(&object.name)));
        statements.extend(create_index(&object.table, &name, &index, Dialect::Sqlite));
        false
    });
    statements
}

/// Says an index in words that both databases have, as far as there are such words.
pub(super) fn with_common_words(mut index: Index, table: &Table) -> Index {
    for key in &mut index.keys {
        if key.leading_column().is_none() {
            *key = Key::of_expression(&common_words(&key.0, table));
        }
    }
    if let Some(condition) = &mut index.condition {
        condition.0 = common_words(&condition.0, table);
    }
    index
}

/// Adds `index` to `table` under the name that models give it, if they have words for it and it is not
/// there already.
pub(super) fn name_index(table_name: &str, table: &mut Table, index: &Index) -> Option<String> {
    let label = index.label();
    let numbered = (2..).map(|number| format!("{label}_{number}"));
    let labels = std::iter::once(label.clone()).chain(numbered);
    let mut names = labels.map(|label| names::index(table_name, &label, index.unique));
    let name = names.find(|name| !table.indexes.contains_key(name))?;
    let is_there = table.indexes.values().any(|other| other == index);
    let is_said = !is_there && print::says_index(table_name, &name, index);
    if is_said {
        table.indexes.insert(name.clone(), index.clone());
        arrange(table);
    }
    is_said.then_some(name)
}

/// Adds the condition on `column` to `table` under the name that models give it, if it is the first.
pub(super) fn name_check(
    table_name: &str,
    table: &mut Table,
    column: &str,
    condition: Condition,
) -> Option<String> {
    let name = names::check(table_name, column);
    if table.checks.contains_key(&name) {
        None
    } else {
        table.checks.insert(name.clone(), condition);
        Some(name)
    }
}

fn adopt(column: &mut Column) {
    if let ColumnType::Custom(declared) = &column.column_type {
        column.column_type = from_declared(declared).unwrap_or(ColumnType::Text);
    }
}

/// The type that a word of SQLite's means; nothing, if it only says that the column likes numbers, as
/// SQLite does of every word that it does not know.
pub(super) fn from_declared(declared: &str) -> Option<ColumnType> {
    let lower = declared.to_ascii_lowercase();
    let (name, sizes) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim(), numbers(rest)),
        None => (lower.trim(), Vec::new()),
    };
    let has = |part: &str| name.contains(part);
    Some(match name {
        "bool" => ColumnType::Boolean,
        "year" | "bit" => ColumnType::Integer,
        "date" => ColumnType::Date,
        "time" => ColumnType::Time,
        "datetime" | "timestamp" => ColumnType::DateTime,
        "timestamptz" | "timestamp with time zone" => ColumnType::TimestampWithTimeZone,
        "json" => ColumnType::Json,
        "jsonb" => ColumnType::JsonBinary,
        "uuid" => ColumnType::Uuid,
        // From here on SQLite's rules of affinity, in their order.
        _ if has("int") && has("big") => ColumnType::BigInteger,
        _ if has("int") => ColumnType::Integer,
        _ if has("char") => ColumnType::String(sizes.first().copied()),
        _ if has("text") || has("clob") => ColumnType::Text,
        _ if has("blob") => ColumnType::Blob,
        _ if has("binary") => match sizes.first() {
            Some(size) => ColumnType::VarBinary(Some(*size)),
            None => ColumnType::Blob,
        },
        _ if has("real") || has("floa") || has("doub") => ColumnType::Double,
        _ if has("dec") || has("numeric") => match sizes.as_slice() {
            [precision, scale] => ColumnType::Decimal(Some((*precision, *scale))),
            [precision] => ColumnType::Decimal(Some((*precision, 0))),
            _ => ColumnType::Decimal(None),
        },
        _ => return None,
    })
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
            ("YEAR", ColumnType::Integer),
            ("VARBINARY(16)", ColumnType::VarBinary(Some(16))),
        ] {
            assert_eq!(from_declared(declared), Some(expected), "{declared}");
        }
        for number in ["whatever", "STRING", "MONEY", ""] {
            assert_eq!(from_declared(number), None);
        }
    }
}
