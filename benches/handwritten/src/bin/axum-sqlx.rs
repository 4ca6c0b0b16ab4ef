//! A server of tasks by axum and sqlx alone, on SQLite.

#[path = "../sqlx/tasks.rs"]
mod tasks;

use handwritten::{arguments, open_sqlite, serve};

type Pool = sqlx::SqlitePool;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, address] = arguments()?;
    let db = open_sqlite(&url).await?;
    Ok(serve(&address, tasks::routes().with_state(db)).await?)
}
