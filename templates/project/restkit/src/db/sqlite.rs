//! SQLite: several connections that read, and one that writes.
//!
//! SQLite has one writer at a time. Whoever wants to write waits here for the one connection that
//! does, in order, and not in SQLite, which makes those who wait ask again and again. That
//! connection's cache is always the present state, too.
//!
//! sqlx's own pool asks every connection that comes back whether it is still alive, by a message to
//! its thread and an answer: with a file that doubles the cost of a short query.

mod limits;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, PoolError, RecycleResult};
use sea_orm::{ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

pub use transaction::{Scope, Transaction};

/// So many requests can read at once.
const READERS: usize = 8;

/// How long to wait for a connection. It is in vain if a query beside a transaction waits for the
/// end of that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Open connections to one file; a clone is the same pool.
#[derive(Clone, Debug)]
pub struct Pool {
    readers: managed::Pool<Manager>,
    writer: managed::Pool<Manager>,
}

/// A connection that goes back to its pool when it is dropped.
type Connected = managed::Object<Manager>;

/// Makes connections; those that come back are as good as new.
#[derive(Debug)]
struct Manager(SqliteConnectOptions);

/// What a statement is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Its effect.
    Execute,
    /// The same, for a text of one or more statements without values.
    Unprepared,
    /// Its first row.
    One,
    /// Its rows.
    All,
}

/// What came of it; one of the two is empty.
#[derive(Debug, Default)]
pub struct Answer {
    pub done: Option<ExecResult>,
    pub rows: Vec<QueryResult>,
}

impl Pool {
    /// Opens the file.
    ///
    /// # Errors
    ///
    /// If it is missing or cannot be opened.
    pub async fn open(options: SqliteConnectOptions) -> Result<Self, DbErr> {
        // A database in memory belongs to its one connection.
        let is_in_memory = options
            .get_filename()
            .to_string_lossy()
            .contains(":memory:");
        let pool = |size| {
            let pool = managed::Pool::builder(Manager(options.clone())).max_size(size);
            pool.build()
                .map_err(|error| DbErr::Custom(error.to_string()))
        };
        let writer = pool(1)?;
        let readers = match is_in_memory {
            true => writer.clone(),
            false => pool(READERS)?,
        };
        drop(connected(&readers).await?);
        Ok(Self { readers, writer })
    }

    /// Sends a statement that is a transaction of its own.
    ///
    /// # Errors
    ///
    /// If SQLite refuses it.
    pub async fn send(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let pool = match only_reads(&statement.sql) {
            true => &self.readers,
            false => &self.writer,
        };
        run(&mut *connected(pool).await?, call, statement).await
    }

    /// Closes it: from now on every query fails.
    pub fn close(&self) {
        self.readers.close();
        self.writer.close();
    }

    /// A transaction that begins with its first statement.
    pub fn begin(&self) -> Arc<Transaction> {
        Arc::new(Transaction::on(self.writer.clone()))
    }
}

impl managed::Manager for Manager {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.0.connect().await
    }

    async fn recycle(&self, _: &mut SqliteConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

async fn connected(pool: &managed::Pool<Manager>) -> Result<Connected, DbErr> {
    let connected = tokio::time::timeout(PATIENCE, pool.get()).await;
    let connected = connected.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
    connected.map_err(|error| match error {
        PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        error => DbErr::Custom(error.to_string()),
    })
}

/// What is not surely a query is sent to the connection that writes: that is slower, not wrong.
fn only_reads(sql: &str) -> bool {
    let word = sql.trim_start().get(..6);
    word.is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

async fn run(
    connection: &mut SqliteConnection,
    call: Call,
    mut statement: Statement,
) -> Result<Answer, DbErr> {
    limits::write(&mut statement);
    let sql = AssertSqlSafe(statement.sql);
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    if call == Call::Unprepared {
        let done = connection.execute(sql).await.map_err(not_executed)?;
        return Ok(Answer::of(done.into()));
    }
    let query = sqlx::query_with(sql, SqlxValues(values));
    let rows = match call {
        Call::All => query.fetch_all(connection).await.map_err(not_queried)?,
        Call::One => {
            let row = query.fetch_optional(connection).await;
            row.map_err(not_queried)?.into_iter().collect()
        }
        Call::Execute | Call::Unprepared => {
            let done = query.execute(connection).await.map_err(not_executed)?;
            return Ok(Answer::of(done.into()));
        }
    };
    Ok(Answer {
        done: None,
        rows: rows.into_iter().map(Into::into).collect(),
    })
}

impl Answer {
    fn of(done: ExecResult) -> Self {
        Self {
            done: Some(done),
            rows: Vec::new(),
        }
    }
}

fn not_executed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn not_queried(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
