//! A connection, and the COMMIT that its next user sends along.
//!
//! Most of what a short write takes is the way to SQLite's thread and back. So a transaction that ends while others
//! wait hands the connection on at once, and its COMMIT travels with the first statement of the next one. SQLite
//! carries them out one after the other: each is still a transaction by itself, that succeeds or fails by itself.

use deadpool::managed;
use futures_util::TryStreamExt;
use sea_orm::{DbErr, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Either, Executor};
use tokio::sync::oneshot;

use super::Sqlite;
use crate::db::driver::{COMMIT, Call, Connected, connected, failed};
use crate::unbroken::Unbroken;

/// A connection to SQLite.
#[derive(Debug)]
pub struct Link {
    connection: SqliteConnection,
    /// Tells the transaction that has ended on this connection whether it was committed.
    unsent: Option<oneshot::Sender<Result<(), DbErr>>>,
}

impl Link {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self {
            connection,
            unsent: None,
        }
    }

    /// The connection itself.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Sends `sql` behind the COMMIT that is due; returns the rows that `call` wants.
    ///
    /// # Errors
    ///
    /// If SQLite refuses what `sql` says: by then the earlier transaction has been told of its own.
    pub(super) async fn begin(
        &mut self,
        sql: String,
        values: Values,
        call: Call,
    ) -> sqlx::Result<Vec<SqliteRow>> {
        if self.unsent.is_some() {
            let both = format!("{COMMIT}; {sql}");
            let begun = self.send(both, values.clone(), call).await;
            match begun {
                // COMMIT has failed, and nothing came after it.
                Err(error) if self.unsent.is_some() => self.tell(Err(error)).await,
                begun => return begun,
            }
        }
        self.send(sql, values, call).await
    }

    async fn send(
        &mut self,
        sql: String,
        values: Values,
        call: Call,
    ) -> sqlx::Result<Vec<SqliteRow>> {
        let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values));
        let mut answers = self.connection.fetch_many(query);
        let mut rows = Vec::new();
        while let Some(answer) = answers.try_next().await? {
            match answer {
                // The others need not be read.
                Either::Right(row) if call == Call::One => return Ok(vec![row]),
                Either::Right(row) => rows.push(row),
                // The first statement is done. Whoever waits for it need not wait for the others.
                Either::Left(_) => {
                    if let Some(unsent) = self.unsent.take() {
                        let _ = unsent.send(Ok(()));
                    }
                }
            }
        }
        Ok(rows)
    }

    /// Tells the earlier transaction what became of its COMMIT, and undoes what could not be committed.
    async fn tell(&mut self, committed: sqlx::Result<()>) {
        if committed.is_err() {
            // It may be undone already. If neither is possible, the next transaction cannot begin and says so.
            let _ = self.connection.execute("ROLLBACK").await;
        }
        if let Some(unsent) = self.unsent.take() {
            let _ = unsent.send(committed.map_err(|error| failed(error, Call::Execute)));
        }
    }
}

/// Waits for a connection on which nothing is left to commit.
///
/// # Errors
///
/// If none is free in time, or the file cannot be opened.
pub(super) async fn settled(pool: &managed::Pool<Sqlite>) -> Result<Connected<Sqlite>, DbErr> {
    let mut link = connected(pool).await?;
    if link.unsent.is_none() {
        return Ok(link);
    }
    let settle = async move {
        let committed = link.connection.execute(COMMIT).await;
        link.tell(committed.map(drop)).await;
        link
    };
    // To its end in any case: another one waits for the answer.
    Ok(Unbroken::new(settle).await)
}

/// Hands a connection on to those who wait for it, and waits until one of them has committed what was done on it.
///
/// # Errors
///
/// If it cannot be committed: then it is undone.
pub(super) async fn hand_over(
    pool: managed::Pool<Sqlite>,
    mut link: Connected<Sqlite>,
) -> Result<(), DbErr> {
    let (unsent, mut committed) = oneshot::channel();
    link.unsent = Some(unsent);
    drop(link);
    tokio::select! {
        biased;
        committed = &mut committed => return committed.unwrap_or_else(closed),
        // All who waited may have given up meanwhile: then it is our turn again.
        link = settled(&pool) => drop(link),
    }
    committed.await.unwrap_or_else(closed)
}

/// The failure of a transaction whose connection was closed, and so undone.
fn closed(_: oneshot::error::RecvError) -> Result<(), DbErr> {
    let words = "the connection was closed before the transaction was committed";
    Err(DbErr::Custom(words.to_owned()))
}
