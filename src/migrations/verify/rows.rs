//! Rows through the new migrations: what no operation destroys must still be there.
//!
//! The rows are made up, so a constraint may refuse them: that proves nothing and is no mistake.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use super::OURS;
use crate::error::Failure;
use crate::migrations::Migration;
use crate::schema::operation::Operation;
use crate::schema::sql::quote;
use crate::schema::{DefaultValue, Dialect, Schema, Table};

/// The values of columns, by table and column, each with its row's in order.
type Values = BTreeMap<(String, String), Vec<String>>;

/// Puts a row into every table, applies `ups`, and compares; nothing of it stays.
pub(super) async fn verify(
    connection: &mut SqliteConnection,
    before: &Schema,
    operations: &[&Operation],
    ups: &[&Migration],
) -> Result<()> {
    let mut transaction = connection
        .begin()
        .await
        .context("could not begin a transaction")?;
    for (name, table) in &before.tables {
        // A trigger or a condition may have something against it.
        let _ = transaction.execute(AssertSqlSafe(row(name, table))).await;
    }
    let mut kept: Vec<(Place, Place)> = before
        .tables
        .iter()
        .flat_map(|(name, table)| {
            table
                .columns
                .keys()
                .map(|column| (name.clone(), column.clone()))
        })
        .filter_map(|place| Some((place.clone(), followed(place, operations)?)))
        .collect();
    kept.sort();
    let old = read(&mut transaction, kept.iter().map(|(old, _)| old)).await?;
    for migration in ups {
        let done = transaction
            .execute(AssertSqlSafe(migration.up.clone()))
            .await;
        if done.is_err() {
            return transaction.rollback().await.context("could not roll back");
        }
    }
    let new = read(&mut transaction, kept.iter().map(|(_, new)| new)).await?;
    transaction
        .rollback()
        .await
        .context("could not roll back")?;
    for (from, to) in &kept {
        if old.get(from) != new.get(to) {
            return Err(lost(from, old.get(from), new.get(to)).into());
        }
    }
    Ok(())
}

/// A table and a column.
type Place = (String, String);

/// Where the values of a column are after `operations`; nowhere if one of them may change them.
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
    let columns: Vec<_> = table.columns.keys().map(|column| quote(column)).collect();
    let values: Vec<_> = table
        .columns
        .values()
        .map(|column| {
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

async fn read(
    connection: &mut SqliteConnection,
    places: impl Iterator<Item = &Place>,
) -> Result<Values> {
    let mut values = Values::new();
    for (table, column) in places {
        let query = format!(
            "SELECT quote({}) FROM {} ORDER BY 1",
            quote(column),
            quote(table)
        );
        let read = sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_all(&mut *connection)
            .await
            .with_context(|| format!("could not read `{table}.{column}`"))?;
        values.insert((table.clone(), column.clone()), read);
    }
    Ok(values)
}

fn lost(place: &Place, old: Option<&Vec<String>>, new: Option<&Vec<String>>) -> Failure {
    let (table, column) = place;
    Failure::new(format!(
        "the new migrations lose values of `{table}.{column}`: before {:?}, after {:?}",
        old.unwrap_or(&Vec::new()),
        new.unwrap_or(&Vec::new())
    ))
    .hint(OURS)
}
