//! A database by its URL, and connecting to it.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::Record;
use super::apply::Migrator;
use crate::error::Failure;
use crate::introspect;
use crate::schema::Dialect;
use crate::schema::snapshot::Snapshot;
use crate::schema::sql::quote;
use crate::shared::address::{self, Address};
use crate::shared::migrator::{BUSY_TIMEOUT, is_locked, open};
use crate::shared::pooler::{self, Way};
use crate::ui;

const HOW_TO_WRITE: &str = "write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE";

/// A database that can be connected to.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
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
                let address =
                    Address::from_str(url).map_err(|error| anyhow!(error).context(malformed()))?;
                for name in &address.without_effect {
                    ui::warning(format!("`{name}` in DATABASE_URL has no effect"));
                }
                Ok(Self::Postgres(address.options.disable_statement_logging()))
            }
            _ => Err(
                Failure::new("DATABASE_URL begins neither with sqlite: nor with postgres:")
                    .hint(HOW_TO_WRITE)
                    .into(),
            ),
        }
    }

    /// The SQL dialect of the database.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Returns whether there is nothing yet: a SQLite file that was never made.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Sqlite(options) => !options.get_filename().exists(),
            Self::Postgres(_) => false,
        }
    }

    /// Reads what is in it as models can say it, and changes nothing; the statements after which it
    /// is so, names included.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or read.
    pub async fn adopt(&self) -> Result<(Snapshot, Vec<String>)> {
        match self {
            Self::Sqlite(options) => {
                let file = options.get_filename().display().to_string();
                let connection = open(&options.clone().read_only(true)).await;
                let mut connection = connection.map_err(|error| unopened(error, &file))?;
                let mut snapshot = introspect::sqlite::read(&mut connection).await?;
                introspect::sqlite::look_at_rows(&mut connection, &mut snapshot).await?;
                let statements = introspect::adopt::adopt_sqlite(&mut snapshot);
                Ok((snapshot, statements))
            }
            Self::Postgres(options) => {
                let connection = PgConnection::connect_with(options).await;
                let mut connection = connection.map_err(|error| unreached(error, options))?;
                introspect::adopt_postgres::read(&mut connection).await
            }
        }
    }

    /// Returns whether `child` has rows and no row of the other table has `value` in its column;
    /// nothing if that cannot be told.
    pub async fn lacks_row(
        &self,
        child: &str,
        (table, column): (&str, &str),
        value: &str,
    ) -> Option<bool> {
        if self.is_missing() {
            return None;
        }
        let sql = format!(
            "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM {}) AND NOT EXISTS (SELECT 1 FROM {} WHERE {} = {value}) THEN 1 ELSE 0 END AS bigint)",
            quote(child),
            quote(table),
            quote(column)
        );
        let sql = AssertSqlSafe(sql);
        let lacks: i64 = match self {
            Self::Sqlite(options) => {
                let mut connection = open(options).await.ok()?;
                let lacks = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
                connection.close().await.ok()?;
                lacks.ok()?
            }
            Self::Postgres(options) => {
                let mut connection = PgConnection::connect_with(options).await.ok()?;
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .ok()?
            }
        };
        Some(lacks == 1)
    }

    /// Reads the records of migrations; none if it is a file that was never made.
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

    /// Refuses a pooler that would keep the lock of a migration.
    ///
    /// # Errors
    ///
    /// If there is one, or the server cannot be reached.
    pub async fn refuse_pooler(&self) -> Result<()> {
        let Self::Postgres(options) = self else {
            return Ok(());
        };
        match pooler::probe(options).await {
            Ok(Way::Direct) => Ok(()),
            Ok(Way::Pooled | Way::Mixed) => Err(Failure::new(pooler::KEEPS_LOCKS)
                .hint("set MIGRATIONS_DATABASE_URL to the server itself")
                .into()),
            Err(error) => Err(unreached(error, options)),
        }
    }

    /// Connects, and makes the file of a SQLite database if it is missing.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or the server does not answer: the message says which.
    pub async fn connect(&self) -> Result<Migrator> {
        let migrator = match self {
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
        Ok(migrator)
    }
}

fn malformed() -> Failure {
    Failure::new("DATABASE_URL is malformed").hint(HOW_TO_WRITE)
}

fn unopened(error: sqlx::Error, file: &str) -> anyhow::Error {
    let locked = is_locked(&error);
    let failure = Failure::new(format!("could not open the database `{file}`"));
    anyhow!(error).context(if locked {
        failure.hint("another program is writing to it; try again when it is done")
    } else {
        failure.hint("check DATABASE_URL, and whether its folder exists and is yours")
    })
}

fn unreached(error: sqlx::Error, options: &PgConnectOptions) -> anyhow::Error {
    let server = address::server(options);
    let hint = address::hint(&error, options);
    let failure = Failure::new(format!("could not connect to PostgreSQL at {server}"));
    anyhow!(error).context(failure.hint(hint))
}
