//! SQLite: several connections that read, and one that writes.
//!
//! SQLite has one writer at a time. Whoever wants to write waits here for the one connection that
//! does, in order, and not in SQLite, which makes those who wait ask again and again. That
//! connection's cache is always the present state, too.
//!
//! sqlx's own pool asks every connection that comes back whether it is still alive, by a message to
//! its thread and an answer: with a file that doubles the cost of a short query.

mod limits;
mod link;
mod moments;

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, RecycleResult};
use futures_util::future::{BoxFuture, ready};
use sea_orm::{DbBackend, DbErr, Statement, TransactionOptions, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteError};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use super::connection::Channel;
use super::driver;
use super::driver::{
    Answer, Call, Connected, Driver, PoolState, Verdict, connected, failed, only_reads, over,
};
use super::transaction::{Transaction, scope};
use crate::unbroken::Unbroken;
use link::{Link, hand_over, settled};

/// So many requests can read at once.
const MAX_READERS: usize = 8;

/// How long to wait for a connection. It is in vain if a query beside a transaction waits for the
/// end of that.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Open connections to one file; a clone is the same pool.
#[derive(Clone, Debug)]
pub struct Pool {
    readers: managed::Pool<Sqlite>,
    writer: managed::Pool<Sqlite>,
}

/// Makes connections; those that come back are as good as new.
#[derive(Debug)]
pub struct Sqlite(SqliteConnectOptions);

/// Begins a transaction that will write: nobody else can write before its end, so that the rows it reads do
/// not change meanwhile.
const BEGIN: &str = "BEGIN IMMEDIATE";

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
        let pool = |size| driver::pool(Sqlite(options.clone()), size);
        let writer = pool(1)?;
        // A database in memory belongs to its one connection.
        let readers = if is_in_memory(&options) {
            writer.clone()
        } else {
            pool(MAX_READERS)?
        };
        Ok(Self { readers, writer })
    }

    /// Sends a statement that is a transaction of its own.
    ///
    /// # Errors
    ///
    /// If SQLite refuses it.
    async fn perform(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let pool = if only_reads(&statement.sql) {
            &self.readers
        } else {
            &self.writer
        };
        Sqlite::run(&mut *settled(pool).await?, call, statement).await
    }
}

impl Channel for Pool {
    fn backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    fn send(&self, call: Call, statement: Statement) -> BoxFuture<'_, Result<Answer, DbErr>> {
        Box::pin(self.perform(call, statement))
    }

    /// SQLite knows no options: nobody else writes meanwhile.
    fn begin(
        self: Arc<Self>,
        _: TransactionOptions,
    ) -> BoxFuture<'static, Result<Transaction, DbErr>> {
        let transaction = scope::open(self.writer.clone(), BEGIN.to_owned());
        Box::pin(ready(Ok(transaction)))
    }

    fn close(&self) {
        self.readers.close();
        self.writer.close();
    }

    fn pool_states(&self) -> Vec<PoolState> {
        vec![
            PoolState::of("read", &self.readers),
            PoolState::of("write", &self.writer),
        ]
    }
}

/// Returns whether a database has no file.
pub fn is_in_memory(options: &SqliteConnectOptions) -> bool {
    let file = options.get_filename().to_string_lossy();
    file.contains(":memory:")
}

impl managed::Manager for Sqlite {
    type Type = Link;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Link, sqlx::Error> {
        self.0.connect().await.map(Link::new)
    }

    async fn recycle(&self, _: &mut Link, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl Driver for Sqlite {
    const BACKEND: DbBackend = DbBackend::Sqlite;

    async fn run(link: &mut Link, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let connection = link.connection();
        let (sql, values) = sent(statement);
        let sql = AssertSqlSafe(sql);
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
        answer.map_err(|error| failed(error, call))
    }

    /// Sends both at once: one way to SQLite's thread and back less while others wait. A statement
    /// whose effect is counted is sent by itself, since sqlx counts the rows that all statements of a text
    /// have changed, and BEGIN the ones of the statement before it.
    async fn begin(
        link: &mut Link,
        begin: &str,
        call: Call,
        first: Statement,
    ) -> Result<Answer, DbErr> {
        let rows = match call {
            Call::One | Call::All => {
                let (sql, values) = sent(first);
                link.begin(format!("{begin}; {sql}"), values, call).await
            }
            Call::Execute | Call::Unprepared => {
                let nothing = Values(Vec::new());
                let begun = link.begin(begin.to_owned(), nothing, call).await;
                begun.map_err(|error| failed(error, Call::Execute))?;
                return Self::run(link, call, first).await;
            }
        };
        rows.map(Answer::rows).map_err(|error| failed(error, call))
    }

    async fn commit(
        pool: &managed::Pool<Self>,
        held: &mut Option<Connected<Self>>,
    ) -> Result<(), DbErr> {
        if pool.status().waiting == 0 {
            return driver::commit(held).await;
        }
        let link = held.take().ok_or_else(over)?;
        Unbroken::new(hand_over(pool.clone(), link)).await
    }

    /// SQLite may have rolled everything back: out of memory, interrupted, a disk that fails or is
    /// full (<https://sqlite.org/lang_transaction.html>, section 3).
    fn verdict(&self, error: &DbErr) -> Verdict {
        match code(error) {
            Some(7 | 9 | 10 | 13) => Verdict::Ended,
            _ => Verdict::Sound,
        }
    }

    fn patience(&self) -> Duration {
        ACQUIRE_TIMEOUT
    }
}

/// The text and the values of a statement, as SQLite is sent them.
fn sent(mut statement: Statement) -> (String, Values) {
    limits::write(&mut statement);
    moments::truncate(&mut statement);
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    (statement.sql, values)
}

/// SQLite's own code for what went wrong, the primary one, if it is SQLite that tells
/// (<https://sqlite.org/rescode.html>).
pub fn code(error: &DbErr) -> Option<u32> {
    let error = driver::cause(error)?.as_database_error()?;
    let error = error.try_downcast_ref::<SqliteError>()?;
    let code: u32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}
