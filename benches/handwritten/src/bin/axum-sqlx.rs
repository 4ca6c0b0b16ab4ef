//! A server of tasks by axum and sqlx alone, on SQLite.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use handwritten::{Asked, Failure, NewTask, PAGE, Page, arguments, open_sqlite, serve};
use serde::Serialize;
use sqlx::{FromRow, SqlitePool};

#[derive(FromRow, Serialize)]
struct Task {
    id: i64,
    title: String,
    completed: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, address] = arguments()?;
    let routes = Router::new()
        .route("/api/tasks/", get(list).post(create))
        .route("/api/tasks/{id}/", get(retrieve));
    Ok(serve(&address, routes.with_state(open_sqlite(&url).await?)).await?)
}

async fn list(
    State(db): State<SqlitePool>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Task>>, Failure> {
    let number = asked.page.max(1);
    let skip = (number - 1).saturating_mul(PAGE);
    let rows = "SELECT id, title, completed FROM api_task ORDER BY id LIMIT ? OFFSET ?";
    let rows = sqlx::query_as(rows)
        .bind(PAGE.cast_signed())
        .bind(i64::try_from(skip).map_err(|_| Failure::NotFound)?);
    let rows: Vec<Task> = rows.fetch_all(&db).await.map_err(failed)?;
    if rows.is_empty() && number > 1 {
        return Err(Failure::NotFound);
    }
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM api_task");
    let count: i64 = count.fetch_one(&db).await.map_err(failed)?;
    Ok(Json(Page::new(number, count.unsigned_abs(), rows)))
}

async fn retrieve(
    State(db): State<SqlitePool>,
    Path(id): Path<i64>,
) -> Result<Json<Task>, Failure> {
    let task = sqlx::query_as("SELECT id, title, completed FROM api_task WHERE id = ?").bind(id);
    let task = task.fetch_optional(&db).await.map_err(failed)?;
    task.map(Json).ok_or(Failure::NotFound)
}

async fn create(
    State(db): State<SqlitePool>,
    Json(sent): Json<NewTask>,
) -> Result<impl IntoResponse, Failure> {
    let task = sent.valid()?;
    let insert = "INSERT INTO api_task (title, completed) VALUES (?, ?) \
                  RETURNING id, title, completed";
    let insert = sqlx::query_as(insert).bind(task.title).bind(task.completed);
    let task: Task = insert.fetch_one(&db).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(task)))
}

fn failed(_: sqlx::Error) -> Failure {
    Failure::Database
}
