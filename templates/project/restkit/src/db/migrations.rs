//! Applying the migrations that the program carries: sqlx's own table, checksums and locks.

mod files;
mod ledger;
mod migrator;
mod particulars;
mod rebuild;
mod server;
mod sql;
mod standing;
mod views;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::db::{Database, squashed};
use ledger::TABLE;

pub use files::{Migrations, name_of};
pub use migrator::Migrator;
pub use server::Manner;
pub use standing::Standing;
use standing::unknown;
pub(crate) use standing::{is_ahead, not_applied, pending, standing};

/// How long a connection waits for another program that has the file of a SQLite database.
const PATIENCE: Duration = Duration::from_secs(5);

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

    /// The migrations that are not applied yet.
    ///
    /// # Errors
    ///
    /// If the database has one that is not here, or whose file was changed since: the message
    /// names it.
    pub async fn pending<'m>(&mut self, all: &'m Migrations) -> Result<Vec<&'m Migration>> {
        let standing = self.standing(all).await?;
        match standing.unknown.first() {
            Some(number) => Err(unknown(*number)),
            None => Ok(standing.pending),
        }
    }

    /// How far the database is.
    ///
    /// # Errors
    ///
    /// If it has one whose file was changed since, or misses some that a squashed one replaces.
    pub async fn standing<'m>(&mut self, all: &'m Migrations) -> Result<Standing<'m>> {
        let (applied, renumbered) = self.applied(all).await?;
        let fitted = squashed::fit(&all.all, &all.originals, &applied)?;
        let replaced = fitted.squashed.iter().flat_map(|it| &it.replaced);
        let replaced: Vec<_> = replaced.collect();
        let mut pending: BTreeMap<i64, &Migration> = fitted
            .migrations
            .iter()
            .map(|migration| (migration.version, *migration))
            .collect();
        let mut unknown = Vec::new();
        for applied in applied {
            let is_replaced = replaced.iter().any(|original| original.is(&applied));
            match pending.remove(&applied.version) {
                Some(migration) if migration.checksum == applied.checksum => {}
                _ if is_replaced => {}
                None => unknown.push(applied.version),
                Some(migration) => bail!(
                    "migration `{}` was changed after it was applied: put the file back as it was and write a new migration instead",
                    name_of(migration)
                ),
            }
        }
        Ok(Standing {
            pending: pending.into_values().collect(),
            unknown,
            renumbered,
        })
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
        self.remember().await?;
        let standing = self.standing(all).await?;
        if let Some(number) = standing.unknown.first() {
            return Err(unknown(*number));
        }
        self.renumber(all, &standing.renumbered, manner.tell)
            .await?;
        let is_empty = self.is_empty().await?;
        for migration in standing.pending {
            let is_ours = self.apply(migration, all, is_empty, manner).await?;
            report(migration, is_ours);
        }
        self.record_squashed(all).await
    }

    /// Gives records the numbers that their migrations have by now.
    async fn renumber(
        &mut self,
        all: &Migrations,
        changes: &[(i64, i64)],
        tell: fn(&str),
    ) -> Result<()> {
        let mut described = Vec::new();
        for (old, new) in changes {
            let migration = all.iter().find(|it| it.version == *new);
            let migration = migration.context("a migration has vanished")?;
            tell(&format!(
                "  Migration {old:04} is {} now, as in its file.",
                name_of(migration)
            ));
            described.push((*old, *new, migration.description.to_string()));
        }
        if described.is_empty() {
            return Ok(());
        }
        self.renumber_records(&described).await
    }

    /// Records squashed migrations in place of those that they replace, where all of these are
    /// applied.
    ///
    /// # Errors
    ///
    /// If the database refuses: it then remembers what it did before.
    async fn record_squashed(&mut self, all: &Migrations) -> Result<()> {
        let (applied, _) = self.applied(all).await?;
        let fitted = squashed::fit(&all.all, &all.originals, &applied)?;
        for squashed in fitted.squashed.iter().filter(|it| it.is_complete) {
            let replaced = squashed.replaced.iter().map(|it| it.version);
            let recorded = self.replace_records(replaced, squashed.migration).await;
            recorded.map_err(explain)?;
        }
        Ok(())
    }

    /// Makes sqlx's table, if it is missing: whoever only looks needs no right to do so.
    async fn remember(&mut self) -> Result<()> {
        if self.has_records().await? || self.make_records().await.is_ok() {
            return Ok(());
        }
        // PostgreSQL refuses it to one of two programs that make it at the same moment.
        self.make_records()
            .await
            .map_err(|error| match server::hint(&error) {
                Some(hint) => error.context(format!("the migrations cannot be recorded; {hint}")),
                None => error,
            })
    }

    async fn make_records(&mut self) -> Result<()> {
        let made = self.inner().ensure_migrations_table(TABLE).await;
        made.map_err(explain)
    }

    /// Returns what the database remembers, by the numbers and checksums of the files; and which of the
    /// records have another number.
    async fn applied(
        &mut self,
        all: &Migrations,
    ) -> Result<(Vec<AppliedMigration>, Vec<(i64, i64)>)> {
        if !self.has_records().await? {
            return Ok(Default::default());
        }
        let applied = self.inner().list_applied_migrations(TABLE).await;
        Ok(all.settle(applied.map_err(explain)?))
    }

    /// Applies one migration and records it, in one transaction. Says whether it was this call that
    /// did it, and not another program a moment before. What `began_empty` has nothing but what the
    /// migrations made.
    ///
    /// # Errors
    ///
    /// If one of its statements fails: nothing of it is applied then.
    async fn apply(
        &mut self,
        migration: &Migration,
        all: &Migrations,
        began_empty: bool,
        manner: Manner,
    ) -> Result<bool> {
        let applied = match self {
            Self::Sqlite(connection) if !migration.no_tx => {
                apply_to_sqlite(connection, migration, (!began_empty).then_some(all)).await
            }
            Self::Postgres(connection) if !migration.no_tx => {
                let script = migration.sql.as_str();
                let run = server::run(connection, script, Some(migration), manner);
                run.await.map(|()| true)
            }
            _ => {
                let applied = self.inner().apply(TABLE, migration).await;
                applied.map(|_| true).map_err(explain)
            }
        };
        applied.map_err(|error| {
            let hint = server::hint(&error);
            let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
            error.context(format!("migration `{}` failed{hint}", name_of(migration)))
        })
    }
}

/// Takes the file's lock first and then looks again, so that of two programs one applies the
/// migration and the other finds it done. `all` are the migrations that tell what else may be in the
/// database; without them nothing is.
async fn apply_to_sqlite(
    connection: &mut SqliteConnection,
    migration: &Migration,
    all: Option<&Migrations>,
) -> Result<bool> {
    let begun = connection.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.map_err(|error| explain(error.into()))?;
    let applied = transaction.list_applied_migrations(TABLE).await;
    let mut applied = applied.map_err(explain)?;
    if let Some(all) = all {
        applied = all.settle(applied).0;
    }
    if applied.iter().any(|done| done.version == migration.version) {
        return Ok(false);
    }
    match all {
        Some(all) => {
            let scripts = all.scripts(&applied);
            rebuild::run(&mut transaction, migration.sql.as_str(), &scripts).await?;
        }
        None => {
            let script = sqlx::raw_sql(migration.sql.clone());
            script.execute(&mut *transaction).await?;
        }
    }
    transaction.skip(TABLE, migration).await.map_err(explain)?;
    transaction.commit().await?;
    Ok(true)
}

/// Opens a file, and waits its turn: SQLite itself does not wait for another program that is just
/// turning the file to WAL.
async fn open(options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let options = options.clone().create_if_missing(true).foreign_keys(false);
    let start = Instant::now();
    let connection = loop {
        match SqliteConnection::connect_with(&options).await {
            Err(error) if is_locked(&error) && start.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            connection => break connection,
        }
    };
    let file = options.get_filename().display();
    connection.with_context(|| format!("could not open the database `{file}`"))
}

fn is_locked(error: &impl ToString) -> bool {
    error.to_string().contains("database is locked")
}

fn explain(error: MigrateError) -> anyhow::Error {
    let locked = is_locked(&error);
    let error = anyhow!(error);
    if locked {
        error.context("another program is writing to the database; try again when it is done")
    } else {
        error
    }
}
