//! The catalogue of SQLite.

use std::collections::BTreeSet;

use anyhow::Result;
use sqlx::SqliteConnection;

use super::tuple;

const COLUMNS: &str = "
    SELECT m.name, c.name, lower(replace(c.type, ' ', '')), c.\"notnull\", c.dflt_value, c.pk,
        upper(m.sql) LIKE '%AUTOINCREMENT%'
    FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.pk";

const INDEXES: &str = "
    SELECT m.name, i.name, i.\"unique\", i.origin, c.name
    FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
    WHERE m.type = 'table' ORDER BY m.name, i.name, c.seqno";

const KEYS: &str = "
    SELECT m.name, k.id, k.\"from\", k.\"table\", k.\"to\", k.on_delete, k.on_update
    FROM sqlite_schema m, pragma_foreign_key_list(m.name) k
    WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq";

type ColumnRow = (String, String, String, bool, Option<String>, i64, bool);
type KeyRow = (String, i64, String, String, String, String, String);

/// All facts about the database behind `connection`.
pub async fn read(connection: &mut SqliteConnection) -> Result<BTreeSet<String>> {
    let mut facts = BTreeSet::new();
    let columns: Vec<ColumnRow> = sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await?;
    for (table, name, declared, not_null, default, key, counts) in &columns {
        let column = format!("{table}.{name}");
        facts.insert(format!("{column}: {declared}"));
        if *not_null || *key > 0 {
            facts.insert(format!("{column} is not null"));
        }
        if let Some(default) = default {
            facts.insert(format!("{column} defaults to {default}"));
        }
        if *counts && *key > 0 {
            facts.insert(format!("{column} is handed out"));
        }
    }
    for table in columns.iter().map(|row| &row.0).collect::<BTreeSet<_>>() {
        let key = columns.iter().filter(|row| row.0 == *table && row.5 > 0);
        let key: Vec<_> = key.map(|row| row.1.clone()).collect();
        facts.insert(format!("{table} has the key {}", tuple(&key)));
    }
    facts.extend(indexes(connection).await?);
    facts.extend(keys(connection).await?);
    facts.extend(checks(connection).await?);
    Ok(facts)
}

async fn indexes(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    type Row = (String, String, bool, String, String);
    let rows: Vec<Row> = sqlx::query_as(INDEXES).fetch_all(connection).await?;
    let groups = rows.chunk_by(|one, other| one.0 == other.0 && one.1 == other.1);
    let shown = groups.filter(|rows| rows[0].3 != "pk").map(|rows| {
        let columns: Vec<_> = rows.iter().map(|row| row.4.clone()).collect();
        let kind = if rows[0].2 {
            "is unique by"
        } else {
            "is indexed by"
        };
        format!("{} {kind} {}", rows[0].0, tuple(&columns))
    });
    Ok(shown.collect())
}

async fn keys(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let rows: Vec<KeyRow> = sqlx::query_as(KEYS).fetch_all(connection).await?;
    let groups = rows.chunk_by(|one, other| one.0 == other.0 && one.1 == other.1);
    let shown = groups.map(|rows| {
        let (table, _, _, target, _, on_delete, on_update) = &rows[0];
        let from: Vec<_> = rows.iter().map(|row| row.2.clone()).collect();
        let to: Vec<_> = rows.iter().map(|row| row.4.clone()).collect();
        format!(
            "{table} {} refers to {target} {}, on delete {on_delete}, on update {on_update}",
            tuple(&from),
            tuple(&to)
        )
    });
    Ok(shown.collect())
}

/// SQLite keeps conditions in the text of the definition alone.
async fn checks(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL",
    )
    .fetch_all(connection)
    .await?;
    let shown = tables.iter().flat_map(|(table, sql)| {
        let pieces = sql.split("CHECK").skip(1);
        pieces.map(move |piece| format!("{table} checks {}", condition(piece)))
    });
    Ok(shown.collect())
}

/// What stands in the first parentheses of `text`.
fn condition(text: &str) -> String {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0 && *c == ')'
    });
    let end = end.map_or(text.len(), |(end, _)| end);
    text[..end]
        .trim_start()
        .trim_start_matches('(')
        .replace('"', "")
}
