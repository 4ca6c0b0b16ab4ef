//! A read-only copy of a PostgreSQL database, and what is read from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use sea_orm::{DbBackend, DbErr, Statement, TransactionOptions};

use crate::db::connection::Channel;
use crate::db::driver::{Answer, Call, only_reads};
use crate::db::{Transaction, driver, postgres};

/// PostgreSQL's code for a statement that took longer than it may: elsewhere it would as well.
const QUERY_CANCELED: &str = "57014";

/// How far the copy has come in the log of the database that it copies; NULL if it copies none.
const REPLAYED: &str = "SELECT CASE WHEN pg_is_in_recovery()
    THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END AS position";

/// How long a copy may take to say how far it has come.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// A copy, and what is known of its state.
#[derive(Debug)]
pub struct Replica {
    /// The server, for people.
    pub name: String,
    pool: postgres::Pool,
    /// The place that it has come to, when it was last asked.
    replayed: AtomicI64,
    is_fit: AtomicBool,
}

impl Replica {
    pub(super) fn new(name: String, pool: postgres::Pool) -> Self {
        Self {
            name,
            pool,
            replayed: AtomicI64::new(0),
            is_fit: AtomicBool::new(false),
        }
    }

    /// Returns whether requests may be sent to it.
    pub(super) fn is_fit(&self) -> bool {
        self.is_fit.load(Ordering::Relaxed)
    }

    /// Notes whether requests may be sent to it, and tells the log if that is new.
    pub(super) fn set_fit(&self, is_fit: bool, why: &str) {
        if self.is_fit.swap(is_fit, Ordering::Relaxed) == is_fit {
            return;
        }
        if is_fit {
            tracing::info!("the replica {} answers requests", self.name);
        } else {
            tracing::warn!("the replica {} is left out: {why}", self.name);
        }
    }

    /// The place that it is known to have come to.
    pub(super) fn known_position(&self) -> i64 {
        self.replayed.load(Ordering::Relaxed)
    }

    /// Asks how far it has come.
    ///
    /// # Errors
    ///
    /// Says why it is of no use, if it is not.
    pub(super) async fn ask_position(&self) -> Result<i64, String> {
        let statement = Statement::from_string(DbBackend::Postgres, REPLAYED);
        let asked = self.pool.send(Call::One, statement);
        let answer = tokio::time::timeout(CHECK_TIMEOUT, asked).await;
        let answer = answer.map_err(|_| "it does not answer".to_owned())?;
        let mut answer = answer.map_err(|error| error.to_string())?;
        let row = answer.rows.pop();
        let position =
            row.and_then(|row| row.try_get::<Option<i64>>("", "position").ok().flatten());
        let position = position.ok_or_else(|| "it is a database of its own".to_owned())?;
        self.replayed.fetch_max(position, Ordering::Relaxed);
        Ok(position)
    }
}

/// Reads from a copy, and does all else in the database itself: what writes, what comes after that, and what the copy
/// cannot answer.
#[derive(Debug)]
pub struct Reader {
    replica: Arc<Replica>,
    primary: Arc<dyn Channel>,
    /// Set once something was written, which the copy may not have yet.
    has_written: AtomicBool,
}

impl Reader {
    pub(super) fn new(replica: Arc<Replica>, primary: Arc<dyn Channel>) -> Self {
        Self {
            replica,
            primary,
            has_written: AtomicBool::new(false),
        }
    }

    /// The database itself, from now on.
    fn write(&self) -> &Arc<dyn Channel> {
        self.has_written.store(true, Ordering::Relaxed);
        &self.primary
    }

    /// Sends a statement to where it belongs.
    ///
    /// # Errors
    ///
    /// If the database itself refuses it.
    async fn perform(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        if self.has_written.load(Ordering::Relaxed) {
            return self.primary.send(call, statement).await;
        }
        if !only_reads(&statement.sql) {
            return self.write().send(call, statement).await;
        }
        match self.replica.pool.send(call, statement.clone()).await {
            Err(error) if !is_canceled(&error) => {
                if is_gone(&error) {
                    self.replica.set_fit(false, &error.to_string());
                }
                // A function that writes, a column that the copy does not have yet, a row that it is just given.
                self.write().send(call, statement).await
            }
            answer => answer,
        }
    }
}

impl Channel for Reader {
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
        Arc::clone(self.write()).begin(options)
    }

    fn close(&self) {
        self.replica.pool.close();
        self.primary.close();
    }
}

fn is_canceled(error: &DbErr) -> bool {
    let code = match driver::cause(error) {
        Some(sqlx::Error::Database(error)) => error.code().unwrap_or_default().into_owned(),
        _ => String::new(),
    };
    code == QUERY_CANCELED
}

fn is_gone(error: &DbErr) -> bool {
    match (error, driver::cause(error)) {
        (_, Some(cause)) => postgres::is_lost(cause),
        (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), None) => true,
        _ => false,
    }
}
