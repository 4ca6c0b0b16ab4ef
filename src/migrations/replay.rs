//! The schema that the history leads to, found by running it in memory.

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::{History, Migration, NO_TRANSACTION};
use crate::error::Failure;
use crate::schema::introspect::{Snapshot, sqlite};

/// A database in memory that has gone through the history.
pub struct Replayed {
    pub connection: SqliteConnection,
    pub snapshot: Snapshot,
}

/// Runs all of `history` in an empty database.
///
/// # Errors
///
/// If a migration fails: the message names it and the statement's mistake.
pub async fn replay(history: &History) -> Result<Replayed> {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .context("could not open a database in memory")?;
    for migration in &history.migrations {
        run(&mut connection, &migration.up)
            .await
            .with_context(|| broken(migration))?;
    }
    let snapshot = sqlite::read(&mut connection)
        .await
        .context("could not read the schema that the migrations make")?;
    Ok(Replayed {
        connection,
        snapshot,
    })
}

/// Runs a script in a transaction, unless it says otherwise, as sqlx does when it applies a migration.
///
/// # Errors
///
/// If one of its statements fails.
pub async fn run(connection: &mut SqliteConnection, script: &str) -> Result<()> {
    if script.starts_with(NO_TRANSACTION) {
        connection.execute(AssertSqlSafe(script.to_owned())).await?;
        return Ok(());
    }
    let mut transaction = connection
        .begin()
        .await
        .context("could not begin a transaction")?;
    transaction
        .execute(AssertSqlSafe(script.to_owned()))
        .await?;
    transaction.commit().await.context("could not commit")
}

fn broken(migration: &Migration) -> Failure {
    Failure::new(format!("`migrations/sqlite/{}.up.sql` fails when the history is replayed", migration.name))
        .hint("the current schema is what the migrations make of an empty database; correct that file, or take it out if no database has it")
}
