//! A server of tasks by axum and SeaORM, without a kit.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use handwritten::{
    Asked, Failure, NewTask, PAGE, Page, arguments, open_postgres, open_sqlite, serve,
};
use sea_orm::{
    ActiveModelTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryOrder,
    QuerySelect, Set, SqlxPostgresConnector, SqlxSqliteConnector,
};

mod task {
    use sea_orm::entity::prelude::*;
    use serde::Serialize;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveEntityModel)]
    #[sea_orm(table_name = "api_task")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub completed: bool,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, address] = arguments()?;
    let routes = Router::new()
        .route("/api/tasks/", get(list).post(create))
        .route("/api/tasks/{id}/", get(retrieve));
    let db = if url.starts_with("postgres") {
        SqlxPostgresConnector::from_sqlx_postgres_pool(open_postgres(&url).await?)
    } else {
        SqlxSqliteConnector::from_sqlx_sqlite_pool(open_sqlite(&url).await?)
    };
    Ok(serve(&address, routes.with_state(db)).await?)
}

async fn list(
    State(db): State<DatabaseConnection>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<task::Model>>, Failure> {
    let number = asked.page.max(1);
    let tasks = task::Entity::find()
        .order_by_asc(task::Column::Id)
        .limit(PAGE)
        .offset((number - 1).saturating_mul(PAGE));
    let rows = tasks.all(&db).await.map_err(failed)?;
    if rows.is_empty() && number > 1 {
        return Err(Failure::NotFound);
    }
    let count = task::Entity::find().count(&db).await.map_err(failed)?;
    Ok(Json(Page::new(number, count, rows)))
}

async fn retrieve(
    State(db): State<DatabaseConnection>,
    Path(id): Path<i64>,
) -> Result<Json<task::Model>, Failure> {
    let task = task::Entity::find_by_id(id)
        .one(&db)
        .await
        .map_err(failed)?;
    task.map(Json).ok_or(Failure::NotFound)
}

async fn create(
    State(db): State<DatabaseConnection>,
    Json(sent): Json<NewTask>,
) -> Result<impl IntoResponse, Failure> {
    let task = sent.valid()?;
    let task = task::ActiveModel {
        title: Set(task.title),
        completed: Set(task.completed),
        ..Default::default()
    };
    let task = task.insert(&db).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(task)))
}

fn failed(_: DbErr) -> Failure {
    Failure::Database
}
