//! A transaction: all of it happens, or nothing.

pub(super) mod scope;

use std::fmt::Debug;
use std::pin::Pin;

use futures_util::future::BoxFuture;
use sea_orm::prelude::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult,
    Statement, TransactionError, TransactionOptions, TransactionSession, TransactionTrait,
};

use crate::db::Connection;

/// A transaction that writes from its beginning: what it reads is not changed under its hands.
///
/// Dropped without [`commit`](Self::commit), it changes nothing.
///
/// ```
/// use restkit::{Context, Result};
///
/// async fn move_all(ctx: &Context) -> Result<()> {
///     let transaction = ctx.begin().await?;
///     let inside = ctx.within(&transaction);
///     // What is done with `inside.db()` happens as a whole.
///     Ok(transaction.commit().await?)
/// }
/// ```
#[derive(Debug)]
pub struct Transaction {
    connection: Connection,
    extent: Box<dyn Extent>,
}

/// The extent of a transaction: all of it, or the part since its savepoint. Dropped without an end, it is undone.
pub(super) trait Extent: Debug + Send + Sync {
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), DbErr>>;
    fn rollback(self: Box<Self>) -> BoxFuture<'static, Result<(), DbErr>>;
}

impl Transaction {
    pub(super) fn new(connection: Connection, extent: impl Extent + 'static) -> Self {
        let extent = Box::new(extent);
        Self { connection, extent }
    }

    /// The connection whose queries belong to this transaction.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Makes it happen.
    ///
    /// # Errors
    ///
    /// If the database fails: then nothing happens.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.extent.commit().await
    }

    /// Makes it undone.
    ///
    /// # Errors
    ///
    /// As for [`commit`](Self::commit).
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.extent.rollback().await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.connection.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.connection.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.connection.query_all_raw(statement).await
    }

    fn support_returning(&self) -> bool {
        self.connection.support_returning()
    }
}

#[async_trait::async_trait]
impl TransactionTrait for Transaction {
    type Transaction = Self;

    async fn begin(&self) -> Result<Self, DbErr> {
        self.connection.begin().await
    }

    async fn begin_with_config(
        &self,
        isolation: Option<IsolationLevel>,
        access: Option<AccessMode>,
    ) -> Result<Self, DbErr> {
        self.connection.begin_with_config(isolation, access).await
    }

    async fn begin_with_options(&self, options: TransactionOptions) -> Result<Self, DbErr> {
        self.connection.begin_with_options(options).await
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(&'c Self) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        self.connection.transaction(callback).await
    }

    async fn transaction_with_config<F, T, E>(
        &self,
        callback: F,
        isolation: Option<IsolationLevel>,
        access: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(&'c Self) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let connection = &self.connection;
        connection
            .transaction_with_config(callback, isolation, access)
            .await
    }
}

#[async_trait::async_trait]
impl TransactionSession for Transaction {
    async fn commit(self) -> Result<(), DbErr> {
        Transaction::commit(self).await
    }

    async fn rollback(self) -> Result<(), DbErr> {
        Transaction::rollback(self).await
    }
}
