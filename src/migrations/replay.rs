//! The schema that the history leads to, found by running it in memory.

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::{History, Migration, NO_TRANSACTION};
use crate::error::Failure;
use crate::introspect::sqlite;
use crate::schema::snapshot::Snapshot;
use crate::schema::syntax::token;

/// How many statements of a script are run at once. sqlx keeps all of them prepared until the last
/// one is done, and SQLite visits all that are prepared whenever the schema changes.
const MAX_STATEMENTS: usize = 25;

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
    let mut connection = in_memory().await?;
    if together(&mut connection, &history.migrations)
        .await
        .is_err()
    {
        // One by one, to tell which of them it is.
        connection = in_memory().await?;
        for migration in &history.migrations {
            run(&mut connection, &migration.up)
                .await
                .with_context(|| broken(migration))?;
        }
    }
    let snapshot = sqlite::read(&mut connection)
        .await
        .context("could not read the schema that the migrations make")?;
    Ok(Replayed {
        connection,
        snapshot,
    })
}

async fn in_memory() -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging();
    let connection = SqliteConnection::connect_with(&options).await;
    connection.context("could not open a database in memory")
}

/// Runs all of `migrations` in as few transactions as possible, which is faster than one each.
async fn together(connection: &mut SqliteConnection, migrations: &[Migration]) -> Result<()> {
    let is_alone = |migration: &Migration| migration.up.starts_with(NO_TRANSACTION);
    for group in migrations.chunk_by(|one, two| !is_alone(one) && !is_alone(two)) {
        if let [alone] = group {
            run(connection, &alone.up).await?;
            continue;
        }
        let mut transaction = connection.begin().await?;
        for migration in group {
            execute(&mut transaction, &migration.up).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
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
    execute(&mut transaction, script).await?;
    transaction.commit().await.context("could not commit")
}

/// Runs the statements of a script, whose length may be any.
///
/// # Errors
///
/// If one of them fails.
pub async fn execute(connection: &mut SqliteConnection, script: &str) -> Result<()> {
    for part in parts(script) {
        connection.execute(AssertSqlSafe(part)).await?;
    }
    Ok(())
}

/// A short script as it is, a long one cut between statements.
fn parts(script: &str) -> Vec<String> {
    let statements = token::statements(script);
    if statements.len() <= MAX_STATEMENTS {
        vec![script.to_owned()]
    } else {
        statements
            .chunks(MAX_STATEMENTS)
            // On lines of their own: the last word may be in a comment.
            .map(|part| part.join("\n;\n"))
            .collect()
    }
}

fn broken(migration: &Migration) -> Failure {
    Failure::new(format!("`migrations/sqlite/{}.up.sql` fails when the history is replayed", migration.name))
        .hint("the current schema is what the migrations make of an empty database; correct that file, or take it out if no database has it")
}
