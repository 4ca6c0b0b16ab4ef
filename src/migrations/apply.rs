//! Applying migrations to a real database: sqlx's table, checksums and locks.

use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

use super::squash::Replaced;
use super::{Migration, hexadecimal};
use crate::error::{Failure, hint_of};
use crate::schema::Dialect;
use crate::schema::introspect::{self, Snapshot};

/// Where sqlx records what was applied.
const TABLE: &str = "_sqlx_migrations";

const HOW_TO_WRITE: &str = "write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE";

/// Both databases understand the numbered parameter.
const FORGET: &str = "DELETE FROM _sqlx_migrations WHERE version = $1";

/// How long to wait for another program that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

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

impl Database {
    /// Reads a database URL; a relative path of SQLite's is relative to `root`.
    ///
    /// # Errors
    ///
    /// If it is neither SQLite's nor PostgreSQL's, or malformed.
    pub fn from_url(url: &str, root: &Path) -> Result<Self> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let options = SqliteConnectOptions::from_str(url).context(malformed())?;
                let path = root.join(options.get_filename());
                // Rebuilding a table drops it for a moment: its migration checks the keys itself.
                Ok(Self::Sqlite(
                    options
                        .filename(path)
                        .foreign_keys(false)
                        .busy_timeout(BUSY_TIMEOUT)
                        .disable_statement_logging(),
                ))
            }
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url).context(malformed())?;
                Ok(Self::Postgres(options.disable_statement_logging()))
            }
            _ => Err(
                Failure::new("DATABASE_URL begins neither with sqlite: nor with postgres:")
                    .hint(HOW_TO_WRITE)
                    .into(),
            ),
        }
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether there is nothing yet: a SQLite file that was never made.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Sqlite(options) => !options.get_filename().exists(),
            Self::Postgres(_) => false,
        }
    }

    /// Reads what is in it, and changes nothing.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or read.
    pub async fn inspect(&self) -> Result<Snapshot> {
        match self {
            Self::Sqlite(options) => {
                let file = options.get_filename().display().to_string();
                let connection = open(&options.clone().read_only(true)).await;
                let mut connection = connection.map_err(|error| unopened(error, &file))?;
                introspect::sqlite::read(&mut connection).await
            }
            Self::Postgres(options) => {
                let connection = PgConnection::connect_with(options).await;
                let mut connection = connection.map_err(|error| unreached(error, options))?;
                let schema = introspect::postgres::read(&mut connection).await?;
                Ok(Snapshot {
                    schema,
                    ..Snapshot::default()
                })
            }
        }
    }

    /// What it remembers of migrations; nothing if it is a file that was never made.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or read.
    pub async fn records(&self) -> Result<Vec<Record>> {
        if self.is_missing() {
            return Ok(Vec::new());
        }
        let mut migrator = self.connect().await?;
        let records = migrator.records().await;
        migrator.close().await?;
        records
    }

    /// Connects, and makes the file of a SQLite database if it is missing.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or the server does not answer: the message says which.
    pub async fn connect(&self) -> Result<Migrator> {
        let mut migrator = match self {
            Self::Sqlite(options) => {
                let options = options
                    .clone()
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal);
                let connection = open(&options).await;
                let file = options.get_filename().display().to_string();
                Migrator::Sqlite(connection.map_err(|error| unopened(error, &file))?)
            }
            Self::Postgres(options) => {
                let connection = PgConnection::connect_with(options).await;
                Migrator::Postgres(connection.map_err(|error| unreached(error, options))?)
            }
        };
        migrator
            .inner()
            .ensure_migrations_table(TABLE)
            .await
            .map_err(explain)?;
        Ok(migrator)
    }
}

/// Opens a file, and waits its turn: SQLite itself does not wait for another program that is just
/// turning the file to WAL.
async fn open(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
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

fn is_locked(error: &impl ToString) -> bool {
    error.to_string().contains("database is locked")
}

fn malformed() -> Failure {
    Failure::new("DATABASE_URL is malformed").hint(HOW_TO_WRITE)
}

fn unopened(error: sqlx::Error, file: &str) -> anyhow::Error {
    let locked = is_locked(&error);
    let failure = Failure::new(format!("could not open the database `{file}`"));
    anyhow!(error).context(match locked {
        true => failure.hint("another program is writing to it; try again when it is done"),
        false => failure.hint("check DATABASE_URL, and whether its folder exists and is yours"),
    })
}

fn unreached(error: sqlx::Error, options: &PgConnectOptions) -> anyhow::Error {
    let server = format!("{}:{}", options.get_host(), options.get_port());
    anyhow!(error).context(
        Failure::new(format!("could not connect to PostgreSQL at {server}"))
            .hint("check DATABASE_URL, and whether the server runs and the database exists"),
    )
}

impl Migrator {
    fn inner(&mut self) -> &mut (dyn Migrate + Send) {
        match self {
            Self::Sqlite(connection) => connection,
            Self::Postgres(connection) => connection,
        }
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
        self.inner().lock().await.map_err(explain)
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
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                for original in replaced {
                    sqlx::query(FORGET)
                        .bind(original.number)
                        .execute(&mut *transaction)
                        .await?;
                }
                transaction.skip(TABLE, &up).await.map_err(explain)?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                for original in replaced {
                    sqlx::query(FORGET)
                        .bind(original.number)
                        .execute(&mut *transaction)
                        .await?;
                }
                transaction.skip(TABLE, &up).await.map_err(explain)?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Applies one migration and records it in the same transaction. Says whether it was this call
    /// that did it, and not another program a moment before.
    ///
    /// # Errors
    ///
    /// If a statement fails: nothing of the migration is applied then.
    pub async fn apply(&mut self, migration: &Migration) -> Result<bool> {
        let up = migration.to_up();
        let applied = match self {
            Self::Sqlite(connection) => apply_to_sqlite(connection, &up).await,
            Self::Postgres(connection) => connection
                .apply(TABLE, &up)
                .await
                .map(|_| true)
                .map_err(explain),
        };
        applied.map_err(|error| failed(error, migration, "up"))
    }

    /// Takes one migration back, and its record, in the same transaction.
    ///
    /// # Errors
    ///
    /// If it has no way down or a statement fails.
    pub async fn revert(&mut self, migration: &Migration) -> Result<()> {
        let down = migration.to_down().ok_or_else(|| {
            Failure::new(format!("migration `{}` has no way down", migration.name))
                .hint(format!("write it: {}.down.sql", migration.name))
        })?;
        let reverted = self.inner().revert(TABLE, &down).await;
        reverted
            .map(drop)
            .map_err(explain)
            .map_err(|error| failed(error, migration, "down"))
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
        self.revert(&forgetting).await
    }
}

/// Takes the file's lock first and then looks again, so that of two programs one applies the
/// migration and the other finds it done.
async fn apply_to_sqlite(
    connection: &mut SqliteConnection,
    migration: &sqlx::migrate::Migration,
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
    sqlx::raw_sql(migration.sql.clone())
        .execute(&mut *transaction)
        .await?;
    transaction.skip(TABLE, migration).await.map_err(explain)?;
    transaction.commit().await?;
    Ok(true)
}

fn failed(error: anyhow::Error, migration: &Migration, direction: &str) -> anyhow::Error {
    let name = &migration.name;
    let failure = Failure::new(format!(
        "migration `{name}` failed on its way {direction}; the database is as it was before"
    ));
    let hint = match hint_of(&error) {
        Some(hint) => hint.to_owned(),
        None => format!("correct {name}.{direction}.sql, then run the command again"),
    };
    error.context(failure.hint(hint))
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
