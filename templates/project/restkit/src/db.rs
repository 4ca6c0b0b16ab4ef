//! The database: connecting to it, and keeping it up to date.

pub(crate) mod address;
mod connection;
mod driver;
pub mod migrations;
pub(crate) mod pooler;
mod postgres;
mod refused;
mod replica;
pub(crate) mod replicas;
pub(crate) mod sqlite;
mod transaction;
pub(crate) mod violation;

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow};
use sea_orm::sea_query::{NullOrdering, Order};
use sea_orm::{ConnAcquireErr, DbErr};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::Settings;

use address::Address;
use pooler::Way;

pub use connection::Connection;
pub(crate) use connection::is_sqlite;
pub use driver::PoolState;
pub use transaction::Transaction;
pub use violation::Violation;

/// How long a connection waits for another one that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// SQLite's code where another connection holds the file (<https://sqlite.org/rescode.html#busy>).
const SQLITE_BUSY: u32 = 5;

/// So many rows are read ahead.
const ROW_BUFFER: usize = 256;

/// A kind of database, as `DATABASE_URL` names it.
///
/// ```
/// use restkit::db::Database;
///
/// assert!(matches!(Database::from_url("sqlite://db.sqlite3"), Ok(Database::Sqlite(_))));
/// assert!(Database::from_url("mysql://host/name").is_err());
/// ```
#[derive(Clone, Debug)]
pub enum Database {
    /// A file, or memory.
    Sqlite(SqliteConnectOptions),
    /// A database of a server.
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
                let address = Address::from_str(url);
                let address =
                    address.map_err(|error| anyhow!("DATABASE_URL is malformed: {error}"))?;
                for name in &address.without_effect {
                    tracing::warn!("`{name}` in DATABASE_URL has no effect");
                }
                Ok(Self::Postgres(address.options))
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

    /// Looks for a pooler between the program and the database.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached.
    pub(crate) async fn way(&self) -> anyhow::Result<Way> {
        match self {
            Self::Sqlite(_) => Ok(Way::Direct),
            Self::Postgres(options) => pooler::probe(options).await.map_err(|error| {
                let words = unreached(Some(&error), options);
                anyhow!(error).context(words)
            }),
        }
    }

    /// Returns whether others could read along what goes to the server.
    pub(crate) fn is_read_along(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(options) => address::is_clear_text(options),
        }
    }

    /// Opens a pool that connects with the first query, and again whenever the database comes back:
    /// it need not exist yet.
    ///
    /// # Errors
    ///
    /// If the pool cannot be made.
    pub fn connect_lazily(self, settings: &Settings) -> anyhow::Result<Connection> {
        match self {
            Self::Sqlite(options) => Ok(Connection::new(sqlite::Pool::open_lazily(options)?)),
            Self::Postgres(options) => {
                let pool = postgres::Pool::open_lazily(options, settings)?;
                Ok(Connection::new(pool))
            }
        }
    }

    /// Opens a pool of connections.
    ///
    /// # Errors
    ///
    /// If the server does not answer or the file cannot be opened.
    pub async fn connect(self, settings: &Settings) -> anyhow::Result<Connection> {
        match self {
            Self::Sqlite(options) => {
                let file = options.get_filename().display().to_string();
                let pool = sqlite::Pool::open(options).await;
                let pool = pool.with_context(|| {
                    format!("could not open the database `{file}`; `migrate` makes it")
                })?;
                Ok(Connection::new(pool))
            }
            Self::Postgres(options) => {
                let pool = postgres::Pool::open(options.clone(), settings).await;
                let pool = pool.map_err(|error| {
                    let words = unreached(driver::cause(&error), &options);
                    anyhow!(error).context(words)
                })?;
                Ok(Connection::new(pool))
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
    let database = Database::from_url(&settings.database_url)?;
    database.connect(settings).await
}

/// Returns the position of rows without a value: last upwards and first downwards, on both databases.
/// SQLite's own default is the other way round; PostgreSQL's is the order of its indexes.
pub(crate) fn nulls(order: &Order) -> NullOrdering {
    match order {
        Order::Desc => NullOrdering::First,
        _ => NullOrdering::Last,
    }
}

/// Says which server cannot be reached, and what to do about it.
fn unreached(cause: Option<&sqlx::Error>, options: &PgConnectOptions) -> String {
    let server = address::server(options);
    let hint = cause.map(|cause| address::hint(cause, options));
    let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("could not connect to PostgreSQL at {server}{hint}")
}

/// Returns whether the database may do a moment later what it does not do now: somebody else has it, all
/// connections to it are in use, or the one that was used is gone.
pub(crate) fn is_passing(error: &DbErr) -> bool {
    if let DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) = error {
        return true;
    }
    if sqlite::code(error) == Some(SQLITE_BUSY) {
        return true;
    }
    let cause = driver::cause(error);
    cause.is_some_and(|cause| {
        postgres::is_busy(cause) || postgres::is_lost(cause) || postgres::is_stale(cause)
    })
}

/// The options of every connection to SQLite: readers do not wait for a writer (WAL), writes survive a
/// crash of the program (synchronous NORMAL; a power cut may cost the last ones), and foreign keys are
/// checked. The rows of a page fit between SQLite's thread and ours, so that neither waits for the other.
fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(ROW_BUFFER)
}
