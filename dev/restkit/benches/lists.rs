//! What a page of a million rows costs, at the beginning and at the end, on SQLite in memory:
//! `cargo bench -p restkit --bench lists`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use include_dir::{Dir, include_dir};
use restkit::rest::ReadOnly;
use restkit::testing::TestClient;
use restkit::{App, DefaultRouter, Filters, ModelViewSet, Pagination, Project, Routes, Settings};
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Order;
use serde::Serialize;

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/migrations");

const ROWS: u64 = 1_000_000;

mod task {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_task")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub completed: bool,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use task::Column;

#[derive(Debug, JsonSchema, Serialize)]
struct TaskResponse {
    id: i64,
    title: String,
    completed: bool,
}

impl From<task::Model> for TaskResponse {
    fn from(task: task::Model) -> Self {
        Self {
            id: task.id,
            title: task.title,
            completed: task.completed,
        }
    }
}

struct Numbered;
struct Stream;

impl ModelViewSet for Numbered {
    type Entity = task::Entity;
    type Request = ReadOnly;
    type Response = TaskResponse;
}

impl ModelViewSet for Stream {
    type Entity = task::Entity;
    type Request = ReadOnly;
    type Response = TaskResponse;

    fn pagination() -> Pagination<task::Entity> {
        Pagination::cursor([(Column::Id, Order::Asc)])
    }

    fn filters() -> Filters<task::Entity> {
        Filters::new().ordering([Column::Id, Column::Title])
    }
}

fn project() -> Project {
    Project {
        name: "bench",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("api")],
        routes: || {
            let api = DefaultRouter::new()
                .register::<Numbered>("numbered")
                .register::<Stream>("stream");
            Routes::new().nest("/api", api)
        },
        migrations: &MIGRATIONS,
    }
}

fn main() {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(run());
}

async fn run() {
    let mut client = TestClient::new(project()).await;
    // Titles in another order than keys, and each of them twice.
    let fill = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         INSERT INTO api_task (title) SELECT printf('%07d', (i * 7919) % {ROWS} / 2) FROM n; \
         CREATE INDEX api_task_title ON api_task (title)"
    );
    client.db().execute_unprepared(&fill).await.unwrap();
    let by_key = cursor(&["id", "+", "999900"]);
    let by_title = cursor(&["title,id", "+", "0499949", "1"]);
    for (name, path) in [
        ("cursor by key, first page", "/api/stream/".to_owned()),
        (
            "cursor by key, row 999,901",
            format!("/api/stream/?cursor={by_key}"),
        ),
        (
            "cursor by title, first page",
            "/api/stream/?ordering=title".to_owned(),
        ),
        (
            "cursor by title, row 999,900",
            format!("/api/stream/?ordering=title&cursor={by_title}"),
        ),
        ("page 1", "/api/numbered/".to_owned()),
        ("page 10,000", "/api/numbered/?page=10000".to_owned()),
    ] {
        let mut best = Duration::MAX;
        for _ in 0..20 {
            let begun = Instant::now();
            let answer = client.get(&path).await;
            best = best.min(begun.elapsed());
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            assert_eq!(answer.json()["results"].as_array().unwrap().len(), 100);
        }
        println!("{name:<30} {:>8.2} ms", best.as_secs_f64() * 1000.0);
    }
}

/// A cursor as the site itself makes them.
fn cursor(parts: &[&str]) -> String {
    let text = serde_json::to_string(parts).unwrap();
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}
