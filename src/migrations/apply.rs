//! Applying migrations to a real database: sqlx's table, checksums and locks.

use anyhow::{Context, Result, anyhow};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::database::is_locked;
use super::squash::Replaced;
use super::{Migration, hexadecimal};
use crate::error::{Failure, hint_of};
use crate::shared::rebuild;
use crate::ui;

/// Where sqlx records what was applied.
const TABLE: &str = "_sqlx_migrations";

/// Who waits for the lock without a pause is in the way of a `CREATE INDEX CONCURRENTLY` of the one
/// who has it, which waits for all that began before it.
const WAIT_A_LITTLE: &str = "SET lock_timeout = '250ms'";

/// A connection that migrates.
pub enum Migrator {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What a database remembers of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub number: i64,
    checksum: Vec<u8>,
}

impl Record {
    /// Whether `migration` is what was applied.
    pub fn is_of(&self, migration: &Migration) -> bool {
        self.number == migration.number && *self.checksum == *migration.to_up().checksum
    }

    /// The checksum in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hexadecimal(&self.checksum)
    }
}

impl Migrator {
    fn inner(&mut self) -> &mut (dyn Migrate + Send) {
        match self {
            Self::Sqlite(connection) => connection,
            Self::Postgres(connection) => connection,
        }
    }

    /// Makes sqlx's table, if it is missing.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub(super) async fn remember(&mut self) -> Result<()> {
        if self.inner().ensure_migrations_table(TABLE).await.is_ok() {
            return Ok(());
        }
        // PostgreSQL refuses it to one of two programs that make it at the same moment.
        let made = self.inner().ensure_migrations_table(TABLE).await;
        made.map_err(explain)
    }

    /// Ends the connection, so that SQLite tidies up its files.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn close(self) -> Result<()> {
        let closed = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
        closed.context("could not close the database")
    }

    /// Keeps other migrating programs out until the connection ends (PostgreSQL; on SQLite each
    /// migration takes the file's lock itself).
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn lock(&mut self) -> Result<()> {
        let Self::Postgres(connection) = self else {
            return Ok(());
        };
        connection.execute(WAIT_A_LITTLE).await?;
        let mut is_first = true;
        loop {
            match connection.lock().await {
                Err(error) if is_taken(&error) => {
                    if std::mem::take(&mut is_first) {
                        ui::say("Waiting for another program that migrates this database...");
                    }
                }
                locked => break locked.map_err(explain)?,
            }
        }
        connection.execute("SET lock_timeout = DEFAULT").await?;
        Ok(())
    }

    /// Whether nothing was ever made in the file of a SQLite database.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn is_empty(&mut self) -> Result<bool> {
        let Self::Sqlite(connection) = self else {
            return Ok(false);
        };
        let sql =
            format!("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE tbl_name <> '{TABLE}')");
        let sql = sqlx::query_scalar(AssertSqlSafe(sql));
        Ok(sql.fetch_one(connection).await?)
    }

    /// What the database has recorded: numbers, and the checksums of the files.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn records(&mut self) -> Result<Vec<Record>> {
        let applied = self.inner().list_applied_migrations(TABLE).await;
        let record = |applied: AppliedMigration| Record {
            number: applied.version,
            checksum: applied.checksum.into_owned(),
        };
        Ok(applied.map_err(explain)?.into_iter().map(record).collect())
    }

    /// Records a squashed migration in place of those that it replaces, which are all applied.
    ///
    /// # Errors
    ///
    /// If the database refuses: it then remembers what it did before.
    pub async fn record_squashed(
        &mut self,
        migration: &Migration,
        replaced: &[Replaced],
    ) -> Result<()> {
        let up = migration.to_up();
        let numbers: Vec<_> = replaced.iter().map(|it| it.number.to_string()).collect();
        let numbers = numbers.join(", ");
        let forget = format!("DELETE FROM {TABLE} WHERE version IN ({numbers})");
        let forget = AssertSqlSafe(forget);
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                transaction.execute(forget).await?;
                transaction.skip(TABLE, &up).await.map_err(explain)?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                transaction.execute(forget).await?;
                transaction.skip(TABLE, &up).await.map_err(explain)?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Applies one migration and records it in the same transaction. Says whether it was this call
    /// that did it, and not another program a moment before. What the migrations `before` it do not know,
    /// and the database has, is not lost; without them it has nothing else.
    ///
    /// # Errors
    ///
    /// If a statement fails: nothing of the migration is applied then.
    pub async fn apply(
        &mut self,
        migration: &Migration,
        before: Option<&[&Migration]>,
    ) -> Result<bool> {
        let up = migration.to_up();
        let applied = match self {
            Self::Sqlite(connection) if !up.no_tx => apply_to_sqlite(connection, &up, before).await,
            _ => {
                let applied = self.inner().apply(TABLE, &up).await;
                applied.map(|_| true).map_err(explain)
            }
        };
        applied.map_err(|error| failed(error, migration, "up"))
    }

    /// Takes one migration back, and its record, in the same transaction; `before` are all that are
    /// applied, it included.
    ///
    /// # Errors
    ///
    /// If it has no way down or a statement fails.
    pub async fn revert(
        &mut self,
        migration: &Migration,
        before: Option<&[&Migration]>,
    ) -> Result<()> {
        let down = migration.to_down().ok_or_else(|| {
            Failure::new(format!("migration `{}` has no way down", migration.name))
                .hint(format!("write it: {}.down.sql", migration.name))
        })?;
        let reverted = match self {
            Self::Sqlite(connection) if !down.no_tx => {
                revert_on_sqlite(connection, &down, before).await
            }
            _ => {
                let reverted = self.inner().revert(TABLE, &down).await;
                reverted.map(drop).map_err(explain)
            }
        };
        reverted.map_err(|error| failed(error, migration, "down"))
    }

    /// Records a migration as applied without running it.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn fake(&mut self, migration: &Migration) -> Result<()> {
        self.inner()
            .skip(TABLE, &migration.to_up())
            .await
            .map_err(explain)
    }

    /// Removes the record of a migration without taking it back.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn forget(&mut self, migration: &Migration) -> Result<()> {
        let forgetting = Migration {
            down: Some(String::new()),
            ..migration.clone()
        };
        self.revert(&forgetting, None).await
    }
}

/// Takes the file's lock first and then looks again, so that of two programs one applies the
/// migration and the other finds it done.
async fn apply_to_sqlite(
    connection: &mut SqliteConnection,
    migration: &sqlx::migrate::Migration,
    before: Option<&[&Migration]>,
) -> Result<bool> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(|error| explain(error.into()))?;
    let done: Option<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT version FROM {TABLE} WHERE version = ?"
    )))
    .bind(migration.version)
    .fetch_optional(&mut *transaction)
    .await?;
    if done.is_some() {
        return Ok(false);
    }
    run_on_sqlite(&mut transaction, migration.sql.as_str(), before).await?;
    transaction.skip(TABLE, migration).await.map_err(explain)?;
    transaction.commit().await?;
    Ok(true)
}

async fn revert_on_sqlite(
    connection: &mut SqliteConnection,
    down: &sqlx::migrate::Migration,
    before: Option<&[&Migration]>,
) -> Result<()> {
    let begun = connection.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.map_err(|error| explain(error.into()))?;
    run_on_sqlite(&mut transaction, down.sql.as_str(), before).await?;
    let forget = format!("DELETE FROM {TABLE} WHERE version = ?");
    let forget = sqlx::query(AssertSqlSafe(forget)).bind(down.version);
    forget.execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}

/// Runs a script; where there may be more than the migrations `before` it know, that is not lost.
async fn run_on_sqlite(
    transaction: &mut SqliteConnection,
    script: &str,
    before: Option<&[&Migration]>,
) -> Result<()> {
    let Some(before) = before else {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        return Ok(script.execute(transaction).await.map(drop)?);
    };
    let scripts = before.iter().map(|migration| migration.up.as_str());
    rebuild::run(transaction, script, &scripts.collect::<Vec<_>>()).await
}

fn failed(error: anyhow::Error, migration: &Migration, direction: &str) -> anyhow::Error {
    let name = &migration.name;
    let failure = Failure::new(format!(
        "migration `{name}` failed on its way {direction}; the database is as it was before"
    ));
    let hint = match hint_of(&error) {
        Some(hint) => hint.to_owned(),
        None => what_helps(&error, &format!("{name}.{direction}.sql")),
    };
    error.context(failure.hint(hint))
}

/// The file is not always what is wrong.
fn what_helps(error: &anyhow::Error, file: &str) -> String {
    let told = format!("{error:#}");
    if told.contains("readonly database") {
        return "check who owns the database's file and its folder".to_owned();
    }
    let refuses_rows = ["constraint failed", "violates", "contains null values"];
    match refuses_rows.iter().any(|words| told.contains(words)) {
        true => {
            format!(
                "rows that are there do not fit: change them or {file}, then run the command again"
            )
        }
        false => format!("correct {file}, then run the command again"),
    }
}

/// Whether another program has the lock.
fn is_taken(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(sqlx::Error::Database(error)) => {
            error.code().as_deref() == Some("55P03")
        }
        _ => false,
    }
}

fn explain(error: MigrateError) -> anyhow::Error {
    let locked = is_locked(&error);
    let error = anyhow!(error);
    match locked {
        true => error.context(
            Failure::new("the database is locked")
                .hint("another program is writing to it; try again when it is done"),
        ),
        false => error,
    }
}
