//! The database: connecting to it, and keeping it up to date.

mod connection;
pub mod migrations;
pub(crate) mod sqlite;
mod squashed;
mod unit;
pub(crate) mod violation;

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow};
use sea_orm::SqlxPostgresConnector;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::Settings;

pub use connection::Connection;
pub use unit::Unit;
pub use violation::Violation;

/// How long a connection waits for another one that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// So many rows are read ahead.
const ROWS: usize = 256;

/// A kind of database, as `DATABASE_URL` names it.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

impl Database {
    /// Reads a database URL.
    ///
    /// # Errors
    ///
    /// If it is neither SQLite's nor PostgreSQL's.
    pub fn from_url(url: &str) -> anyhow::Result<Self> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let options = SqliteConnectOptions::from_str(url);
                Ok(Self::Sqlite(sqlite(
                    options.context("DATABASE_URL is malformed")?,
                )))
            }
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url);
                Ok(Self::Postgres(
                    options.context("DATABASE_URL is malformed")?,
                ))
            }
            _ => Err(anyhow!(
                "DATABASE_URL begins neither with sqlite: nor with postgres:, the databases that are supported"
            )),
        }
    }

    /// The name of its folder in `migrations/`.
    pub fn dialect(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Opens a pool that connects with the first query, and again whenever the database comes back:
    /// it need not exist yet.
    ///
    /// # Errors
    ///
    /// If the pool cannot be made.
    pub fn connect_lazily(self) -> anyhow::Result<Connection> {
        match self {
            Self::Sqlite(options) => Ok(Connection::Sqlite(sqlite::Pool::open_lazily(options)?)),
            Self::Postgres(options) => {
                let pool = PgPoolOptions::new().acquire_timeout(BUSY_TIMEOUT);
                let pool = pool.connect_lazy_with(options);
                let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
                Ok(Connection::Postgres(pool))
            }
        }
    }

    /// Opens a pool of connections.
    ///
    /// # Errors
    ///
    /// If the server does not answer or the file cannot be opened.
    pub async fn connect(self) -> anyhow::Result<Connection> {
        match self {
            Self::Sqlite(options) => {
                let file = options.get_filename().display().to_string();
                let pool = sqlite::Pool::open(options).await;
                let pool = pool.with_context(|| {
                    format!("could not open the database `{file}`; `migrate` makes it")
                })?;
                Ok(Connection::Sqlite(pool))
            }
            Self::Postgres(options) => {
                let pool = PgPoolOptions::new().acquire_timeout(BUSY_TIMEOUT);
                let server = format!("{}:{}", options.get_host(), options.get_port());
                let pool = pool.connect_with(options).await;
                let pool =
                    pool.with_context(|| format!("could not connect to PostgreSQL at {server}"))?;
                let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
                Ok(Connection::Postgres(pool))
            }
        }
    }
}

/// Opens the pool that the settings name.
///
/// # Errors
///
/// As for [`Database::from_url`] and [`Database::connect`].
pub async fn connect(settings: &Settings) -> anyhow::Result<Connection> {
    Database::from_url(&settings.database_url)?.connect().await
}

/// What every connection to SQLite has: readers that do not wait for a writer (WAL), writes that
/// survive a crash of the program (synchronous NORMAL; a power cut may cost the last ones), and
/// foreign keys that are checked. The rows of a page fit between SQLite's thread and ours, so that
/// neither waits for the other.
fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(ROWS)
}
