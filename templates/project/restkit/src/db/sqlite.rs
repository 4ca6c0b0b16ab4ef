//! SQLite: several connections that read, and one that writes.
//!
//! SQLite has one writer at a time. Whoever wants to write waits here for the one connection that
//! does, in order, and not in SQLite, which makes those who wait ask again and again. That
//! connection's cache is always the present state, too.
//!
//! sqlx's own pool asks every connection that comes back whether it is still alive, by a message to
//! its thread and an answer: with a file that doubles the cost of a short query.

mod limits;
mod moments;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, PoolError, RecycleResult};
use sea_orm::{ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteError, SqliteQueryResult, SqliteRow,
};
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
        let pool = Self::open_lazily(options)?;
        drop(connected(&pool.readers).await?);
        Ok(pool)
    }

    /// Opens the file with the first query: until there is one, each query fails.
    ///
    /// # Errors
    ///
    /// If the pool cannot be made.
    pub fn open_lazily(options: SqliteConnectOptions) -> Result<Self, DbErr> {
        let pool = |size| {
            let pool = managed::Pool::builder(Manager(options.clone())).max_size(size);
            pool.build()
                .map_err(|error| DbErr::Custom(error.to_string()))
        };
        let writer = pool(1)?;
        // A database in memory belongs to its one connection.
        let readers = match is_in_memory(&options) {
            true => writer.clone(),
            false => pool(READERS)?,
        };
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

/// Whether a database has no file.
pub fn is_in_memory(options: &SqliteConnectOptions) -> bool {
    let file = options.get_filename().to_string_lossy();
    file.contains(":memory:")
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
    moments::truncate(&mut statement);
    let sql = AssertSqlSafe(statement.sql);
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    let query = |sql| sqlx::query_with(sql, SqlxValues(values));
    let answer = match call {
        Call::Unprepared => connection.execute(sql).await.map(Answer::done),
        Call::Execute => query(sql).execute(connection).await.map(Answer::done),
        Call::One => query(sql)
            .fetch_optional(connection)
            .await
            .map(Answer::rows),
        Call::All => query(sql).fetch_all(connection).await.map(Answer::rows),
    };
    answer.map_err(|error| {
        let error = RuntimeErr::SqlxError(error.into());
        match call {
            Call::Execute | Call::Unprepared => DbErr::Exec(error),
            Call::One | Call::All => DbErr::Query(error),
        }
    })
}

impl Answer {
    fn done(result: SqliteQueryResult) -> Self {
        Self {
            done: Some(result.into()),
            rows: Vec::new(),
        }
    }

    fn rows(rows: impl IntoIterator<Item = SqliteRow>) -> Self {
        Self {
            done: None,
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// SQLite's own code for what went wrong, the primary one, if it is SQLite that tells
/// (<https://sqlite.org/rescode.html>).
pub fn code(error: &DbErr) -> Option<u32> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return None;
    };
    let error = error
        .as_database_error()?
        .try_downcast_ref::<SqliteError>()?;
    let code: u32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}
