//! Applying the migrations that the program carries: sqlx's own table, checksums and locks.

mod files;
mod ledger;
mod migration;
mod migrator;
mod particulars;
mod rebuild;
mod reconcile;
mod server;
mod sql;
mod standing;
mod views;

use anyhow::{Context, Result, anyhow, bail};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::db::Database;
use migrator::is_locked;
use reconcile::reconcile;

pub use files::Migrations;
pub use migration::Migration;
pub use migrator::Migrator;
pub use reconcile::Reconciled;
pub use server::Manner;
pub(crate) use standing::{is_ahead, not_applied, standing};

impl Migrator {
    /// Opens a connection for migrating; the file of a SQLite database is made if it is missing.
    ///
    /// # Errors
    ///
    /// If the server does not answer or the file cannot be opened.
    pub async fn connect(database: &Database) -> Result<Self> {
        let migrator = match database {
            Database::Sqlite(options) => Self::Sqlite(open(options).await?),
            Database::Postgres(options) => {
                let connection = PgConnection::connect_with(options).await;
                Self::Postgres(connection.map_err(|error| {
                    let words = super::unreached(Some(&error), options);
                    anyhow!(error).context(words)
                })?)
            }
        };
        Ok(migrator)
    }

    /// Reconciles what the database has with the migrations of this program.
    ///
    /// # Errors
    ///
    /// If it has one whose file was changed since, or misses some that a squashed one replaces.
    pub async fn reconcile<'m>(&mut self, all: &'m Migrations) -> Result<Reconciled<'m>> {
        let reconciled = reconcile(&all.all, &all.originals, self.records().await?);
        reconciled.map_err(|mismatch| anyhow!("{mismatch}: {}", mismatch.hint()))
    }

    /// Applies everything that is pending, in order: what `migrate` and the test client both do.
    /// `report` is told of each migration, and whether it was this call that applied it.
    ///
    /// # Errors
    ///
    /// If one of them fails: those before it stay applied.
    pub async fn migrate(
        &mut self,
        all: &Migrations,
        mut report: impl FnMut(&Migration, bool),
        manner: Manner,
    ) -> Result<()> {
        self.make_records().await.map_err(unrecorded)?;
        let found = self.reconcile(all).await?;
        refuse_unknown(&found)?;
        for (old, new) in &found.renumbered {
            let name = &new.name;
            (manner.tell)(&format!(
                "  Migration {old:04} is {name} now, as in its file."
            ));
        }
        self.renumber(&found.renumbered).await?;
        let began_empty = self.is_empty().await?;
        let mut applied = found.done();
        for migration in found.pending {
            let before = (!began_empty).then_some(applied.as_slice());
            let is_ours = self.run_up(migration, before, manner).await;
            report(
                migration,
                is_ours.map_err(|error| failed(error, migration))?,
            );
            applied.push(migration);
        }
        if found.squashed.is_empty() {
            return Ok(());
        }
        let squashed = self.reconcile(all).await?.squashed;
        self.record_squashed(&squashed).await
    }
}

/// Refuses a database that is ahead of this program.
///
/// # Errors
///
/// Names the first migration that is not known here.
pub(crate) fn refuse_unknown(reconciled: &Reconciled<'_>) -> Result<()> {
    match reconciled.unknown.first() {
        None => Ok(()),
        Some(number) => bail!(
            "the database has migration {number:04}, which this program does not have: it is older than the database, or the file is missing"
        ),
    }
}

fn unrecorded(error: anyhow::Error) -> anyhow::Error {
    match server::hint(&error) {
        Some(hint) => error.context(format!("the migrations cannot be recorded; {hint}")),
        None => explain(error),
    }
}

fn failed(error: anyhow::Error, migration: &Migration) -> anyhow::Error {
    let hint = server::hint(&error);
    let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
    explain(error).context(format!("migration `{}` failed{hint}", migration.name))
}

async fn open(options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let options = options.clone().create_if_missing(true).foreign_keys(false);
    let file = options.get_filename().display();
    let connection = migrator::open(&options).await;
    connection.with_context(|| format!("could not open the database `{file}`"))
}

fn explain(error: anyhow::Error) -> anyhow::Error {
    if error.chain().any(|cause| is_locked(&cause)) {
        error.context("another program is writing to the database; try again when it is done")
    } else {
        error
    }
}
