//! What views send their queries to: the pool, or the transaction of the request.

use std::pin::Pin;
use std::sync::Arc;

use sea_orm::prelude::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction,
    DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult, SqliteTransactionMode, Statement,
    TransactionError, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::db::limits;

/// A pool, or a transaction that has begun; SeaORM's queries take both.
#[derive(Clone, Debug)]
pub enum Connection {
    Pool(DatabaseConnection),
    Transaction(Arc<DatabaseTransaction>),
}

/// Lets writers in one by one. SQLite has one writer at a time: whoever has to wait does so here,
/// in order, and not in SQLite, which makes those who wait ask again and again.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<()>>);

/// A transaction that writes from its beginning: what it reads is not changed under its hands.
///
/// Dropped without [`commit`](Self::commit), it changes nothing.
#[derive(Debug)]
pub struct Unit {
    transaction: Arc<DatabaseTransaction>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Connection {
    /// Begins a unit of work; within a transaction it is a part of that one.
    ///
    /// # Errors
    ///
    /// If the database fails, or is busy for longer than the connection's timeout.
    pub async fn begin_unit(&self, turns: &Turns) -> Result<Unit, DbErr> {
        let (turn, mode) = match self {
            Self::Pool(pool) if pool.get_database_backend() == DbBackend::Sqlite => {
                let turn = Arc::clone(&turns.0).lock_owned().await;
                (Some(turn), Some(SqliteTransactionMode::Immediate))
            }
            _ => (None, None),
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: mode,
            ..Default::default()
        };
        Ok(Unit {
            transaction: Arc::new(self.begin_with_options(options).await?),
            _turn: turn,
        })
    }

    fn executor(&self) -> DatabaseExecutor<'_> {
        match self {
            Self::Pool(pool) => pool.into(),
            Self::Transaction(transaction) => transaction.as_ref().into(),
        }
    }
}

impl Unit {
    /// What to send the queries of this unit to.
    pub fn connection(&self) -> Connection {
        Connection::Transaction(Arc::clone(&self.transaction))
    }

    /// The same, borrowed.
    pub fn executor(&self) -> DatabaseExecutor<'_> {
        self.transaction.as_ref().into()
    }

    /// Makes it happen.
    ///
    /// # Errors
    ///
    /// If the database fails, or somebody has kept [`connection`](Self::connection): then nothing
    /// happens.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.end()?.commit().await
    }

    /// Makes it undone.
    ///
    /// # Errors
    ///
    /// As for [`commit`](Self::commit).
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.end()?.rollback().await
    }

    fn end(self) -> Result<DatabaseTransaction, DbErr> {
        Arc::into_inner(self.transaction).ok_or_else(|| {
            DbErr::Custom("a copy of the request's context outlives its transaction".to_owned())
        })
    }
}

impl<'c> From<&'c Connection> for DatabaseExecutor<'c> {
    fn from(connection: &'c Connection) -> Self {
        connection.executor()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.executor().get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.executor().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.executor().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, mut statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        limits::write(&mut statement);
        self.executor().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, mut statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        limits::write(&mut statement);
        self.executor().query_all_raw(statement).await
    }
}

#[async_trait::async_trait]
impl TransactionTrait for Connection {
    type Transaction = DatabaseTransaction;

    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.executor().begin().await
    }

    async fn begin_with_config(
        &self,
        isolation: Option<IsolationLevel>,
        access: Option<AccessMode>,
    ) -> Result<DatabaseTransaction, DbErr> {
        self.executor().begin_with_config(isolation, access).await
    }

    async fn begin_with_options(
        &self,
        options: TransactionOptions,
    ) -> Result<DatabaseTransaction, DbErr> {
        self.executor().begin_with_options(options).await
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c DatabaseTransaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        self.executor().transaction(callback).await
    }

    async fn transaction_with_config<F, T, E>(
        &self,
        callback: F,
        isolation: Option<IsolationLevel>,
        access: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c DatabaseTransaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let executor = self.executor();
        executor
            .transaction_with_config(callback, isolation, access)
            .await
    }
}
