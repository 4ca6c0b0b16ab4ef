//! Poolers between a program and PostgreSQL that hand the server to another client after each
//! transaction: PgBouncer in transaction mode, for one.
//!
//! A statement that one client prepares there may be run by another, and a lock that it takes stays behind.
//! PgBouncer 1.21 and later keep track of prepared statements, if `max_prepared_statements` says so.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};

/// So often two clients try to get into each other's way.
const ROUNDS: usize = 3;

/// Asks for the process of the server. The words differ, so that each is a statement of its own.
const ONE: &str = "SELECT pg_backend_pid() AS one, 1 AS number";
const OTHER: &str = "SELECT pg_backend_pid() AS other, 2 AS number";

/// The way from the program to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing that one would notice: each connection has a server process of its own.
    Direct,
    /// A pooler that keeps track of prepared statements.
    Pooled,
    /// One that does not: values may reach the statements of others.
    Mixed,
}

/// Finds out whether a pooler is in between.
///
/// # Errors
///
/// If the server cannot be reached.
pub async fn probe(options: &PgConnectOptions) -> Result<Way, sqlx::Error> {
    match ask_in_turns(options).await {
        Err(error) if is_anothers(&error) => Ok(Way::Mixed),
        way => way,
    }
}

async fn ask_in_turns(options: &PgConnectOptions) -> Result<Way, sqlx::Error> {
    let mut one = PgConnection::connect_with(options).await?;
    let mut other = PgConnection::connect_with(options).await?;
    let (first, _) = ask(&mut one, ONE).await?;
    let mut way = Way::Direct;
    for _ in 0..ROUNDS {
        // The other one takes the process that was used last, and keeps it.
        other.execute("BEGIN").await?;
        let theirs = ask(&mut other, OTHER).await;
        let ours = ask(&mut one, ONE).await;
        let ended = other.execute("ROLLBACK").await;
        match (theirs, ours, ended) {
            (Ok((_, 2)), Ok((pid, 1)), Ok(_)) if pid == first => {}
            (Ok((_, 2)), Ok((_, 1)), Ok(_)) => way = Way::Pooled,
            _ => return Ok(Way::Mixed),
        }
        match ask(&mut one, ONE).await {
            Ok((pid, 1)) if pid == first => {}
            Ok((_, 1)) => way = Way::Pooled,
            _ => return Ok(Way::Mixed),
        }
    }
    Ok(way)
}

/// Returns whether a statement was prepared by somebody else, or is not there.
fn is_anothers(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| matches!(error.code().as_deref(), Some("42P05" | "26000")))
}

async fn ask(connection: &mut PgConnection, sql: &'static str) -> Result<(i32, i32), sqlx::Error> {
    sqlx::query_as(sql).fetch_one(connection).await
}

/// Why migrations refuse a pooler.
pub const KEEPS_LOCKS: &str =
    "a pooler is in front of the database, where the lock of a migration would stay behind";

/// Why a server refuses a pooler of the kind [`Way::Mixed`].
pub const MIXES_STATEMENTS: &str =
    "a pooler is in front of the database that mixes up the prepared statements of its clients";

/// Says what to do about a pooler.
pub const HINT: &str = "let it pool sessions (pool_mode = session), take PgBouncer 1.21 or later with \
     max_prepared_statements, or name the server itself";
