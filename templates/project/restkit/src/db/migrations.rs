//! Applying the migrations that the program carries: sqlx's own table, checksums and locks.

mod ledger;
mod particulars;
mod rebuild;
mod server;
mod sql;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use include_dir::Dir;
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration, MigrationType};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};

use crate::db::{Database, squashed};
use ledger::TABLE;

pub use server::Manner;

/// How long a connection waits for another program that has the file of a SQLite database.
const PATIENCE: Duration = Duration::from_secs(5);

/// The migrations of one dialect, in order.
#[derive(Debug)]
pub struct Migrations {
    all: Vec<Migration>,
    /// Those that were squashed into others, for databases that have some of them.
    originals: Vec<Migration>,
}

/// How far a database is with the migrations of this program.
#[derive(Debug)]
pub struct Standing<'m> {
    pub pending: Vec<&'m Migration>,
    /// The numbers of those that only the database knows: the program is older.
    pub unknown: Vec<i64>,
    /// Those that have another number here: the one that the database has, and the new one.
    renumbered: Vec<(i64, i64)>,
}

/// A connection that only migrates: on SQLite foreign keys are off, because rebuilding a table
/// drops it for a moment; such migrations check the keys themselves.
pub enum Migrator {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Migrations {
    /// Reads the embedded files of `dialect`.
    ///
    /// # Errors
    ///
    /// If a name does not begin with a number, or two begin with the same one.
    pub fn embedded(files: &Dir<'static>, dialect: &str) -> Result<Self> {
        Ok(Self {
            all: read(files, dialect)?,
            originals: read(files, &format!("{dialect}/squashed"))?,
        })
    }

    /// What a database has `applied`, by the numbers and checksums of the files.
    fn settle(&self, applied: Vec<AppliedMigration>) -> (Vec<AppliedMigration>, Vec<(i64, i64)>) {
        let records = applied
            .into_iter()
            .map(|it| (it.version, it.checksum.into_owned()));
        let files = self.all.iter().chain(&self.originals);
        let files: Vec<_> = files.map(|it| (it.version, it.sql.as_str())).collect();
        let settled = ledger::settle(records.collect(), &files);
        let records = settled.records.into_iter();
        let applied = records.map(|(version, checksum)| AppliedMigration {
            version,
            checksum: checksum.into(),
        });
        (applied.collect(), settled.renumbered)
    }

    /// The scripts of those that are `applied`.
    fn scripts(&self, applied: &[AppliedMigration]) -> Vec<&str> {
        let known = || self.all.iter().chain(&self.originals);
        let scripts = applied.iter().filter_map(|applied| {
            let mut same = known().filter(|it| it.version == applied.version);
            same.find(|it| it.checksum == applied.checksum)
        });
        scripts.map(|migration| migration.sql.as_str()).collect()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Migration> {
        self.all.iter()
    }
}

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
        let sql = sqlx::raw_sql(AssertSqlSafe(ledger::renumber(&described)));
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                sql.execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                sql.execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
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
            let numbers = squashed.replaced.iter();
            let numbers: Vec<_> = numbers.map(|it| it.version.to_string()).collect();
            let numbers = numbers.join(", ");
            let forget = format!("DELETE FROM {TABLE} WHERE version IN ({numbers})");
            let forget = AssertSqlSafe(forget);
            match self {
                Self::Sqlite(connection) => {
                    let mut transaction = connection.begin().await?;
                    transaction.execute(forget).await?;
                    let done = transaction.skip(TABLE, squashed.migration).await;
                    done.map_err(explain)?;
                    transaction.commit().await?;
                }
                Self::Postgres(connection) => {
                    let mut transaction = connection.begin().await?;
                    transaction.execute(forget).await?;
                    let done = transaction.skip(TABLE, squashed.migration).await;
                    done.map_err(explain)?;
                    transaction.commit().await?;
                }
            }
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

    async fn has_records(&mut self) -> Result<bool> {
        match self {
            Self::Postgres(connection) => server::has_records(connection).await,
            Self::Sqlite(connection) => {
                let sql =
                    format!("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{TABLE}')");
                Ok(sqlx::query_scalar(AssertSqlSafe(sql))
                    .fetch_one(connection)
                    .await?)
            }
        }
    }

    /// What the database remembers, by the numbers and checksums of the files; and which of the
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

    /// Whether nothing was ever made in the file of a SQLite database.
    async fn is_empty(&mut self) -> Result<bool> {
        let Self::Sqlite(connection) = self else {
            return Ok(false);
        };
        let sql =
            format!("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE tbl_name <> '{TABLE}')");
        let is_empty = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(connection)
            .await?;
        Ok(is_empty)
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

    /// Keeps a second migrating program out until the connection ends (PostgreSQL; on SQLite each
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

    fn inner(&mut self) -> &mut (dyn Migrate + Send) {
        match self {
            Self::Sqlite(connection) => connection,
            Self::Postgres(connection) => connection,
        }
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

/// The migrations in `folder`, by number; none if there is no such folder.
fn read(files: &Dir<'static>, folder: &str) -> Result<Vec<Migration>> {
    let mut migrations = BTreeMap::new();
    let files = files.get_dir(folder).map(Dir::files).into_iter().flatten();
    for file in files {
        let name = file.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".up.sql") else {
            continue;
        };
        let (number, rest) = stem.split_once('_').unwrap_or((stem, ""));
        let version: i64 = number
            .parse()
            .map_err(|_| anyhow!("the migration `{name}` does not begin with a number"))?;
        let sql = file.contents_utf8().context("a migration is not UTF-8")?;
        let mut migration = Migration::new(
            version,
            rest.replace('_', " ").into(),
            MigrationType::ReversibleUp,
            AssertSqlSafe(sql).into_sql_str(),
            sql.starts_with("-- no-transaction"),
        );
        migration.checksum = ledger::checksum(sql);
        if migrations.insert(version, migration).is_some() {
            bail!(
                "two migrations have the number {number}; `backsmith makemigrations --merge` renumbers one"
            );
        }
    }
    Ok(migrations.into_values().collect())
}

/// Says how many migrations are not applied.
pub(crate) fn not_applied(count: usize) -> String {
    match count {
        1 => "1 migration is not applied".to_owned(),
        _ => format!("{count} migrations are not applied"),
    }
}

/// The numbers of the migrations that are not applied; a missing SQLite file has none applied and
/// is not made.
pub(crate) async fn pending(database: &Database, all: &Migrations) -> Result<BTreeSet<i64>> {
    let standing = standing(database, all).await?;
    Ok(standing.pending.iter().map(|it| it.version).collect())
}

/// How far the database is; a missing SQLite file is at the beginning and is not made.
pub(crate) async fn standing<'m>(database: &Database, all: &'m Migrations) -> Result<Standing<'m>> {
    if let Database::Sqlite(options) = database
        && !options.get_filename().exists()
    {
        return Ok(Standing {
            pending: all.iter().collect(),
            unknown: Vec::new(),
            renumbered: Vec::new(),
        });
    }
    let mut migrator = Migrator::connect(database).await?;
    let standing = migrator.standing(all).await;
    standing.context("the database and the program do not fit together")
}

fn unknown(number: i64) -> anyhow::Error {
    anyhow!(
        "the database has migration {number:04}, which this program does not have: it is older than the database, or the file is missing"
    )
}

/// Says that the database is ahead of the program.
pub(crate) fn is_ahead(unknown: &[i64]) -> Option<String> {
    let first = unknown.first()?;
    Some(format!(
        "the database is ahead of this program: it has migration {first:04}, which is not known here"
    ))
}

/// `0002_api_initial`, as the file is called.
pub fn name_of(migration: &Migration) -> String {
    format!(
        "{:04}_{}",
        migration.version,
        migration.description.replace(' ', "_")
    )
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
    match locked {
        true => {
            error.context("another program is writing to the database; try again when it is done")
        }
        false => error,
    }
}
