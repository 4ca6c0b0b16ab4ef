//! Two ways to the same tables: SeaORM's, which makes them from compiled entities, and backsmith's,
//! which makes them from the entities' source. Both are carried out, and the databases compared.

mod facts;
mod ours;
mod theirs;
mod tolerated;

use std::collections::BTreeSet;

use anyhow::Result;
pub use backsmith::schema::Dialect;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};

pub use ours::sources;
pub use theirs::Theirs;

/// What one way made that the other did not, a line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub only_theirs: BTreeSet<String>,
    pub only_ours: BTreeSet<String>,
}

impl Differences {
    fn between(theirs: BTreeSet<String>, ours: BTreeSet<String>) -> Self {
        Self {
            only_theirs: theirs.difference(&ours).cloned().collect(),
            only_ours: ours.difference(&theirs).cloned().collect(),
        }
    }

    /// Returns whether both ways lead to the same.
    pub fn is_empty(&self) -> bool {
        self.only_theirs.is_empty() && self.only_ours.is_empty()
    }

    /// The lines, marked `-` for SeaORM's and `+` for backsmith's.
    pub fn lines(&self) -> Vec<String> {
        let theirs = self.only_theirs.iter().map(|line| format!("- {line}"));
        let ours = self.only_ours.iter().map(|line| format!("+ {line}"));
        theirs.chain(ours).collect()
    }
}

/// Compares on SQLite, in memory.
///
/// # Errors
///
/// If one of the two makes no valid tables.
pub async fn on_sqlite(theirs: &Theirs, models: &[(String, String)]) -> Result<Differences> {
    let statements = theirs.statements(Dialect::Sqlite);
    let theirs = sqlite_with(&statements).await?;
    let ours = sqlite_with(&[ours::script(models, Dialect::Sqlite)?]).await?;
    Ok(Differences::between(theirs, ours))
}

/// Compares on the PostgreSQL server at `url`, in schemas of their own that are dropped afterwards.
///
/// # Errors
///
/// If one of the two makes no valid tables, or the server cannot be reached.
pub async fn on_postgres(
    theirs: &Theirs,
    models: &[(String, String)],
    url: &str,
) -> Result<Differences> {
    let mut connection = PgConnection::connect(url).await?;
    let statements = theirs.statements(Dialect::Postgres);
    let theirs = postgres_with(&mut connection, &statements).await?;
    let ours = [ours::script(models, Dialect::Postgres)?];
    let ours = postgres_with(&mut connection, &ours).await?;
    Ok(Differences::between(theirs, ours))
}

async fn sqlite_with(statements: &[String]) -> Result<BTreeSet<String>> {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for statement in statements {
        connection.execute(AssertSqlSafe(statement.clone())).await?;
    }
    let facts = facts::sqlite::read(&mut connection).await?;
    Ok(tolerated::evened(facts, Dialect::Sqlite))
}

async fn postgres_with(
    connection: &mut PgConnection,
    statements: &[String],
) -> Result<BTreeSet<String>> {
    let begin =
        "SET client_min_messages = warning; CREATE SCHEMA compare; SET search_path = compare";
    connection.execute(begin).await?;
    // A table can only refer to one that is there: whatever fails is tried again after the others.
    let mut waiting: Vec<&String> = statements.iter().collect();
    loop {
        let mut failed = Vec::new();
        let mut last_error = None;
        for statement in &waiting {
            let done = connection.execute(AssertSqlSafe((*statement).clone()));
            if let Err(error) = done.await {
                failed.push(*statement);
                last_error = Some(error);
            }
        }
        match last_error {
            None => break,
            Some(error) if failed.len() == waiting.len() => {
                let reason = anyhow::Error::from(error).context(failed[0].clone());
                connection.execute("DROP SCHEMA compare CASCADE").await?;
                return Err(reason);
            }
            Some(_) => waiting = failed,
        }
    }
    let facts = facts::postgres::read(connection).await;
    connection.execute("DROP SCHEMA compare CASCADE").await?;
    Ok(tolerated::evened(facts?, Dialect::Postgres))
}
