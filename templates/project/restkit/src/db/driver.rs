//! The common part of the pools of both databases: how a statement is sent, and what comes of it.

use std::fmt::Debug;
use std::time::Duration;

use deadpool::managed::{self, PoolError};
use sea_orm::{ConnAcquireErr, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};

/// A kind of database: its connections, and how it is spoken to.
pub trait Driver:
    managed::Manager<Type: Debug + Send, Error = sqlx::Error> + Debug + Sized + Send + Sync + 'static
{
    const BACKEND: DbBackend;

    /// Sends a statement.
    fn run(
        connection: &mut Self::Type,
        call: Call,
        statement: Statement,
    ) -> impl Future<Output = Result<Answer, DbErr>> + Send;

    /// Begins a transaction by the statement `begin`, and sends its first one.
    fn begin(
        connection: &mut Self::Type,
        begin: &str,
        call: Call,
        first: Statement,
    ) -> impl Future<Output = Result<Answer, DbErr>> + Send;

    /// Commits the transaction on the connection that is `held`, and gives that back to the pool. If it cannot, it may
    /// still be held.
    fn commit(
        pool: &managed::Pool<Self>,
        held: &mut Option<Connected<Self>>,
    ) -> impl Future<Output = Result<(), DbErr>> + Send {
        let _ = pool;
        commit(held)
    }

    /// Decides what the pool does about a failure.
    fn verdict(&self, error: &DbErr) -> Verdict;

    /// How long to wait for a connection.
    fn patience(&self) -> Duration;
}

/// How a failure leaves a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the statement's own.
    Sound,
    /// It is the statement's own, and PostgreSQL does nothing else any more up to the end of the
    /// transaction, or of the part of it that has a savepoint.
    Aborted,
    /// The transaction is over.
    Ended,
    /// The connection is of no use any more, or what was prepared on it: another one may do it.
    Spent,
}

/// The purpose that a statement is sent for.
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

/// The result of a statement; one of the two is empty.
#[derive(Debug, Default)]
pub struct Answer {
    pub done: Option<ExecResult>,
    pub rows: Vec<QueryResult>,
}

impl Answer {
    pub(super) fn done(result: impl Into<ExecResult>) -> Self {
        Self {
            done: Some(result.into()),
            rows: Vec::new(),
        }
    }

    pub(super) fn rows<R: Into<QueryResult>>(rows: impl IntoIterator<Item = R>) -> Self {
        Self {
            done: None,
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// A connection that goes back to its pool when it is dropped.
pub(super) type Connected<D> = managed::Object<D>;

/// Waits for a connection.
///
/// # Errors
///
/// If none is free in time, or there is no way to the database.
pub(super) async fn connected<D: Driver>(pool: &managed::Pool<D>) -> Result<Connected<D>, DbErr> {
    let connected = tokio::time::timeout(pool.manager().patience(), pool.get()).await;
    let connected = connected.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
    connected.map_err(|error| match error {
        PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        error => DbErr::Custom(error.to_string()),
    })
}

/// The statement that ends a transaction well.
pub(super) const COMMIT: &str = "COMMIT";

/// Sends COMMIT on the connection that is `held`, and gives that back.
///
/// # Errors
///
/// If the database refuses it.
pub(super) async fn commit<D: Driver>(held: &mut Option<Connected<D>>) -> Result<(), DbErr> {
    let connection = held.as_mut().ok_or_else(over)?;
    let commit = Statement::from_string(D::BACKEND, COMMIT);
    D::run(connection, Call::Execute, commit).await?;
    *held = None;
    // The next in line for the connection goes first: its statement is on the way while this request's
    // answer is written.
    tokio::task::yield_now().await;
    Ok(())
}

/// The failure of what is sent to a transaction that is over, or ends one that others still have.
pub(super) fn over() -> DbErr {
    DbErr::Custom("a copy of the request's context outlives its transaction".to_owned())
}

/// Makes a pool of at most `size` connections, which are made when they are needed.
///
/// # Errors
///
/// If it cannot be made.
pub(super) fn pool<D: Driver>(driver: D, size: usize) -> Result<managed::Pool<D>, DbErr> {
    let pool = managed::Pool::builder(driver).max_size(size).build();
    pool.map_err(|error| DbErr::Custom(error.to_string()))
}

/// How many connections a pool has, and how many requests wait for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// `read` and `write` of SQLite, `primary` of PostgreSQL.
    pub name: &'static str,
    /// Connections that somebody has.
    pub in_use: usize,
    /// Connections that nobody has.
    pub idle: usize,
    /// Requests that wait.
    pub waiting: usize,
}

impl PoolState {
    pub(super) fn of<D: Driver>(name: &'static str, pool: &managed::Pool<D>) -> Self {
        let status = pool.status();
        Self {
            name,
            in_use: status.size.saturating_sub(status.available),
            idle: status.available,
            waiting: status.waiting,
        }
    }
}

/// Turns an error of sqlx into one of SeaORM.
pub(super) fn failed(error: sqlx::Error, call: Call) -> DbErr {
    let error = RuntimeErr::SqlxError(error.into());
    match call {
        Call::Execute | Call::Unprepared => DbErr::Exec(error),
        Call::One | Call::All => DbErr::Query(error),
    }
}

/// sqlx's own failure behind one of SeaORM's.
pub(super) fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Returns whether a statement is surely a query; any other may write.
pub(super) fn only_reads(sql: &str) -> bool {
    let word = sql.trim_start().get(..6);
    word.is_some_and(|word| word.eq_ignore_ascii_case("select"))
}
