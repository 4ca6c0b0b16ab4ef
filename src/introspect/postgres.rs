//! Reads PostgreSQL's schema from its catalogue, for one namespace.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{FromRow, Row};

use crate::schema::index::Key;
use crate::schema::{
    Action, Collation, Column, ColumnType, Condition, DefaultValue, Dialect, ForeignKey, Generated,
    Index, Schema, Table, enums, names,
};

/// A partition is part of its table. The expression of a column is its default, or what computes it.
const COLUMNS: &str = "
    SELECT c.relname::text AS table, a.attname::text AS name,
        format_type(a.atttypid, a.atttypmod) AS printed, a.attnotnull AS not_null,
        pg_get_expr(d.adbin, d.adrelid) AS expression, a.attidentity <> '' AS is_identity,
        a.attgenerated::text AS generated, l.collname::text AS collation,
        col_description(c.oid, a.attnum) AS comment, obj_description(c.oid, 'pg_class') AS table_comment
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type AS y ON y.oid = a.atttypid
    LEFT JOIN pg_collation AS l ON l.oid = a.attcollation AND a.attcollation <> y.typcollation
    LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relnamespace = current_schema()::regnamespace
        AND c.relname <> '_sqlx_migrations'
    ORDER BY c.relname, a.attnum";

/// The columns of an index, without a name where there is an expression, and then those that it only
/// includes.
const INDEXES: &str = "
    SELECT t.relname::text, i.relname::text, x.indisunique, x.indisprimary, m.amname::text,
        ARRAY(SELECT a.attname::text
            FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
            LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum
            ORDER BY k.place),
        ARRAY(SELECT o.bits
            FROM unnest(x.indoption::smallint[]) WITH ORDINALITY AS o (bits, place)
            ORDER BY o.place),
        x.indpred IS NOT NULL
    FROM pg_index AS x
    JOIN pg_class AS t ON t.oid = x.indrelid
    JOIN pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_am AS m ON m.oid = i.relam
    WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition
        AND t.relnamespace = current_schema()::regnamespace
    ORDER BY t.relname, i.relname";

const CONSTRAINTS: &str = "
    SELECT t.relname::text, k.conname::text, k.contype::text,
        ARRAY(SELECT a.attname::text
            FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
            ORDER BY u.place),
        f.relname::text,
        ARRAY(SELECT a.attname::text
            FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
            ORDER BY u.place),
        k.confdeltype::text, k.confupdtype::text, pg_get_expr(k.conbin, k.conrelid)
    FROM pg_constraint AS k
    JOIN pg_class AS t ON t.oid = k.conrelid
    LEFT JOIN pg_class AS f ON f.oid = k.confrelid
    WHERE k.contype IN ('c', 'f') AND t.relnamespace = current_schema()::regnamespace
    ORDER BY t.relname, k.conname";

const ENUMS: &str = "
    SELECT format_type(t.oid, NULL), t.typname::text,
        ARRAY(SELECT e.enumlabel::text FROM pg_enum AS e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM pg_type AS t
    WHERE t.typtype = 'e' AND t.typnamespace = current_schema()::regnamespace";

/// Enums by how PostgreSQL prints their names.
type Enums = BTreeMap<String, ColumnType>;

/// A column as PostgreSQL describes it.
struct ColumnRow {
    table: String,
    name: String,
    printed: String,
    not_null: bool,
    expression: Option<String>,
    is_identity: bool,
    generated: String,
    collation: Option<String>,
    comment: Option<String>,
    table_comment: Option<String>,
}

impl FromRow<'_, PgRow> for ColumnRow {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            table: row.try_get("table")?,
            name: row.try_get("name")?,
            printed: row.try_get("printed")?,
            not_null: row.try_get("not_null")?,
            expression: row.try_get("expression")?,
            is_identity: row.try_get("is_identity")?,
            generated: row.try_get("generated")?,
            collation: row.try_get("collation")?,
            comment: row.try_get("comment")?,
            table_comment: row.try_get("table_comment")?,
        })
    }
}

/// Table, name, unique, primary, kind, columns, how each key is sorted, partial.
type IndexRow = (
    String,
    String,
    bool,
    bool,
    String,
    Vec<Option<String>>,
    Vec<i16>,
    bool,
);
type ConstraintRow = (
    String,
    String,
    String,
    Vec<String>,
    Option<String>,
    Vec<String>,
    String,
    String,
    Option<String>,
);

/// Reads the schema behind `connection`, in the namespace that new tables would go to.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn read(connection: &mut PgConnection) -> Result<Schema> {
    read_all(connection)
        .await
        .context("could not read the schema of the PostgreSQL database")
}

async fn read_all(connection: &mut PgConnection) -> sqlx::Result<Schema> {
    let mut schema = Schema::default();
    let enums: Vec<(String, String, Vec<String>)> =
        sqlx::query_as(ENUMS).fetch_all(&mut *connection).await?;
    let enums = enums
        .into_iter()
        .map(|(printed, name, values)| (printed, ColumnType::Enum { name, values }))
        .collect();
    let columns: Vec<ColumnRow> = sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await?;
    add_columns(&mut schema, columns, &enums);
    let indexes: Vec<IndexRow> = sqlx::query_as(INDEXES).fetch_all(&mut *connection).await?;
    add_indexes(&mut schema, indexes);
    let constraints: Vec<ConstraintRow> = sqlx::query_as(CONSTRAINTS)
        .fetch_all(&mut *connection)
        .await?;
    add_constraints(&mut schema, constraints);
    Ok(schema)
}

fn add_columns(schema: &mut Schema, rows: Vec<ColumnRow>, enums: &Enums) {
    for row in rows {
        let column_type = match enums.get(&row.printed) {
            Some(column_type) => column_type.clone(),
            None => ColumnType::from_postgres(&row.printed),
        };
        let is_generated = !row.generated.is_empty();
        let (computed, default) = if is_generated {
            (row.expression, None)
        } else {
            (None, row.expression)
        };
        let column = Column {
            nullable: !row.not_null,
            default: default
                .as_deref()
                .map(|default| DefaultValue::from_postgres(default, &column_type)),
            column_type,
            auto_increment: row.is_identity,
            collation: row.collation.as_deref().and_then(Collation::named),
            generated: computed.map(|expression| Generated {
                expression,
                stored: row.generated == "s",
            }),
            comment: row.comment,
        };
        let table = schema.tables.entry(row.table).or_insert_with(|| Table {
            comment: row.table_comment,
            ..Table::default()
        });
        table.columns.insert(row.name, column);
    }
}

fn add_indexes(schema: &mut Schema, rows: Vec<IndexRow>) {
    for (table_name, name, unique, primary, method, columns, orders, is_partial) in rows {
        let Some(table) = schema.tables.get_mut(&table_name) else {
            continue;
        };
        if primary {
            table.primary_key = columns.into_iter().flatten().collect();
            continue;
        }
        if !names::is_own_index(&table_name, &name) {
            continue;
        }
        let (keys, include) = columns.split_at(orders.len().min(columns.len()));
        let keys = keys.iter().zip(orders);
        let index = Index {
            keys: keys
                .map(|(column, order)| {
                    Key::sorted(column.as_deref(), order & 1 != 0, order & 2 != 0)
                })
                .collect(),
            unique,
            method: Some(method).filter(|method| method != "btree"),
            include: include.iter().flatten().cloned().collect(),
            condition: is_partial.then(|| Condition(String::new())),
        };
        table.indexes.insert(name, index);
    }
}

fn add_constraints(schema: &mut Schema, rows: Vec<ConstraintRow>) {
    for (table_name, name, kind, columns, target, to, on_delete, on_update, condition) in rows {
        let Some(table) = schema.tables.get_mut(&table_name) else {
            continue;
        };
        match (kind.as_str(), target, condition) {
            ("f", Some(target), _) => {
                let key = ForeignKey {
                    table: target,
                    columns: to,
                    on_delete: action(&on_delete),
                    on_update: action(&on_update),
                };
                table.foreign_keys.insert(columns, key);
            }
            ("c", _, Some(condition)) if names::is_own_check(&table_name, &name) => {
                table.checks.insert(name, Condition(condition));
            }
            _ => {}
        }
    }
}

/// The letters of `pg_constraint`.
fn action(letter: &str) -> Action {
    let letters: BTreeMap<&str, Action> = BTreeMap::from([
        ("r", Action::Restrict),
        ("c", Action::Cascade),
        ("n", Action::SetNull),
        ("d", Action::SetDefault),
    ]);
    letters.get(letter).copied().unwrap_or_default()
}

/// `schema` as PostgreSQL would give it back: some types are wider there, and expressions and
/// times are written in its own way, so it only counts that there is one. Columns of one enum are
/// of one type.
pub fn as_kept(schema: &Schema) -> Schema {
    let mut kept = schema.clone();
    enums::as_types(&mut kept);
    for table in kept.tables.values_mut() {
        for column in table.columns.values_mut() {
            column.column_type = column.column_type.as_postgres_keeps_it();
            column
                .collation
                .take_if(|collation| !collation.is_known_to(Dialect::Postgres));
            if let Some(generated) = &mut column.generated {
                generated.expression.clear();
                generated.stored = true;
            }
            column
                .default
                .take_if(|default| !default.is_known_to(Dialect::Postgres));
            match &mut column.default {
                // Only an expression casts a text to a number: 'NaN'::double precision.
                Some(text @ DefaultValue::Text(_)) if column.column_type.is_fraction() => {
                    *text = DefaultValue::Expression(String::new());
                }
                Some(DefaultValue::Text(text)) if column.column_type.is_moment() => text.clear(),
                Some(DefaultValue::Expression(sql)) => sql.clear(),
                _ => {}
            }
        }
        for condition in table.checks.values_mut() {
            condition.0.clear();
        }
        table
            .indexes
            .retain(|_, index| index.is_known_to(Dialect::Postgres));
        for index in table.indexes.values_mut() {
            index.keys = index.keys.iter().map(Key::without_expression).collect();
            if let Some(condition) = &mut index.condition {
                condition.0.clear();
            }
        }
    }
    kept
}
