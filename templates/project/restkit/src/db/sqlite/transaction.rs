//! Transactions of SQLite.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex};

use deadpool::managed;
use sea_orm::{DbBackend, DbErr, Statement};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::{Answer, Call, Connected, Manager, code, connected, run};
use crate::db::unit;

/// Where a transaction begins, that writes sooner or later: nobody else can write before its end,
/// so that what it reads is not changed under its hands.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// A transaction that takes its turn as a writer with its first statement, which is sent together
/// with BEGIN: one way to SQLite and back less while others wait.
#[derive(Debug)]
pub struct Transaction {
    writer: managed::Pool<Manager>,
    state: Mutex<State>,
    /// So many savepoints have had a name.
    savepoints: AtomicUsize,
    /// Those that were dropped without an end: they are undone before anything else is done.
    dropped: StdMutex<Vec<String>>,
}

#[derive(Debug)]
enum State {
    Waiting,
    Begun(Writer),
    Over,
}

/// The connection that writes, between BEGIN and COMMIT. Dropped there, it rolls back.
#[derive(Debug)]
struct Writer(Option<Connected>);

/// A transaction, or a part of it that can fail alone. Dropped without an end, it is undone.
#[derive(Debug)]
pub struct Scope {
    transaction: Arc<Transaction>,
    savepoint: Option<String>,
    has_ended: bool,
}

impl Transaction {
    pub(super) fn on(writer: managed::Pool<Manager>) -> Self {
        Self {
            writer,
            state: Mutex::new(State::Waiting),
            savepoints: AtomicUsize::new(0),
            dropped: StdMutex::default(),
        }
    }

    /// Sends a statement.
    ///
    /// # Errors
    ///
    /// If SQLite refuses it, or the transaction is over.
    pub async fn send(&self, call: Call, statement: Statement) -> Result<Answer, DbErr> {
        let mut state = self.state.lock().await;
        if let State::Waiting = *state {
            // Its own until it has begun: who is cut off here has begun nothing.
            let mut writer = Writer(Some(connected(&self.writer).await?));
            let answer = begin(writer.connection()?, call, statement).await;
            match answer.is_ok() {
                true => *state = State::Begun(writer),
                // SQLite has undone the one statement there was.
                false => writer.rollback().await,
            }
            return answer;
        }
        self.undo_dropped(&mut state).await?;
        let answer = run(state.writer()?.connection()?, call, statement).await;
        if answer.as_ref().is_err_and(ends_transactions) {
            state.end().await;
        }
        answer
    }

    async fn savepoint(&self) -> Result<String, DbErr> {
        let number = self.savepoints.fetch_add(1, Ordering::Relaxed);
        let name = format!("part_{number}");
        self.execute(&format!("SAVEPOINT {name}")).await?;
        Ok(name)
    }

    async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.send(Call::Execute, statement(sql)).await.map(drop)
    }

    async fn commit(&self) -> Result<(), DbErr> {
        let mut state = self.state.lock().await;
        self.undo_dropped(&mut state).await?;
        match std::mem::replace(&mut *state, State::Over) {
            State::Begun(writer) => writer.commit().await,
            State::Waiting => Ok(()),
            State::Over => Err(unit::over()),
        }
    }

    async fn rollback(&self) {
        self.state.lock().await.end().await;
    }

    async fn undo_dropped(&self, state: &mut State) -> Result<(), DbErr> {
        let dropped = self
            .dropped
            .lock()
            .map(|mut names| std::mem::take(&mut *names));
        for name in dropped.unwrap_or_default().iter().rev() {
            let sql = format!("ROLLBACK TO {name}; RELEASE {name}");
            let connection = state.writer()?.connection()?;
            run(connection, Call::Execute, statement(&sql)).await?;
        }
        Ok(())
    }
}

impl Scope {
    /// All of a transaction.
    pub fn whole(transaction: Arc<Transaction>) -> Self {
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
    /// If SQLite fails.
    pub async fn part(transaction: Arc<Transaction>) -> Result<Self, DbErr> {
        let savepoint = Some(transaction.savepoint().await?);
        Ok(Self {
            transaction,
            savepoint,
            has_ended: false,
        })
    }

    /// Keeps what was done.
    ///
    /// # Errors
    ///
    /// If SQLite fails: then nothing has happened.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        match &self.savepoint {
            Some(name) => self.transaction.execute(&format!("RELEASE {name}")).await?,
            None => self.transaction.commit().await?,
        }
        self.has_ended = true;
        Ok(())
    }

    /// Undoes what was done.
    ///
    /// # Errors
    ///
    /// If SQLite fails.
    pub async fn rollback(mut self) -> Result<(), DbErr> {
        match &self.savepoint {
            Some(name) => {
                let undo = format!("ROLLBACK TO {name}; RELEASE {name}");
                self.transaction.execute(&undo).await?;
            }
            None => self.transaction.rollback().await,
        }
        self.has_ended = true;
        Ok(())
    }
}

impl Drop for Scope {
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

impl State {
    fn writer(&mut self) -> Result<&mut Writer, DbErr> {
        match self {
            Self::Begun(writer) => Ok(writer),
            Self::Waiting | Self::Over => Err(unit::over()),
        }
    }

    /// Rolls back; nothing more can be done.
    async fn end(&mut self) {
        if let Self::Begun(writer) = std::mem::replace(self, Self::Over) {
            writer.rollback().await;
        }
    }
}

impl Writer {
    fn connection(&mut self) -> Result<&mut Connected, DbErr> {
        self.0.as_mut().ok_or_else(unit::over)
    }

    async fn rollback(mut self) {
        if let Some(connection) = self.0.take() {
            undo(connection).await;
        }
    }

    async fn commit(mut self) -> Result<(), DbErr> {
        run(self.connection()?, Call::Execute, statement("COMMIT")).await?;
        self.0 = None;
        // Whoever waits for the connection goes first: its statement is on the way while this
        // request's answer is written.
        tokio::task::yield_now().await;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let Some(connection) = self.0.take() else {
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
async fn undo(mut connection: Connected) {
    let undone = run(&mut connection, Call::Execute, statement("ROLLBACK")).await;
    if undone.is_err() {
        drop(Connected::take(connection));
    }
}

/// The first statement. One whose effect is counted is sent alone, since sqlx counts the rows that
/// all statements of a text have changed, and BEGIN the ones of the statement before it.
async fn begin(
    connection: &mut Connected,
    call: Call,
    mut first: Statement,
) -> Result<Answer, DbErr> {
    match call {
        Call::One | Call::All => first.sql = format!("{BEGIN}; {}", first.sql),
        Call::Execute | Call::Unprepared => {
            run(connection, Call::Execute, statement(BEGIN)).await?;
        }
    }
    run(connection, call, first).await
}

fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

/// Whether SQLite may have rolled everything back: out of memory, interrupted, a disk that fails or
/// is full (<https://sqlite.org/lang_transaction.html>, section 3).
fn ends_transactions(error: &DbErr) -> bool {
    code(error).is_some_and(|code| matches!(code, 7 | 9 | 10 | 13))
}
