//! The tasks of both servers that use sqlx alone. SQLite knows PostgreSQL's placeholders.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use handwritten::{Asked, Failure, NewTask, PAGE, Page};
use serde::Serialize;
use sqlx::FromRow;

use crate::Pool;

#[derive(FromRow, Serialize)]
struct Task {
    id: i64,
    title: String,
    completed: bool,
}

/// The routes of the API.
pub fn routes() -> Router<Pool> {
    Router::new()
        .route("/api/tasks/", get(list).post(create))
        .route("/api/tasks/{id}/", get(retrieve))
}

async fn list(
    State(db): State<Pool>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Task>>, Failure> {
    let number = asked.page.max(1);
    let skip = (number - 1).saturating_mul(PAGE);
    let rows = "SELECT id, title, completed FROM api_task ORDER BY id LIMIT $1 OFFSET $2";
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

async fn retrieve(State(db): State<Pool>, Path(id): Path<i64>) -> Result<Json<Task>, Failure> {
    let task = sqlx::query_as("SELECT id, title, completed FROM api_task WHERE id = $1").bind(id);
    let task = task.fetch_optional(&db).await.map_err(failed)?;
    task.map(Json).ok_or(Failure::NotFound)
}

async fn create(
    State(db): State<Pool>,
    Json(sent): Json<NewTask>,
) -> Result<impl IntoResponse, Failure> {
    let task = sent.valid()?;
    let insert = "INSERT INTO api_task (title, completed) VALUES ($1, $2) \
                  RETURNING id, title, completed";
    let insert = sqlx::query_as(insert).bind(task.title).bind(task.completed);
    let task: Task = insert.fetch_one(&db).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(task)))
}

fn failed(_: sqlx::Error) -> Failure {
    Failure::Database
}
