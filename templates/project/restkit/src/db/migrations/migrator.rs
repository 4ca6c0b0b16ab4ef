//! A connection that migrates: it runs migrations, and records them in sqlx's table.

use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::migrate::{AppliedMigration, Migrate, Migration as SqlxMigration};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::ledger::{self, TABLE};
use super::migration::Migration;
use super::rebuild;
use super::reconcile::{Record, Squashed};
use super::server::{self, Manner};

/// How long to wait for another program that has the file of a SQLite database.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that only migrates: on SQLite foreign keys are off, because rebuilding a table
/// drops it for a moment; such migrations check the keys themselves.
pub enum Migrator {
    /// A connection to a file.
    Sqlite(SqliteConnection),
    /// A connection to a server.
    Postgres(PgConnection),
}

impl Migrator {
    /// Keeps other migrating programs out until the connection ends (PostgreSQL; on SQLite each
    /// migration takes the file's lock itself). `tell` is told whom it waits for.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn lock(&mut self, tell: fn(&str)) -> Result<()> {
        match self {
            Self::Postgres(connection) => server::lock(connection, tell).await,
            Self::Sqlite(_) => Ok(()),
        }
    }

    /// Returns sqlx's way to migrate this database.
    pub(crate) fn inner(&mut self) -> &mut (dyn Migrate + Send) {
        match self {
            Self::Sqlite(connection) => connection,
            Self::Postgres(connection) => connection,
        }
    }

    /// Returns whether nothing was ever made in the file of a SQLite database.
    pub(crate) async fn is_empty(&mut self) -> Result<bool> {
        let Self::Sqlite(connection) = self else {
            return Ok(false);
        };
        let sql =
            format!("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE tbl_name <> '{TABLE}')");
        let is_empty = sqlx::query_scalar(AssertSqlSafe(sql));
        Ok(is_empty.fetch_one(connection).await?)
    }

    /// Returns whether sqlx's table is there.
    async fn has_records(&mut self) -> Result<bool> {
        match self {
            Self::Postgres(connection) => server::has_records(connection).await,
            Self::Sqlite(connection) => {
                let sql =
                    format!("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{TABLE}')");
                let has_records = sqlx::query_scalar(AssertSqlSafe(sql));
                Ok(has_records.fetch_one(connection).await?)
            }
        }
    }

    /// Reads what the database has recorded.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn records(&mut self) -> Result<Vec<Record>> {
        if !self.has_records().await? {
            return Ok(Vec::new());
        }
        let applied = self.inner().list_applied_migrations(TABLE).await?;
        let record = |applied: AppliedMigration| Record {
            number: applied.version,
            checksum: applied.checksum.into_owned(),
        };
        Ok(applied.into_iter().map(record).collect())
    }

    /// Makes sqlx's table, if it is missing: whoever only looks needs no right to do so.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub(crate) async fn make_records(&mut self) -> Result<()> {
        if self.has_records().await? || self.inner().ensure_migrations_table(TABLE).await.is_ok() {
            return Ok(());
        }
        // PostgreSQL refuses it to one of two programs that make it at the same moment.
        Ok(self.inner().ensure_migrations_table(TABLE).await?)
    }

    /// Runs one migration and records it in the same transaction. Returns whether it was this call that did
    /// it, and not another program a moment before. What the migrations `before` it do not know, and the
    /// database has, is not lost; without them it has nothing else.
    ///
    /// # Errors
    ///
    /// If a statement fails: nothing of the migration is applied then.
    pub(crate) async fn run_up(
        &mut self,
        migration: &Migration,
        before: Option<&[&Migration]>,
        manner: Manner,
    ) -> Result<bool> {
        let up = migration.to_up();
        match self {
            Self::Sqlite(connection) if !up.no_tx => {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                if is_recorded(&mut transaction, up.version).await? {
                    return Ok(false);
                }
                run_on_sqlite(&mut transaction, &migration.up, before).await?;
                transaction.skip(TABLE, &up).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) if !up.no_tx => {
                server::run(connection, &migration.up, Some(&up), manner).await?;
            }
            _ => drop(self.inner().apply(TABLE, &up).await?),
        }
        Ok(true)
    }

    /// Gives records the numbers and names that their migrations have by now.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub(crate) async fn renumber(&mut self, changes: &[(i64, &Migration)]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let changes = changes.iter();
        let changes = changes.map(|(old, new)| (*old, new.number, new.description()));
        let script = ledger::renumber(&changes.collect::<Vec<_>>());
        self.change_records(script, None).await
    }

    /// Records squashed migrations in place of those that they replace, where all of these are applied.
    ///
    /// # Errors
    ///
    /// If the database refuses: it then remembers what it did before.
    pub(crate) async fn record_squashed(&mut self, squashed: &[Squashed<'_>]) -> Result<()> {
        for squashed in squashed.iter().filter(|it| it.is_complete) {
            let numbers = squashed.replaced.iter().map(|it| it.number.to_string());
            let numbers = numbers.collect::<Vec<_>>().join(", ");
            let forget = format!("DELETE FROM {TABLE} WHERE version IN ({numbers})");
            let up = squashed.migration.to_up();
            self.change_records(forget, Some(&up)).await?;
        }
        Ok(())
    }

    /// Runs a script and records `applied`, in a transaction of its own.
    async fn change_records(
        &mut self,
        script: String,
        applied: Option<&SqlxMigration>,
    ) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(script));
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                script.execute(&mut *transaction).await?;
                if let Some(applied) = applied {
                    transaction.skip(TABLE, applied).await?;
                }
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                script.execute(&mut *transaction).await?;
                if let Some(applied) = applied {
                    transaction.skip(TABLE, applied).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(())
    }
}

/// Opens a file, and waits its turn: SQLite itself does not wait for another program that is just
/// turning the file to WAL.
pub(crate) async fn open(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let start = Instant::now();
    loop {
        match SqliteConnection::connect_with(options).await {
            Err(error) if is_locked(&error) && start.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            connection => return connection,
        }
    }
}

/// Returns whether the failure is that another program has the file of a SQLite database.
pub(crate) fn is_locked(error: &impl ToString) -> bool {
    error.to_string().contains("database is locked")
}

/// Looks again once the file is locked, so that of two programs one applies a migration and the other finds
/// it done.
async fn is_recorded(connection: &mut SqliteConnection, number: i64) -> Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {TABLE} WHERE version = ?)");
    let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(number);
    Ok(query.fetch_one(connection).await?)
}

/// Runs a script; where there may be more than the migrations `before` it know, that is not lost.
pub(crate) async fn run_on_sqlite(
    connection: &mut SqliteConnection,
    script: &str,
    before: Option<&[&Migration]>,
) -> Result<()> {
    let Some(before) = before else {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        return Ok(script.execute(connection).await.map(drop)?);
    };
    let scripts = before.iter().map(|migration| migration.up.as_str());
    rebuild::run(connection, script, &scripts.collect::<Vec<_>>()).await
}
