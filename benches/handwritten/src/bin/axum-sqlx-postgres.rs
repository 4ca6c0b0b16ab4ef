//! A server of tasks by axum and sqlx alone, on PostgreSQL.

#[path = "../sqlx/tasks.rs"]
mod tasks;

use handwritten::{arguments, open_postgres, serve};

type Pool = sqlx::PgPool;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, address] = arguments()?;
    let db = open_postgres(&url).await?;
    Ok(serve(&address, tasks::routes().with_state(db)).await?)
}
