//! The connection of a view: the database, or the transaction of the request.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sea_orm::prelude::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult,
    Statement, TransactionError, TransactionOptions, TransactionTrait,
};

use crate::db::Transaction;
use crate::db::driver::{Answer, Call, PoolState};
use crate::trace;

/// A database, or a transaction that has begun; SeaORM's queries take both. A clone is the same.
///
/// ```
/// use restkit::auth::models::group;
/// use restkit::{Context, Result};
/// use sea_orm::EntityTrait;
///
/// async fn groups(ctx: &Context) -> Result<Vec<group::Model>> {
///     Ok(group::Entity::find().all(ctx.db()).await?)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Connection(Arc<dyn Channel>);

/// A destination of statements: a pool, an open transaction, a read-only copy.
///
/// Its futures are boxed, so that the compiler looks once at what is in them and not for each method that sends
/// something: a third of the time that this library takes to compile.
pub(super) trait Channel: Debug + Send + Sync {
    fn backend(&self) -> DbBackend;

    /// Sends a statement.
    fn send(&self, call: Call, statement: Statement) -> BoxFuture<'_, Result<Answer, DbErr>>;

    /// Begins a transaction; within one, a part of it that can fail alone.
    fn begin(
        self: Arc<Self>,
        options: TransactionOptions,
    ) -> BoxFuture<'static, Result<Transaction, DbErr>>;

    /// Returns whether what is sent to it is part of a transaction.
    fn is_transaction(&self) -> bool {
        false
    }

    /// Closes the pools, if it is not a transaction on one of them.
    fn close(&self) {}

    /// Tells how busy the pools are.
    fn pool_states(&self) -> Vec<PoolState> {
        Vec::new()
    }
}

impl Connection {
    pub(super) fn new(channel: impl Channel + 'static) -> Self {
        Self(Arc::new(channel))
    }

    pub(super) fn on(channel: Arc<impl Channel + 'static>) -> Self {
        Self(channel)
    }

    pub(super) fn channel(&self) -> &Arc<dyn Channel> {
        &self.0
    }

    /// Returns whether what is sent to it is part of a transaction.
    pub fn is_transaction(&self) -> bool {
        self.0.is_transaction()
    }

    /// Closes the database: from now on every query fails. A transaction is not affected.
    ///
    /// # Errors
    ///
    /// If the server does not answer.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.0.close();
        Ok(())
    }

    /// How busy the pools are; a transaction has none.
    pub fn pool_states(&self) -> Vec<PoolState> {
        self.0.pool_states()
    }

    async fn send(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let watched = trace::watch(&statement);
        let answer = self.0.send(call, statement).await;
        trace::record(watched, answer.is_err());
        answer
    }

    async fn execute(&self, call: Call, statement: Statement) -> Result<ExecResult, DbErr> {
        let answer = self.send(call, statement).await?;
        answer
            .done
            .ok_or_else(|| DbErr::Custom("a statement without a result".to_owned()))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.execute(Call::Execute, statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let statement = Statement::from_string(self.get_database_backend(), sql);
        self.execute(Call::Unprepared, statement).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.send(Call::One, statement).await?.rows.pop())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.send(Call::All, statement).await?.rows)
    }

    /// Both databases answer an INSERT with its row: SQLite since 3.35, and the program has its own.
    fn support_returning(&self) -> bool {
        true
    }
}

#[async_trait::async_trait]
impl TransactionTrait for Connection {
    type Transaction = Transaction;

    async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_with_options(TransactionOptions::default()).await
    }

    async fn begin_with_config(
        &self,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<Transaction, DbErr> {
        let options = TransactionOptions {
            isolation_level,
            access_mode,
            ..TransactionOptions::default()
        };
        self.begin_with_options(options).await
    }

    async fn begin_with_options(&self, options: TransactionOptions) -> Result<Transaction, DbErr> {
        Arc::clone(&self.0).begin(options).await
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c Transaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        self.transaction_with_config(callback, None, None).await
    }

    async fn transaction_with_config<F, T, E>(
        &self,
        callback: F,
        isolation: Option<IsolationLevel>,
        access: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c Transaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let transaction = self.begin_with_config(isolation, access).await;
        let transaction = transaction.map_err(TransactionError::Connection)?;
        let done = callback(&transaction).await;
        let ended = if done.is_ok() {
            transaction.commit().await
        } else {
            transaction.rollback().await
        };
        ended.map_err(TransactionError::Connection)?;
        done.map_err(TransactionError::Transaction)
    }
}

/// Returns whether a connection is SQLite's.
pub(crate) fn is_sqlite(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}
