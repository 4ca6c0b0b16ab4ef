//! A database of PostgreSQL that others made: its indexes and constraints under the names that
//! migrations know, and the statements that give it these names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use sqlx::postgres::PgConnection;

use super::adopt::{adopt_condition, give_key, leave_out, name_index, with_common_words};
use super::adopt_default::adopt_default;
use super::arrange::arrange;
use super::{postgres, untold};
use crate::schema::default_value::quoted;
use crate::schema::snapshot::{Object, ObjectKind, Snapshot};
use crate::schema::sql::{create_index, quote};
use crate::schema::{ColumnType, DefaultValue, Dialect, Index, Schema, Table, names, print};

const CONSTRAINTS: &str = "
    SELECT t.relname::text, k.conname::text, k.contype::text,
        ARRAY(SELECT a.attname::text
            FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
            ORDER BY u.place),
        pg_get_expr(k.conbin, k.conrelid)
    FROM pg_constraint AS k
    JOIN pg_class AS t ON t.oid = k.conrelid
    WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND k.contype IN ('p', 'u', 'f', 'c', 'x')
        AND t.relname <> '_sqlx_migrations'
        AND t.relnamespace = current_schema()::regnamespace
    ORDER BY t.relname, k.contype DESC, k.conname";

/// Indexes that do not belong to constraints.
const INDEXES: &str = "
    SELECT t.relname::text, i.relname::text, pg_get_indexdef(i.oid)
    FROM pg_index AS x
    JOIN pg_class AS t ON t.oid = x.indrelid
    JOIN pg_class AS i ON i.oid = x.indexrelid
    WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition
        AND t.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.oid)
    ORDER BY t.relname, i.relname";

/// Domains, and what they are made of.
const DOMAINS: &str = "
    SELECT format_type(t.oid, NULL), format_type(t.typbasetype, t.typtypmod)
    FROM pg_type AS t WHERE t.typtype = 'd'";

type ConstraintRow = (String, String, String, Vec<String>, Option<String>);
type IndexRow = (String, String, String);

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
    let mut indexes: Vec<IndexRow> = sqlx::query_as(INDEXES)
        .fetch_all(&mut *connection)
        .await
        .context(failed)?;
    let mut untold = untold::find(connection).await.context(failed)?;
    let mut statements = count_by_identity(&mut schema, &mut untold);
    for (name, table) in &mut schema.tables {
        for (column, definition) in &mut table.columns {
            let told = adopt_default(name, column, definition);
            untold.extend(told.map(|told| (name.clone(), told)));
        }
    }
    let mut named = BTreeSet::new();
    for row in constraints {
        let (table, name) = (row.0.clone(), row.1.clone());
        match constraint(&mut schema, row, &mut named) {
            Some(renamed) => statements.extend(renamed),
            None => {
                let told = format!(
                    "{table}: models have no words for the constraint {name}; it stays as it is"
                );
                untold.push((table, told));
            }
        }
    }
    let mut snapshot = Snapshot {
        schema,
        ..Snapshot::default()
    };
    snapshot.extras.untold = untold;
    let domains: Vec<(String, String)> = sqlx::query_as(DOMAINS)
        .fetch_all(&mut *connection)
        .await
        .context(failed)?;
    let domains = domains
        .into_iter()
        .map(|(name, base)| (name, ColumnType::from_postgres(&base)));
    snapshot.extras.hints.domains = domains.collect();
    // Those over columns come first, so that theirs are the short names.
    let is_plain = |(.., sql): &IndexRow| {
        Index::from_statement(sql).is_some_and(|index| index.plain_columns().is_some())
    };
    indexes.sort_by_key(|row| !is_plain(row));
    for row in indexes {
        statements.extend(index(&mut snapshot, row));
    }
    for (name, table) in &mut snapshot.schema.tables {
        if let Some((_, columns)) = give_key(table) {
            let columns: Vec<_> = columns.iter().map(|column| quote(column)).collect();
            statements.push(format!(
                "ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({});",
                quote(name),
                quote(&names::primary_key(name)),
                columns.join(", ")
            ));
        }
        arrange(table);
        leave_out(name, table, &mut snapshot.extras.untold);
    }
    Ok((snapshot, statements))
}

/// Turns a `serial` column into an identity column, which PostgreSQL has had since version 10.
fn count_by_identity(schema: &mut Schema, untold: &mut Vec<(String, String)>) -> Vec<String> {
    let mut of_key = Vec::new();
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for (name, table) in &schema.tables {
        for (column, definition) in &table.columns {
            if let Some(sequence) = definition.default.as_ref().and_then(sequence) {
                *users.entry(sequence.to_owned()).or_default() += 1;
                if table.primary_key == [column.clone()] {
                    of_key.push((name.clone(), column.clone(), sequence.to_owned()));
                }
            }
        }
    }
    let mut statements = Vec::new();
    for (table, column, sequence) in of_key {
        if users.get(&sequence).is_some_and(|users| *users > 1) {
            untold.push((
                table.clone(),
                format!(
                    "{table}.{column} shares the sequence {sequence} with others; it gets one of its own"
                ),
            ));
        }
        let found = schema.tables.get_mut(&table);
        if let Some(definition) = found.and_then(|table| table.columns.get_mut(&column)) {
            definition.default = None;
            definition.auto_increment = true;
        }
        let (name, key) = (quote(&table), quote(&column));
        let alter = format!("ALTER TABLE {name} ALTER COLUMN {key}");
        statements.push(format!("{alter} DROP DEFAULT;"));
        if users.get(&sequence) == Some(&1) {
            statements.push(format!("DROP SEQUENCE {sequence};"));
        }
        statements.extend([
            format!("{alter} ADD GENERATED BY DEFAULT AS IDENTITY;"),
            format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), COALESCE(MAX({key}), 0) + 1, FALSE) FROM {name};",
                quoted(&name),
                quoted(&column)
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

/// The statements that give a constraint the name that models give it; nothing, if they have no words
/// for it. `named` are the names that others have got.
fn constraint(
    schema: &mut Schema,
    row: ConstraintRow,
    named: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    let (table_name, name, kind, columns, condition) = row;
    let refers = |table: &Table| {
        let mut keys = table.foreign_keys.values();
        keys.any(|key| key.table == table_name && key.columns == columns)
    };
    let is_referred_to = schema.tables.values().any(refers);
    let Some(table) = schema.tables.get_mut(&table_name) else {
        return Some(Vec::new());
    };
    let rename = |to: &str| {
        let (table, from, to_name) = (quote(&table_name), quote(&name), quote(to));
        let rename = format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to_name};");
        (name != to)
            .then_some(rename)
            .into_iter()
            .collect::<Vec<_>>()
    };
    match (kind.as_str(), condition) {
        ("p", _) => Some(rename(&names::primary_key(&table_name))),
        ("f", _) => {
            let to = names::foreign_key(&table_name, &columns);
            // Two of them on one column cannot have one name.
            named.insert(to.clone()).then(|| rename(&to))
        }
        ("u", _) => {
            let index = Index::over(&columns, true);
            let to = said_name(&table_name, table, &name, &index)?;
            if is_referred_to {
                return Some(rename(&to));
            }
            let made = create_index(&table_name, &to, &index, Dialect::Postgres);
            let (table, from) = (quote(&table_name), quote(&name));
            let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {from};");
            Some([drop].into_iter().chain(made).collect())
        }
        (_, Some(condition)) => {
            table.checks.remove(&name);
            adopt_condition(&table_name, table, &condition).map(|to| rename(&to))
        }
        // EXCLUDE
        _ => None,
    }
}

/// The name that models give to the index `name`: its own one, if they can say that.
fn said_name(table_name: &str, table: &mut Table, name: &str, index: &Index) -> Option<String> {
    let is_own = names::is_own_index(table_name, name);
    table.indexes.remove(name);
    if is_own && print::says_index(table_name, name, index) {
        table.indexes.insert(name.to_owned(), index.clone());
        return Some(name.to_owned());
    }
    name_index(table_name, table, index)
}

fn index(snapshot: &mut Snapshot, row: IndexRow) -> Option<String> {
    let (table_name, name, sql) = row;
    let table = snapshot.schema.tables.get_mut(&table_name)?;
    let said = Index::from_statement(&sql).and_then(|index| {
        let index = with_common_words(index, table);
        said_name(&table_name, table, &name, &index)
    });
    match said {
        Some(to) if to == name => None,
        Some(to) => {
            let rename = format!("ALTER INDEX {} RENAME TO {};", quote(&name), quote(&to));
            Some(rename)
        }
        None => {
            table.indexes.remove(&name);
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
