//! Rows through the new migrations: what no operation destroys must still be there.
//!
//! The rows are made up, so a constraint may refuse them: that proves nothing, and is not a mistake.

use std::collections::HashSet;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use super::OURS;
use crate::error::Failure;
use crate::migrations::{Migration, replay};
use crate::schema::operation::Operation;
use crate::schema::snapshot::{ObjectKind, Snapshot};
use crate::schema::sql::quote;
use crate::schema::syntax::token;
use crate::schema::{Column, DefaultValue, Dialect, Schema, Table};

/// How many tables one query reads: SQLite takes 500 parts at most.
const TABLES_AT_ONCE: usize = 100;

/// How many columns are read as one value: SQLite goes no deeper than 1,000 into an expression.
const COLUMNS_AT_ONCE: usize = 50;

/// The separator between values: SQLite never writes this character by itself.
const BETWEEN: char = '\u{1f}';

/// Columns that no operation destroys, of one table.
struct Kept {
    /// The table before and after.
    from: String,
    to: String,
    /// The columns before and after.
    columns: Vec<(String, String)>,
}

/// Puts a row into every table that `ups` can touch, applies them, and compares; nothing of it stays.
pub(super) async fn verify(
    connection: &mut SqliteConnection,
    snapshot: &Snapshot,
    operations: &[&Operation],
    ups: &[&Migration],
) -> Result<()> {
    let is_new = |operation: &&Operation| matches!(operation, Operation::CreateTable { .. });
    if operations.iter().all(is_new) {
        // No statement is about a table that was there.
        return Ok(());
    }
    let before = &touched(snapshot, ups);
    let mut transaction = connection
        .begin()
        .await
        .context("could not begin a transaction")?;
    fill(&mut transaction, before).await;
    let kept = kept(before, operations);
    let old = kept
        .iter()
        .map(|it| (&it.from, it.columns.iter().map(|(from, _)| from)));
    let old = read(&mut transaction, old.map(parts)).await?;
    for migration in ups {
        if replay::execute(&mut transaction, &migration.up)
            .await
            .is_err()
        {
            return transaction.rollback().await.context("could not roll back");
        }
    }
    let new = kept
        .iter()
        .map(|it| (&it.to, it.columns.iter().map(|(_, to)| to)));
    let new = read(&mut transaction, new.map(parts)).await?;
    transaction
        .rollback()
        .await
        .context("could not roll back")?;
    match (0..kept.len()).find(|&at| old[at] != new[at]) {
        None => Ok(()),
        Some(at) => Err(lost(&kept[at], &old[at], &new[at]).into()),
    }
}

/// The tables whose rows `ups` can change. A statement reaches the rows of the tables that it names, and by keys those of the tables
/// that refer to them; a trigger reaches any.
fn touched(snapshot: &Snapshot, ups: &[&Migration]) -> Schema {
    let mut objects = snapshot.extras.objects.iter();
    if objects.any(|object| object.kind == ObjectKind::Trigger) {
        return snapshot.schema.clone();
    }
    let words = ups.iter().flat_map(|up| token::words(&up.up));
    // SQLite takes even a text in single quotes for a name.
    let name = |word: token::Token| {
        let name = word.text.trim_matches(['"', '`', '[', ']', '\'']);
        name.replace("\"\"", "\"").to_lowercase()
    };
    let words: HashSet<String> = words.map(name).collect();
    let mut tables = snapshot.schema.tables.clone();
    let mut reached: HashSet<String> = HashSet::new();
    loop {
        let is_reached = |name: &String, table: &Table| {
            let mut keys = table.foreign_keys.values();
            words.contains(&name.to_lowercase()) || keys.any(|key| reached.contains(&key.table))
        };
        let more: Vec<_> = tables
            .iter()
            .filter(|(name, table)| !reached.contains(*name) && is_reached(name, table))
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        reached.extend(more);
    }
    tables.retain(|name, _| reached.contains(name));
    Schema { tables }
}

/// A row for every table.
async fn fill(connection: &mut SqliteConnection, schema: &Schema) {
    let tables = schema.tables.iter();
    let rows: Vec<_> = tables.map(|(name, table)| row(name, table)).collect();
    for rows in rows.chunks(TABLES_AT_ONCE) {
        if connection
            .execute(AssertSqlSafe(rows.join(";\n")))
            .await
            .is_ok()
        {
            continue;
        }
        for row in rows {
            // A trigger or a condition may have something against it.
            let _ = connection.execute(AssertSqlSafe(row.clone())).await;
        }
    }
}

/// The columns of `before` whose values no operation may change.
fn kept(before: &Schema, operations: &[&Operation]) -> Vec<Kept> {
    let mut kept = Vec::new();
    for (table, definition) in &before.tables {
        let mut to = table.clone();
        let mut columns = Vec::new();
        // A computed value may change: it follows the columns that it is computed from.
        let is_written = |(_, column): &(&String, &Column)| column.generated.is_none();
        for (column, _) in definition.columns.iter().filter(is_written) {
            if let Some((new, name)) = followed((table.clone(), column.clone()), operations) {
                to = new;
                columns.push((column.clone(), name));
            }
        }
        kept.extend(columns.chunks(COLUMNS_AT_ONCE).map(|columns| Kept {
            from: table.clone(),
            to: to.clone(),
            columns: columns.to_vec(),
        }));
    }
    kept
}

/// A table and a column.
type Place = (String, String);

/// Follows the values of a column through `operations`; returns nothing if one of them may change them.
fn followed(place: Place, operations: &[&Operation]) -> Option<Place> {
    let (mut table, mut column) = place;
    for operation in operations {
        match operation {
            Operation::RenameTable { from, to } if *from == table => to.clone_into(&mut table),
            Operation::RenameColumn {
                table: of,
                from,
                to,
            } if *of == table && *from == column => {
                to.clone_into(&mut column);
            }
            Operation::DropTable { table: of, .. } if *of == table => return None,
            Operation::DropColumn {
                table: of, name, ..
            } if *of == table && *name == column => {
                return None;
            }
            Operation::AlterColumn {
                table: of,
                name,
                before,
                after,
                ..
            } if *of == table && *name == column && before.column_type != after.column_type => {
                return None;
            }
            _ => {}
        }
    }
    Some((table, column))
}

fn row(name: &str, table: &Table) -> String {
    let written = table
        .columns
        .iter()
        .filter(|(_, column)| column.generated.is_none());
    let columns: Vec<_> = written.clone().map(|(column, _)| quote(column)).collect();
    let values: Vec<_> = written
        .map(|(_, column)| {
            DefaultValue::neutral(&column.column_type).sql(&column.column_type, Dialect::Sqlite)
        })
        .collect();
    format!(
        "INSERT OR IGNORE INTO {} ({}) VALUES ({})",
        quote(name),
        columns.join(", "),
        values.join(", ")
    )
}

/// The query for the values of some columns of a table.
fn parts<'c>((table, columns): (&String, impl Iterator<Item = &'c String>)) -> String {
    let values: Vec<_> = columns
        .map(|column| format!("quote({})", quote(column)))
        .collect();
    let between = format!(" || char({}) || ", u32::from(BETWEEN));
    format!("{} FROM {}", values.join(&between), quote(table))
}

/// Runs each of `queries`, and returns the results in order.
async fn read(
    connection: &mut SqliteConnection,
    queries: impl Iterator<Item = String>,
) -> Result<Vec<Vec<String>>> {
    let queries: Vec<String> = queries.collect();
    let mut values = vec![Vec::new(); queries.len()];
    for (first, queries) in (0..)
        .step_by(TABLES_AT_ONCE)
        .zip(queries.chunks(TABLES_AT_ONCE))
    {
        let numbered = (first..).zip(queries);
        let selects: Vec<_> = numbered
            .map(|(number, query)| format!("SELECT {number}, {query}"))
            .collect();
        let query = format!("{} ORDER BY 1, 2", selects.join(" UNION ALL "));
        let rows: Vec<(i64, String)> = sqlx::query_as(AssertSqlSafe(query))
            .fetch_all(&mut *connection)
            .await
            .context("could not read the rows that were tried")?;
        for (number, value) in rows {
            values[usize::try_from(number)?].push(value);
        }
    }
    Ok(values)
}

fn lost(kept: &Kept, old: &[String], new: &[String]) -> Failure {
    let values = |rows: &[String], column: usize| -> Vec<String> {
        let values = rows.iter().map(|row| row.split(BETWEEN).nth(column));
        values
            .map(|value| value.unwrap_or_default().to_owned())
            .collect()
    };
    let mut columns = 0..kept.columns.len();
    let column = columns.find(|&column| values(old, column) != values(new, column));
    let column = column.unwrap_or_default();
    let (table, name) = (&kept.from, &kept.columns[column].0);
    Failure::new(format!(
        "the new migrations lose values of `{table}.{name}`: before {:?}, after {:?}",
        values(old, column),
        values(new, column)
    ))
    .hint(OURS)
}
