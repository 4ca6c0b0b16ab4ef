//! Applying migrations to a real database: sqlx's table, checksums and locks.

use anyhow::{Context, Result, anyhow};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError};
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::database::is_locked;
use super::squash::Replaced;
use super::{Migration, hexadecimal};
use crate::error::{Failure, hint_of};
use crate::shared::ledger::{self, TABLE};
pub use crate::shared::migrator::Migrator;
use crate::shared::rebuild;
use crate::shared::server::{self, Manner};

/// What a database remembers of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub number: i64,
    checksum: Vec<u8>,
}

impl Record {
    /// Whether `migration` is what was applied.
    pub fn is_of(&self, migration: &Migration) -> bool {
        self.number == migration.number && *self.checksum == *ledger::checksum(&migration.up)
    }

    /// The same records by the numbers and checksums of `files`, and those that have another number.
    pub(super) fn settle(records: &[Self], files: &[(i64, &str)]) -> (Vec<Self>, Vec<(i64, i64)>) {
        let records = records.iter().map(|it| (it.number, it.checksum.clone()));
        let settled = ledger::settle(records.collect(), files);
        let records = settled.records.into_iter();
        let records = records.map(|(number, checksum)| Self { number, checksum });
        (records.collect(), settled.renumbered)
    }

    /// The checksum in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hexadecimal(&self.checksum)
    }
}

impl Migrator {
    /// Makes sqlx's table, if it is missing: whoever only looks needs no right to do so.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn remember(&mut self) -> Result<()> {
        if self.has_records().await? || self.make_records().await.is_ok() {
            return Ok(());
        }
        // PostgreSQL refuses it to one of two programs that make it at the same moment.
        self.make_records()
            .await
            .map_err(|error| match server::hint(&error) {
                Some(hint) => {
                    error.context(Failure::new("the migrations cannot be recorded").hint(hint))
                }
                None => error,
            })
    }

    async fn make_records(&mut self) -> Result<()> {
        let made = self.inner().ensure_migrations_table(TABLE).await;
        made.map_err(explain)
    }

    /// Gives records the numbers and names that their migrations have by now.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn renumber(&mut self, changes: &[(i64, Migration)]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let changes = changes.iter().map(|(old, migration)| {
            let description = migration.to_up().description.to_string();
            (*old, migration.number, description)
        });
        self.renumber_records(&changes.collect::<Vec<_>>()).await
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

    /// What the database has recorded: numbers, and the checksums of the files.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn records(&mut self) -> Result<Vec<Record>> {
        if !self.has_records().await? {
            return Ok(Vec::new());
        }
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
        let replaced = replaced.iter().map(|it| it.number);
        let recorded = self.replace_records(replaced, &migration.to_up()).await;
        recorded.map_err(explain)
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
        manner: Manner,
    ) -> Result<bool> {
        let up = migration.to_up();
        let applied = match self {
            Self::Sqlite(connection) if !up.no_tx => apply_to_sqlite(connection, &up, before).await,
            Self::Postgres(connection) if !up.no_tx => {
                let run = server::run(connection, &migration.up, Some(&up), manner);
                run.await.map(|()| true)
            }
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
        manner: Manner,
    ) -> Result<()> {
        let down = migration.to_down().ok_or_else(|| {
            Failure::new(format!("migration `{}` has no way down", migration.name))
                .hint(format!("write it: {}.down.sql", migration.name))
        })?;
        let reverted = match self {
            Self::Sqlite(connection) if !down.no_tx => {
                revert_on_sqlite(connection, &down, before).await
            }
            Self::Postgres(connection) if !down.no_tx => {
                let (script, number) = (down.sql.as_str(), down.version);
                let script = format!("{script}\n;\nDELETE FROM {TABLE} WHERE version = {number};");
                server::run(connection, &script, None, manner).await
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
        self.revert(&forgetting, None, Manner::default()).await
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
    let known = hint_of(&error).map(str::to_owned);
    let hint = match known.or_else(|| server::hint(&error)) {
        Some(hint) => hint,
        None => what_helps(&error, &format!("{name}.{direction}.sql")),
    };
    error.context(failure.hint(hint))
}

/// The file is not always what is wrong.
fn what_helps(error: &anyhow::Error, file: &str) -> String {
    let told = format!("{error:#}");
    if told.contains("used by a view or rule") {
        let detail = detail(error).unwrap_or_default();
        return format!(
            "{detail}; let {file} drop the view first, and make it again in the end: PostgreSQL keeps its text, \
             SELECT pg_get_viewdef('the_view')"
        );
    }
    if told.contains("readonly database") {
        return "check who owns the database's file and its folder".to_owned();
    }
    let refuses_rows = [
        "constraint failed",
        "violates",
        "contains null values",
        "invalid input syntax",
        "out of range",
        "value too long",
        "cannot be cast",
    ];
    if refuses_rows.iter().any(|words| told.contains(words)) {
        format!("rows that are there do not fit: change them or {file}, then run the command again")
    } else {
        format!("correct {file}, then run the command again")
    }
}

/// Returns the detail that PostgreSQL adds to an error.
fn detail(error: &anyhow::Error) -> Option<String> {
    let error = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<sqlx::Error>())?;
    let error = error
        .as_database_error()?
        .try_downcast_ref::<PgDatabaseError>()?;
    error.detail().map(str::to_owned)
}

fn explain(error: MigrateError) -> anyhow::Error {
    let locked = is_locked(&error);
    let error = anyhow!(error);
    if locked {
        error.context(
            Failure::new("the database is locked")
                .hint("another program is writing to it; try again when it is done"),
        )
    } else {
        error
    }
}
