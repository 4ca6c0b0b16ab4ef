//! A database of PostgreSQL that others made: its indexes and constraints under the names that
//! migrations know, and the statements that give it these names.

use anyhow::{Context, Result};
use sqlx::postgres::PgConnection;

use super::adopt::{name_check, name_index};
use super::portable::portable;
use super::{Object, ObjectKind, Snapshot, postgres};
use crate::schema::default_value::quoted;
use crate::schema::sql::quote;
use crate::schema::{Condition, DefaultValue, Index, Schema, Table, names, print};

const CONSTRAINTS: &str = "
    SELECT t.relname::text, k.conname::text, k.contype::text,
        ARRAY(SELECT a.attname::text
            FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
            ORDER BY u.place),
        pg_get_expr(k.conbin, k.conrelid)
    FROM pg_constraint AS k
    JOIN pg_class AS t ON t.oid = k.conrelid
    WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND k.contype IN ('p', 'u', 'f', 'c')
        AND t.relname <> '_sqlx_migrations'
        AND t.relnamespace = current_schema()::regnamespace
    ORDER BY t.relname, k.contype DESC, k.conname";

/// Indexes that are no constraint's; whether each is only over columns, in their usual order.
const INDEXES: &str = "
    SELECT t.relname::text, i.relname::text, x.indisunique,
        m.amname = 'btree' AND x.indpred IS NULL AND x.indexprs IS NULL
            AND x.indnatts = x.indnkeyatts
            AND NOT EXISTS (SELECT FROM unnest(x.indoption::smallint[]) AS o WHERE o <> 0)
            AND NOT EXISTS (SELECT FROM unnest(x.indclass::oid[]) AS c
                JOIN pg_opclass AS o ON o.oid = c WHERE NOT o.opcdefault),
        ARRAY(SELECT a.attname::text
            FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum
            ORDER BY k.place),
        pg_get_indexdef(i.oid)
    FROM pg_index AS x
    JOIN pg_class AS t ON t.oid = x.indrelid
    JOIN pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_am AS m ON m.oid = i.relam
    WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition
        AND t.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.oid)
    ORDER BY t.relname, i.relname";

/// Tables with columns that models have no words for.
const GENERATED: &str = "
    SELECT DISTINCT c.relname::text
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace";

type ConstraintRow = (String, String, String, Vec<String>, Option<String>);
type IndexRow = (String, String, bool, bool, Vec<String>, String);

/// Reads the database as models can say it, and the statements after which it is so.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn read(connection: &mut PgConnection) -> Result<(Snapshot, Vec<String>)> {
    let mut schema = postgres::read(connection).await?;
    let failed = "could not read the names of the PostgreSQL database";
    let constraints: Vec<ConstraintRow> = sqlx::query_as(CONSTRAINTS)
        .fetch_all(&mut *connection)
        .await
        .context(failed)?;
    let indexes: Vec<IndexRow> = sqlx::query_as(INDEXES)
        .fetch_all(&mut *connection)
        .await
        .context(failed)?;
    let generated: Vec<String> = sqlx::query_scalar(GENERATED)
        .fetch_all(&mut *connection)
        .await
        .context(failed)?;
    let mut statements = count_by_identity(&mut schema);
    for row in constraints {
        statements.extend(constraint(&mut schema, row));
    }
    let mut snapshot = Snapshot {
        schema,
        ..Snapshot::default()
    };
    for table in generated {
        let words = vec!["GENERATED".to_owned()];
        snapshot.extras.unkept.insert(table, words);
    }
    for row in indexes {
        statements.extend(index(&mut snapshot, row));
    }
    Ok((snapshot, statements))
}

/// What `serial` made is an identity since PostgreSQL 10.
fn count_by_identity(schema: &mut Schema) -> Vec<String> {
    let mut statements = Vec::new();
    for (name, table) in &mut schema.tables {
        let [key] = table.primary_key.as_slice() else {
            continue;
        };
        let Some(column) = table.columns.get_mut(key) else {
            continue;
        };
        let Some(sequence) = column
            .default
            .as_ref()
            .and_then(sequence)
            .map(str::to_owned)
        else {
            continue;
        };
        column.default = None;
        column.auto_increment = true;
        let (name, key) = (quote(name), quote(key));
        let alter = format!("ALTER TABLE {name} ALTER COLUMN {key}");
        statements.extend([
            format!("{alter} DROP DEFAULT;"),
            format!("DROP SEQUENCE {sequence};"),
            format!("{alter} ADD GENERATED BY DEFAULT AS IDENTITY;"),
            format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), COALESCE(MAX({key}), 0) + 1, FALSE) FROM {name};",
                quoted(&name),
                quoted(key.trim_matches('"'))
            ),
        ]);
    }
    statements
}

/// The sequence of `nextval('task_id_seq'::regclass)`.
fn sequence(default: &DefaultValue) -> Option<&str> {
    match default {
        DefaultValue::Expression(sql) => {
            let inner = sql.strip_prefix("nextval('")?;
            Some(inner.split_once('\'')?.0)
        }
        _ => None,
    }
}

fn constraint(schema: &mut Schema, row: ConstraintRow) -> Vec<String> {
    let (table_name, name, kind, columns, condition) = row;
    let refers = |table: &Table| {
        let mut keys = table.foreign_keys.values();
        keys.any(|key| key.table == table_name && key.columns == columns)
    };
    let is_referred_to = schema.tables.values().any(refers);
    let Some(table) = schema.tables.get_mut(&table_name) else {
        return Vec::new();
    };
    let rename = |to: &str| {
        let (table, from, to_name) = (quote(&table_name), quote(&name), quote(to));
        let rename = format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to_name};");
        (name != to).then_some(rename).into_iter().collect()
    };
    match (kind.as_str(), condition) {
        ("p", _) => rename(&names::primary_key(&table_name)),
        ("f", _) => rename(&names::foreign_key(&table_name, &columns)),
        ("u", _) => {
            let index = Index {
                columns,
                unique: true,
            };
            let Some(to) = said_name(&table_name, table, &name, &index) else {
                return Vec::new();
            };
            if is_referred_to {
                return rename(&to);
            }
            let columns: Vec<_> = index.columns.iter().map(|column| quote(column)).collect();
            let (table, from, to) = (quote(&table_name), quote(&name), quote(&to));
            vec![
                format!("ALTER TABLE {table} DROP CONSTRAINT {from};"),
                format!(
                    "CREATE UNIQUE INDEX {to} ON {table} ({});",
                    columns.join(", ")
                ),
            ]
        }
        (_, Some(condition)) => {
            table.checks.remove(&name);
            let to = portable(&condition, table);
            let to = to.map(|(sql, column)| (Condition(sql), column.to_owned()));
            let to = to.and_then(|(sql, column)| name_check(&table_name, table, &column, sql));
            to.map(|to| rename(&to)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The name that models give to the index `name`: its own one, if they can say that.
fn said_name(table_name: &str, table: &mut Table, name: &str, index: &Index) -> Option<String> {
    if table.indexes.get(name) == Some(index) && print::says_index(table_name, table, name) {
        return Some(name.to_owned());
    }
    table.indexes.remove(name);
    name_index(table_name, table, index)
}

fn index(snapshot: &mut Snapshot, row: IndexRow) -> Option<String> {
    let (table_name, name, unique, is_plain, columns, sql) = row;
    let table = snapshot.schema.tables.get_mut(&table_name)?;
    let index = Index { columns, unique };
    let to = match is_plain {
        true => said_name(&table_name, table, &name, &index),
        false => {
            table.indexes.remove(&name);
            None
        }
    };
    match to {
        Some(to) if to == name => None,
        Some(to) => {
            let rename = format!("ALTER INDEX {} RENAME TO {};", quote(&name), quote(&to));
            Some(rename)
        }
        None => {
            snapshot.extras.objects.push(Object {
                kind: ObjectKind::Index,
                name,
                table: table_name,
                sql,
            });
            None
        }
    }
}
