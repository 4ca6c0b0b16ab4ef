//! A transaction on the connection of one driver, and its savepoints.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex};

use deadpool::managed;
use futures_util::future::BoxFuture;
use sea_orm::{DbBackend, DbErr, Statement, TransactionOptions};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::db::connection::Channel;
use crate::db::driver::{Answer, Call, Connected, Driver, Verdict, connected, over};
use crate::db::transaction::Extent;
use crate::db::{Connection, Transaction};
use crate::unbroken::Unbroken;

/// A transaction that takes a connection with its first statement.
#[derive(Debug)]
pub struct OpenTransaction<D: Driver> {
    pool: managed::Pool<D>,
    /// The statement that begins it.
    begin: String,
    state: Mutex<State<D>>,
    /// Counts the savepoints made so far: each gets a name of its own.
    savepoints: AtomicUsize,
    /// Those that were dropped without an end: they are undone before anything else is done.
    dropped: StdMutex<Vec<String>>,
}

#[derive(Debug)]
enum State<D: Driver> {
    Waiting,
    Begun(Begun<D>),
    Over,
}

/// A connection between BEGIN and COMMIT. Dropped there, it rolls back.
#[derive(Debug)]
struct Begun<D: Driver> {
    connection: Option<Connected<D>>,
    /// Set once a statement has failed and COMMIT would undo everything.
    is_aborted: bool,
}

/// A transaction, or a part of it that can fail alone. Dropped without an end, it is undone.
#[derive(Debug)]
pub struct Scope<D: Driver> {
    transaction: Arc<OpenTransaction<D>>,
    savepoint: Option<String>,
    has_ended: bool,
}

/// A transaction that the statement `begin` begins, with the first statement that is sent to it.
pub(in crate::db) fn open<D: Driver>(pool: managed::Pool<D>, begin: String) -> Transaction {
    let transaction = Arc::new(OpenTransaction {
        pool,
        begin,
        state: Mutex::new(State::Waiting),
        savepoints: AtomicUsize::new(0),
        dropped: StdMutex::default(),
    });
    let whole = Scope::whole(Arc::clone(&transaction));
    Transaction::new(Connection::on(transaction), whole)
}

impl<D: Driver> OpenTransaction<D> {
    /// Sends a statement. The first one is sent again, once, if it was the connection that failed:
    /// nothing has happened yet.
    ///
    /// # Errors
    ///
    /// If the database refuses it, or the transaction is over.
    async fn perform(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let mut state = self.state.lock().await;
        if let State::Waiting = *state {
            let first = self.begin(&mut state, call, statement.clone()).await;
            return match first {
                Err(error) if self.verdict(&error) == Verdict::Spent => {
                    self.begin(&mut state, call, statement).await
                }
                first => first,
            };
        }
        self.undo_dropped(&mut state).await?;
        let answer = D::run(state.begun()?.connection()?, call, statement).await;
        if let Err(error) = &answer {
            match self.verdict(error) {
                Verdict::Sound => {}
                Verdict::Aborted => state.begun()?.is_aborted = true,
                Verdict::Ended => state.end().await,
                Verdict::Spent => state.leave(),
            }
        }
        answer
    }

    async fn begin(
        &self,
        state: &mut State<D>,
        call: Call,
        first: Statement,
    ) -> Result<Answer, DbErr> {
        // Its own until it has begun: who is cut off here has begun nothing.
        let mut begun = Begun {
            connection: Some(connected(&self.pool).await?),
            is_aborted: false,
        };
        // To its end in any case: COMMIT of the transaction before may travel with it.
        let begin = self.begin.clone();
        let (begun, answer) = Unbroken::new(async move {
            let answer = match begun.connection() {
                Ok(connection) => D::begin(connection, &begin, call, first).await,
                Err(error) => Err(error),
            };
            (begun, answer)
        })
        .await;
        match answer.as_ref().map_err(|error| self.verdict(error)) {
            Ok(_) => *state = State::Begun(begun),
            Err(Verdict::Spent) => begun.leave(),
            // The one statement that there was is undone.
            Err(_) => begun.rollback().await,
        }
        answer
    }

    fn verdict(&self, error: &DbErr) -> Verdict {
        self.pool.manager().verdict(error)
    }

    async fn savepoint(&self) -> Result<String, DbErr> {
        let number = self.savepoints.fetch_add(1, Ordering::Relaxed);
        let name = format!("part_{number}");
        self.execute(&format!("SAVEPOINT {name}")).await?;
        Ok(name)
    }

    async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.perform(Call::Unprepared, statement::<D>(sql))
            .await
            .map(drop)
    }

    /// Undoes what was done since the savepoint.
    async fn undo(&self, savepoint: &str) -> Result<(), DbErr> {
        let undo = format!("ROLLBACK TO {savepoint}; RELEASE {savepoint}");
        self.execute(&undo).await?;
        self.state.lock().await.begun()?.is_aborted = false;
        Ok(())
    }

    async fn commit(&self) -> Result<(), DbErr> {
        let mut state = self.state.lock().await;
        self.undo_dropped(&mut state).await?;
        match std::mem::replace(&mut *state, State::Over) {
            State::Begun(begun) => begun.commit(&self.pool).await,
            State::Waiting => Ok(()),
            State::Over => Err(over()),
        }
    }

    async fn rollback(&self) {
        self.state.lock().await.end().await;
    }

    async fn undo_dropped(&self, state: &mut State<D>) -> Result<(), DbErr> {
        let dropped = self
            .dropped
            .lock()
            .map(|mut names| std::mem::take(&mut *names));
        for name in dropped.unwrap_or_default().iter().rev() {
            let sql = format!("ROLLBACK TO {name}; RELEASE {name}");
            let connection = state.begun()?.connection()?;
            D::run(connection, Call::Unprepared, statement::<D>(&sql)).await?;
            state.begun()?.is_aborted = false;
        }
        Ok(())
    }
}

impl<D: Driver> Channel for OpenTransaction<D> {
    fn backend(&self) -> DbBackend {
        D::BACKEND
    }

    fn send(&self, call: Call, statement: Statement) -> BoxFuture<'_, Result<Answer, DbErr>> {
        Box::pin(self.perform(call, statement))
    }

    /// SQL knows options of whole transactions only.
    fn begin(
        self: Arc<Self>,
        _: TransactionOptions,
    ) -> BoxFuture<'static, Result<Transaction, DbErr>> {
        Box::pin(async move {
            let part = Scope::part(Arc::clone(&self)).await?;
            Ok(Transaction::new(Connection::on(self), part))
        })
    }

    fn is_transaction(&self) -> bool {
        true
    }
}

impl<D: Driver> Scope<D> {
    /// All of a transaction.
    fn whole(transaction: Arc<OpenTransaction<D>>) -> Self {
        Self {
            transaction,
            savepoint: None,
            has_ended: false,
        }
    }

    /// A part of a transaction that has been begun elsewhere.
    ///
    /// # Errors
    ///
    /// If the database fails.
    async fn part(transaction: Arc<OpenTransaction<D>>) -> Result<Self, DbErr> {
        let savepoint = Some(transaction.savepoint().await?);
        Ok(Self {
            transaction,
            savepoint,
            has_ended: false,
        })
    }
}

impl<D: Driver> Extent for Scope<D> {
    fn commit(mut self: Box<Self>) -> BoxFuture<'static, Result<(), DbErr>> {
        Box::pin(async move {
            match &self.savepoint {
                Some(name) => self.transaction.execute(&format!("RELEASE {name}")).await?,
                None => self.transaction.commit().await?,
            }
            self.has_ended = true;
            Ok(())
        })
    }

    fn rollback(mut self: Box<Self>) -> BoxFuture<'static, Result<(), DbErr>> {
        Box::pin(async move {
            match &self.savepoint {
                Some(name) => self.transaction.undo(name).await?,
                None => self.transaction.rollback().await,
            }
            self.has_ended = true;
            Ok(())
        })
    }
}

impl<D: Driver> Drop for Scope<D> {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        match self.savepoint.take() {
            Some(name) => {
                if let Ok(mut dropped) = self.transaction.dropped.lock() {
                    dropped.push(name);
                }
            }
            // A statement that is under way has the state, and ends it when it is dropped itself.
            None => {
                if let Ok(mut state) = self.transaction.state.try_lock() {
                    *state = State::Over;
                }
            }
        }
    }
}

impl<D: Driver> State<D> {
    fn begun(&mut self) -> Result<&mut Begun<D>, DbErr> {
        match self {
            Self::Begun(begun) => Ok(begun),
            Self::Waiting | Self::Over => Err(over()),
        }
    }

    /// Rolls back; nothing more can be done.
    async fn end(&mut self) {
        if let Self::Begun(begun) = std::mem::replace(self, Self::Over) {
            begun.rollback().await;
        }
    }

    /// Leaves a connection that is of no use any more; nothing more can be done.
    fn leave(&mut self) {
        if let Self::Begun(begun) = std::mem::replace(self, Self::Over) {
            begun.leave();
        }
    }
}

impl<D: Driver> Begun<D> {
    fn connection(&mut self) -> Result<&mut Connected<D>, DbErr> {
        self.connection.as_mut().ok_or_else(over)
    }

    async fn rollback(mut self) {
        if let Some(connection) = self.connection.take() {
            undo(connection).await;
        }
    }

    /// Closes the connection: that rolls back, too.
    fn leave(mut self) {
        drop(self.connection.take().map(Connected::take));
    }

    /// PostgreSQL answers COMMIT without a word if it has undone everything.
    async fn commit(mut self, pool: &managed::Pool<D>) -> Result<(), DbErr> {
        if self.is_aborted {
            self.rollback().await;
            let words = "a statement of the transaction has failed, so nothing of it was kept";
            return Err(DbErr::Custom(words.to_owned()));
        }
        D::commit(pool, &mut self.connection).await
    }
}

impl<D: Driver> Drop for Begun<D> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(undo(connection))),
            // To be closed is to be rolled back.
            Err(_) => drop(Connected::take(connection)),
        }
    }
}

/// Rolls back, and closes a connection that cannot.
async fn undo<D: Driver>(mut connection: Connected<D>) {
    let rollback = statement::<D>("ROLLBACK");
    let undone = D::run(&mut connection, Call::Execute, rollback).await;
    if undone.is_err() {
        drop(Connected::take(connection));
    }
}

fn statement<D: Driver>(sql: &str) -> Statement {
    Statement::from_string(D::BACKEND, sql)
}
