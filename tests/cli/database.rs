//! Executes SQL beside the program, as the people do who made a database before it.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

/// Executes SQL in a SQLite file.
pub fn execute(database: &Path, sql: impl Into<String>) {
    let url = format!("sqlite://{}?mode=rwc", database.display());
    let sql = AssertSqlSafe(sql.into());
    block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        connection.execute(sql).await.expect("valid SQL");
        connection.close().await.expect("closed");
    });
}

/// Executes SQL in a PostgreSQL database.
pub fn execute_on_postgres(url: &str, sql: impl Into<String>) {
    let sql = AssertSqlSafe(sql.into());
    block_on(async {
        let mut connection = PgConnection::connect(url).await.expect("a database");
        connection.execute(sql).await.expect("valid SQL");
        connection.close().await.expect("closed");
    });
}

/// Returns what a query finds in a SQLite file.
pub fn texts(database: &Path, sql: &str) -> Vec<String> {
    let url = format!("sqlite://{}", database.display());
    block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        let texts = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        texts.fetch_all(&mut connection).await.expect("texts")
    })
}

/// Returns what a query finds in a PostgreSQL database.
pub fn texts_on_postgres(url: &str, sql: &str) -> Vec<String> {
    block_on(async {
        let mut connection = PgConnection::connect(url).await.expect("a database");
        let texts = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        texts.fetch_all(&mut connection).await.expect("texts")
    })
}

/// Returns the statements that the head of what inspectdb prints says to run.
pub fn statements(inspected: &str) -> String {
    let head = inspected
        .lines()
        .filter_map(|line| line.strip_prefix("//!     "));
    let statements = head.filter(|line| line.ends_with(';'));
    statements.collect::<Vec<_>>().join("\n")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}
