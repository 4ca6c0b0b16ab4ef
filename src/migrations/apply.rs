//! Applying migrations to a real database, with words for what can go wrong.

use anyhow::{Context, Result};
use sqlx::migrate::{Migration as SqlxMigration, MigrationType};
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection};

use super::Migration;
use crate::error::{Failure, hint_of};
use crate::shared::ledger::TABLE;
pub use crate::shared::migrator::Migrator;
use crate::shared::migrator::{is_locked, run_on_sqlite};
use crate::shared::server::{self, Manner};

impl Migrator {
    /// Makes sqlx's table, if it is missing.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn remember(&mut self) -> Result<()> {
        self.make_records()
            .await
            .map_err(|error| match server::hint(&error) {
                Some(hint) => {
                    error.context(Failure::new("the migrations cannot be recorded").hint(hint))
                }
                None => explain(error),
            })
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

    /// Applies one migration, as [`run_up`](Self::run_up) does, and says what helps if it fails.
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
        let applied = self.run_up(migration, before, manner).await;
        applied.map_err(|error| failed(explain(error), migration, "up"))
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
        let down = migration.down.as_deref().ok_or_else(|| {
            Failure::new(format!("migration `{}` has no way down", migration.name))
                .hint(format!("write it: {}.down.sql", migration.name))
        })?;
        let down = migration.to_sqlx(MigrationType::ReversibleDown, down);
        let reverted = self.run_down(&down, before, manner).await;
        reverted.map_err(|error| failed(explain(error), migration, "down"))
    }

    async fn run_down(
        &mut self,
        down: &SqlxMigration,
        before: Option<&[&Migration]>,
        manner: Manner,
    ) -> Result<()> {
        let (script, number) = (down.sql.as_str(), down.version);
        match self {
            Self::Sqlite(connection) if !down.no_tx => {
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                run_on_sqlite(&mut transaction, script, before).await?;
                let forget = format!("DELETE FROM {TABLE} WHERE version = ?");
                let forget = sqlx::query(AssertSqlSafe(forget)).bind(number);
                forget.execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) if !down.no_tx => {
                let script = format!("{script}\n;\nDELETE FROM {TABLE} WHERE version = {number};");
                server::run(connection, &script, None, manner).await?;
            }
            _ => drop(self.inner().revert(TABLE, down).await?),
        }
        Ok(())
    }

    /// Records a migration as applied without running it.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn fake(&mut self, migration: &Migration) -> Result<()> {
        let recorded = self.inner().skip(TABLE, &migration.to_up()).await;
        recorded.map_err(|error| explain(error.into()))
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

fn explain(error: anyhow::Error) -> anyhow::Error {
    if error.chain().any(|cause| is_locked(&cause)) {
        error.context(
            Failure::new("the database is locked")
                .hint("another program is writing to it; try again when it is done"),
        )
    } else {
        error
    }
}
