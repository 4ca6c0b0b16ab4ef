//! Many at once: nobody's change is lost, and nobody is told that the database is locked.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use restkit::Settings;
use restkit::testing::TestClient;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use crate::{book, postgres, project};

/// How often each of two writers counts one up.
const TIMES: i64 = 200;

async fn client(url: &str) -> TestClient {
    let set = |settings: &mut Settings| settings.database_url = url.to_owned();
    TestClient::with_settings(project(), set).await
}

/// Counts up a book's pages, each time by what it has read; tells how often it came too late.
async fn count_up(mut client: TestClient) -> u32 {
    let mut late = 0;
    let mut done = 0;
    while done < TIMES {
        let read = client.get("/api/books/1/").await;
        let pages = read.json()["pages"].as_i64().unwrap() + 1;
        let request = Request::patch("/api/books/1/")
            .header("content-type", "application/json")
            .header("if-match", read.header("etag"))
            .body(Body::from(json!({ "pages": pages }).to_string()));
        let written = client.request(request.unwrap()).await;
        match written.status {
            StatusCode::OK => done += 1,
            StatusCode::PRECONDITION_FAILED => late += 1,
            other => panic!("{other}: {}", written.text()),
        }
    }
    late
}

async fn no_change_is_lost(url: &str) {
    let mut client = client(url).await;
    client.post("/api/authors/", json!({ "name": "Ada" })).await;
    client.post("/api/books/", book("T")).await;
    let writers = [client.clone(), client.clone()].map(|client| tokio::spawn(count_up(client)));
    for writer in writers {
        writer.await.unwrap();
    }
    let pages = &client.get("/api/books/1/").await.json()["pages"];
    assert_eq!(pages, &json!(2 * TIMES));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db.sqlite3");
    no_change_is_lost(&format!("sqlite://{}?mode=rwc", file.display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_on_postgres() {
    if let Some(url) = postgres("no_change_is_lost") {
        no_change_is_lost(&url).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_never_find_sqlite_locked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db.sqlite3");
    let mut client = client(&format!("sqlite://{}?mode=rwc", file.display())).await;
    client.post("/api/authors/", json!({ "name": "Ada" })).await;
    let clients = (0..32).map(|number| {
        let mut client = client.clone();
        tokio::spawn(async move {
            for turn in 0..10 {
                let title = format!("{number} {turn}");
                let made = client.post("/api/books/", book(&title)).await;
                assert_eq!(made.status, 201, "{}", made.text());
                let path = format!("/api/books/{}/", made.json()["id"]);
                assert_eq!(client.get("/api/books/").await.status, 200);
                let changed = client.patch(&path, json!({ "pages": turn })).await;
                assert_eq!(changed.status, 200, "{}", changed.text());
                if turn % 2 == 0 {
                    assert_eq!(client.delete(&path).await.status, 204);
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    assert_eq!(client.get("/api/books/").await.json()["count"], 160);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_program_locks_can_be_read_and_is_written_later() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("db").display());
    let mut client = client(&url).await;
    let other = restkit::db::Database::from_url(&url).unwrap();
    let other = other.connect(&Settings::default()).await.unwrap();
    let lock = other.begin().await.unwrap();
    lock.execute_unprepared("DELETE FROM library_author")
        .await
        .unwrap();
    let ada = json!({ "name": "Ada" });
    assert_eq!(client.get("/api/authors/").await.status, 200);
    let refused = client.post("/api/authors/", ada.clone()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "1");
    lock.rollback().await.unwrap();
    assert_eq!(client.post("/api/authors/", ada).await.status, 201);
}
