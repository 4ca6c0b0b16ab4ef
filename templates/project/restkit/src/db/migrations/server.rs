//! Migrating a PostgreSQL server that others use meanwhile.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::migrate::{Migrate, MigrateError, Migration};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::ledger::TABLE;
use super::views;

/// Give up after 250 ms and retry. A session that blocks on the lock would deadlock with the holder's
/// `CREATE INDEX CONCURRENTLY`, which waits for every older transaction.
const WAIT_A_LITTLE: &str = "SET lock_timeout = '250ms'";

/// The seconds after each of which a migration tries again to get a table that others hold.
const PAUSES: [u64; 5] = [1, 2, 4, 8, 16];

/// How a migration goes about others who use the database meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How long a statement waits for a table: whoever waits keeps all from it who come later. No time
    /// at all is without end.
    pub patience: Duration,
    /// Is told of what takes its time.
    pub tell: fn(&str),
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(2),
            tell: |_| {},
        }
    }
}

/// The codes of PostgreSQL for a lock that others have.
const LOCK_NOT_AVAILABLE: &str = "55P03";

const MIGRATING: &str = "
    SELECT format('process %s%s%s', pid, ' of ' || usename, ' from ' || host(client_addr))
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid() AND datname = current_database()
    LIMIT 1";

const IN_THE_WAY: &str = "
    SELECT format('process %s%s, whose transaction is open for %s seconds: %s', pid, ' of ' || usename,
        extract(epoch FROM clock_timestamp() - xact_start)::integer, left(regexp_replace(query, '\\s+', ' ', 'g'), 80))
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        AND EXISTS (SELECT 1 FROM pg_locks AS l WHERE l.pid = pg_stat_activity.pid AND locktype = 'relation' AND granted)
    ORDER BY xact_start
    LIMIT 1";

/// Keeps other migrating programs out until the connection ends. `tell` is told once whom it waits
/// for.
///
/// # Errors
///
/// If the database refuses.
pub async fn lock(connection: &mut PgConnection, tell: fn(&str)) -> Result<()> {
    connection.execute(WAIT_A_LITTLE).await?;
    let mut is_first = true;
    loop {
        match connection.lock().await {
            Err(MigrateError::Execute(error)) if is_taken(&error) => {
                if std::mem::take(&mut is_first) {
                    let who = who(connection, MIGRATING).await;
                    let who = who.unwrap_or_else(|| "another program".to_owned());
                    tell(&format!(
                        "Waiting for {who}, which migrates this database..."
                    ));
                }
            }
            locked => break locked?,
        }
    }
    connection.execute("SET lock_timeout = DEFAULT").await?;
    Ok(())
}

/// Runs a script and records `migration`, if there is one, in one transaction.
///
/// # Errors
///
/// If a statement fails, or somebody keeps a table for too long: nothing has changed then.
pub async fn run(
    connection: &mut PgConnection,
    script: &str,
    migration: Option<&Migration>,
    manner: Manner,
) -> Result<()> {
    let mut pauses = PAUSES.into_iter();
    loop {
        let error = match try_to_run(connection, script, migration, manner.patience).await {
            Err(error) if error.downcast_ref().is_some_and(is_taken) => error,
            done => return done,
        };
        let who = who(connection, IN_THE_WAY).await;
        let who = who.unwrap_or_else(|| "somebody".to_owned());
        let Some(pause) = pauses.next() else {
            return Err(error.context(format!(
                "a table is kept by {who}; end that transaction, or wait for it, and migrate again"
            )));
        };
        (manner.tell)(&format!(
            "  A table is kept by {who}; trying again in {pause} s..."
        ));
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
}

async fn try_to_run(
    connection: &mut PgConnection,
    script: &str,
    migration: Option<&Migration>,
    patience: Duration,
) -> Result<()> {
    let patience = patience.as_millis();
    let mut transaction = connection.begin().await?;
    let limit = format!("SET LOCAL lock_timeout = {patience}");
    transaction.execute(AssertSqlSafe(limit)).await?;
    let aside = views::put_aside(&mut transaction, script).await?;
    sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
        .execute(&mut *transaction)
        .await?;
    views::put_back(&mut transaction, aside).await?;
    if let Some(migration) = migration {
        transaction.skip(TABLE, migration).await?;
    }
    Ok(transaction.commit().await?)
}

fn is_taken(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.code().as_deref() == Some(LOCK_NOT_AVAILABLE))
}

async fn who(connection: &mut PgConnection, query: &'static str) -> Option<String> {
    sqlx::query_scalar(query)
        .fetch_optional(connection)
        .await
        .ok()?
}

/// Returns whether the database remembers migrations at all.
///
/// # Errors
///
/// If it cannot be read.
pub async fn has_records(connection: &mut PgConnection) -> Result<bool> {
    let sql = format!("SELECT to_regclass('{TABLE}') IS NOT NULL");
    let has = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await;
    has.context("could not look for the table of the migrations")
}

/// Says what to do where a role may not make tables: since PostgreSQL 15 only the owner of a database may.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    let mut causes = error.chain();
    let refused = causes.any(|cause| {
        let cause = cause.to_string();
        cause.contains("permission denied for schema")
            || cause.contains("no schema has been selected")
    });
    refused.then(|| {
        "let the role make tables: GRANT CREATE ON SCHEMA public TO the role, or make the database by \
         createdb -O ROLE NAME"
            .to_owned()
    })
}
