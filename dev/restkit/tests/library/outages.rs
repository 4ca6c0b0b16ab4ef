//! PostgreSQL while somebody changes tables, ends connections, or does not wait for an answer.

use std::collections::BTreeSet;
use std::time::Duration;

use restkit::db::{Connection, Database};
use restkit::testing::TestClient;
use restkit::{Context, Result, Settings};
use sea_orm::{ConnectionTrait, Statement};

use crate::book as new_book;

/// Another way to the database of a client.
async fn admin(url: &str) -> Connection {
    let database = Database::from_url(url).unwrap();
    database.connect(&Settings::default()).await.unwrap()
}

/// The connections of all others.
async fn connections(admin: &Connection) -> BTreeSet<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let statement = Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    let rows = admin.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "pid").unwrap())
        .collect()
}

/// A slow view.
pub async fn slow(ctx: Context) -> Result<&'static str> {
    ctx.db().execute_unprepared("SELECT pg_sleep(0.5)").await?;
    Ok("slept")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_table_costs_no_reader_a_request() {
    let Some(url) = crate::postgres("changed_table") else {
        return;
    };
    let mut client = crate::client(&url).await;
    let admin = admin(&url).await;
    let made = client.post("/api/books/", new_book("one")).await;
    let path = format!("/api/books/{}/", made.json()["id"]);
    for length in [250, 300, 350] {
        // Several connections have prepared statements.
        let readers = (0..8).map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.get("/api/books/").await.status })
        });
        for reader in readers.collect::<Vec<_>>() {
            assert_eq!(reader.await.unwrap(), 200);
        }
        let alter = format!("ALTER TABLE library_book ALTER title TYPE varchar({length})");
        admin.execute_unprepared(&alter).await.unwrap();
        let readers = (0..16).map(|_| {
            let (mut client, path) = (client.clone(), path.clone());
            tokio::spawn(async move { client.get(&path).await.status })
        });
        for reader in readers.collect::<Vec<_>>() {
            assert_eq!(reader.await.unwrap(), 200);
        }
        // What was prepared may be stale in the middle of a transaction: that cannot be sent again.
        let book = new_book(&format!("book {length}"));
        let mut made = client.post("/api/books/", book.clone()).await;
        if made.status == 503 {
            assert_eq!(made.header("retry-after"), "1");
            made = client.post("/api/books/", book).await;
        }
        assert_eq!(made.status, 201, "{}", made.text());
    }
}

#[tokio::test]
async fn ended_connections_cost_no_request() {
    let Some(url) = crate::postgres("ended_connections") else {
        return;
    };
    let mut client = crate::client(&url).await;
    let admin = admin(&url).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for number in 0..4 {
        admin.execute_unprepared(end).await.unwrap();
        if number % 2 == 0 {
            assert_eq!(client.get("/api/books/").await.status, 200);
        }
        let made = client
            .post("/api/books/", new_book(&number.to_string()))
            .await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_takes_no_connection_along() {
    let Some(url) = crate::postgres("going_away") else {
        return;
    };
    let client = crate::client(&url).await;
    let admin = admin(&url).await;
    let readers = (0..8).map(|_| {
        let mut client = client.clone();
        tokio::spawn(async move { client.get("/api/books/").await.status })
    });
    for reader in readers.collect::<Vec<_>>() {
        assert_eq!(reader.await.unwrap(), 200);
    }
    let before = connections(&admin).await;
    for number in 0..200 {
        let mut client = client.clone();
        let patience = Duration::from_micros(number * 20);
        let _ = tokio::time::timeout(patience, client.get("/api/books/")).await;
    }
    let after = connections(&admin).await;
    assert!(before.is_subset(&after), "{before:?} {after:?}");
}

#[tokio::test]
async fn what_takes_too_long_is_answered_for_and_goes_on() {
    let Some(url) = crate::postgres("too_long") else {
        return;
    };
    let set = |settings: &mut Settings| {
        settings.database_url.clone_from(&url);
        settings.timeout = Duration::from_millis(100);
        settings.database_pool_size = 1;
    };
    let mut client = TestClient::with_settings(crate::project(), set).await;
    let admin = admin(&url).await;
    let before = connections(&admin).await;
    let late = client.get("/api/slow/").await;
    assert_eq!(late.status, 503);
    assert_eq!(late.header("retry-after"), "1");
    assert!(late.json()["detail"].is_string(), "{}", late.text());
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(client.get("/api/books/").await.status, 200);
    assert_eq!(connections(&admin).await, before);
}

#[tokio::test]
async fn what_postgres_would_undo_without_a_word_is_a_failure() {
    let Some(url) = crate::postgres("undone") else {
        return;
    };
    let client = crate::client(&url).await;
    let transaction = sea_orm::TransactionTrait::begin(client.db()).await.unwrap();
    let insert = "INSERT INTO library_tag (name) VALUES ('lost')";
    transaction.execute_unprepared(insert).await.unwrap();
    let part = sea_orm::TransactionTrait::begin(&transaction)
        .await
        .unwrap();
    part.execute_unprepared("SELECT nonsense")
        .await
        .unwrap_err();
    part.rollback().await.unwrap();
    transaction
        .execute_unprepared("INSERT INTO library_tag (name) VALUES ('other')")
        .await
        .unwrap();
    transaction
        .execute_unprepared("SELECT nonsense")
        .await
        .unwrap_err();
    let error = transaction.commit().await.unwrap_err();
    assert!(
        error.to_string().contains("nothing of it was kept"),
        "{error}"
    );
}

/// As after an import that names the keys itself.
#[tokio::test]
async fn numbers_that_lag_behind_are_no_mistake_of_the_client() {
    let Some(url) = crate::postgres("lagging") else {
        return;
    };
    let mut client = crate::client(&url).await;
    let import = "INSERT INTO library_tag (id, name) VALUES (3, 'imported')";
    admin(&url).await.execute_unprepared(import).await.unwrap();
    let refused = client
        .post("/api/tags/", serde_json::json!({ "name": "new" }))
        .await;
    assert_eq!(refused.status, 500, "{}", refused.text());
    let set = |settings: &mut Settings| {
        settings.database_url.clone_from(&url);
        settings.debug = true;
    };
    let mut client = TestClient::with_settings(crate::project(), set).await;
    admin(&url)
        .await
        .execute_unprepared("ALTER TABLE library_tag ALTER id RESTART WITH 3")
        .await
        .unwrap();
    let told = client
        .post("/api/tags/", serde_json::json!({ "name": "new" }))
        .await
        .text();
    assert!(
        told.contains("setval(pg_get_serial_sequence('library_tag', 'id')"),
        "{told}"
    );
}
