//! PostgreSQL: a pool that asks a connection whether it is alive only after it was idle.
//!
//! sqlx's own pool asks before and after each use, which doubles the ways to the server. Here a
//! connection that breaks, or whose prepared statements no longer fit the tables, is found by the
//! failure itself: what has changed nothing yet is sent again, once, and all others of the pool are
//! looked at before their next use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use futures_util::future::{BoxFuture, ready};
use sea_orm::{AccessMode, DbBackend, DbErr, Statement, TransactionOptions, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::connection::Channel;
use super::driver;
use super::driver::{Answer, Call, Driver, PoolState, Verdict, connected, failed, only_reads};
use super::transaction::{Transaction, scope};
use crate::Settings;

/// After so long without use a connection is asked whether it is still there.
const IDLE_BEFORE_PING: Duration = Duration::from_secs(30);

/// How long such a question may take.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// Open connections to one server; a clone is the same pool.
#[derive(Clone, Debug)]
pub struct Pool(managed::Pool<Postgres>);

/// Makes connections.
#[derive(Debug)]
pub struct Postgres {
    options: PgConnectOptions,
    patience: Duration,
    lifetime: Duration,
    statement_timeout: Duration,
    /// Goes up with each failure that may concern all connections.
    alarms: AtomicU64,
}

/// A connection, and what is known of its state.
#[derive(Debug)]
pub struct Client {
    connection: PgConnection,
    /// The alarms that it has heard of.
    heard: u64,
    /// Whether somebody has sent something and not waited for the answer.
    is_busy: bool,
}

impl Pool {
    /// A pool that connects with the first query, and again whenever the server comes back.
    ///
    /// # Errors
    ///
    /// If the pool cannot be made.
    pub fn open_lazily(options: PgConnectOptions, settings: &Settings) -> Result<Self, DbErr> {
        let driver = Postgres {
            options,
            patience: settings.database_acquire_timeout,
            lifetime: settings.database_connection_lifetime,
            statement_timeout: settings.database_statement_timeout,
            alarms: AtomicU64::new(0),
        };
        driver::pool(driver, settings.database_pool_size.max(1)).map(Self)
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or refuses.
    pub async fn open(options: PgConnectOptions, settings: &Settings) -> Result<Self, DbErr> {
        let pool = Self::open_lazily(options, settings)?;
        drop(connected(&pool.0).await?);
        Ok(pool)
    }

    /// Sends a statement that is a transaction of its own; a query is sent again, once, if it was the
    /// connection that failed.
    ///
    /// # Errors
    ///
    /// If the server refuses it.
    async fn perform(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let again = only_reads(&statement.sql).then(|| statement.clone());
        let first = self.send_once(call, statement).await;
        match (&first, again) {
            (Err(error), Some(again)) if self.is_spent(error) => self.send_once(call, again).await,
            _ => first,
        }
    }

    async fn send_once(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let mut client = connected(&self.0).await?;
        let answer = Postgres::run(&mut client, call, statement).await;
        if answer.as_ref().is_err_and(|error| self.is_spent(error)) {
            drop(managed::Object::take(client));
        }
        answer
    }

    fn is_spent(&self, error: &DbErr) -> bool {
        self.0.manager().verdict(error) == Verdict::Spent
    }
}

impl Channel for Pool {
    fn backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    fn send(&self, call: Call, statement: Statement) -> BoxFuture<'_, Result<Answer, DbErr>> {
        Box::pin(self.perform(call, statement))
    }

    fn begin(
        self: Arc<Self>,
        options: TransactionOptions,
    ) -> BoxFuture<'static, Result<Transaction, DbErr>> {
        let transaction = scope::open(self.0.clone(), begin(&options));
        Box::pin(ready(Ok(transaction)))
    }

    fn close(&self) {
        self.0.close();
    }

    fn pool_states(&self) -> Vec<PoolState> {
        vec![PoolState::of("primary", &self.0)]
    }
}

/// The statement that begins a transaction.
fn begin(options: &TransactionOptions) -> String {
    let mut begin = "BEGIN".to_owned();
    if let Some(level) = options.isolation_level {
        begin += &format!(" ISOLATION LEVEL {level}");
    }
    match options.access_mode {
        Some(AccessMode::ReadOnly) => begin += " READ ONLY",
        Some(AccessMode::ReadWrite) => begin += " READ WRITE",
        None => {}
    }
    begin
}

impl managed::Manager for Postgres {
    type Type = Client;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Client, sqlx::Error> {
        let heard = self.alarms.load(Ordering::Relaxed);
        let mut connection = self.options.connect().await?;
        if !self.statement_timeout.is_zero() {
            let milliseconds = self.statement_timeout.as_millis();
            let sql = AssertSqlSafe(format!("SET statement_timeout = {milliseconds}"));
            connection.execute(sql).await?;
        }
        Ok(Client {
            connection,
            heard,
            is_busy: false,
        })
    }

    async fn recycle(&self, client: &mut Client, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if client.is_busy {
            return Err(RecycleError::message("an answer was not waited for"));
        }
        if metrics.age() > self.lifetime {
            return Err(RecycleError::message("the connection is old"));
        }
        let alarms = self.alarms.load(Ordering::Relaxed);
        if client.heard != alarms {
            client.heard = alarms;
            let forget = client.connection.clear_cached_statements();
            return answered(forget).await;
        }
        if metrics.last_used() > IDLE_BEFORE_PING {
            answered(client.connection.ping()).await
        } else {
            Ok(())
        }
    }
}

async fn answered(
    question: impl Future<Output = Result<(), sqlx::Error>>,
) -> RecycleResult<sqlx::Error> {
    match tokio::time::timeout(PING_TIMEOUT, question).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(RecycleError::message("the server does not answer")),
    }
}

impl Driver for Postgres {
    const BACKEND: DbBackend = DbBackend::Postgres;

    async fn run(client: &mut Client, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        client.is_busy = true;
        let connection = &mut client.connection;
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
        client.is_busy = false;
        answer.map_err(|error| failed(error, call))
    }

    async fn begin(
        client: &mut Client,
        begin: &str,
        call: Call,
        first: Statement,
    ) -> Result<Answer, DbErr> {
        let begin = Statement::from_string(Self::BACKEND, begin);
        Self::run(client, Call::Unprepared, begin).await?;
        Self::run(client, call, first).await
    }

    fn verdict(&self, error: &DbErr) -> Verdict {
        match driver::cause(error) {
            Some(error) if is_lost(error) || is_stale(error) => {
                self.alarms.fetch_add(1, Ordering::Relaxed);
                Verdict::Spent
            }
            Some(sqlx::Error::Database(_)) => Verdict::Aborted,
            _ => Verdict::Sound,
        }
    }

    fn patience(&self) -> Duration {
        self.patience
    }
}

/// Returns whether the connection is gone: by the network, or since the server ends it
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>, classes 08 and 57P).
pub fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03")
        }
        _ => false,
    }
}

/// Returns whether a prepared statement is none any more: a table that it is about was changed, or somebody
/// has dropped it.
pub fn is_stale(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    match error.code().as_deref() {
        Some("0A000") => error.message().contains("cached plan"),
        Some("26000") => true,
        _ => false,
    }
}

/// Returns whether the server has no room for one more connection, or somebody holds what is asked for: it
/// may be otherwise a moment later.
pub fn is_busy(error: &sqlx::Error) -> bool {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default(),
        _ => return false,
    };
    matches!(&*code, "40001" | "40P01" | "53300" | "55P03")
}
