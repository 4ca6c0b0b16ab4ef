//! Lists: filters, search, order and pages, on SQLite and on PostgreSQL.

mod controls;
mod cursors;
mod filters;
mod pages;
mod shelf;
mod staff;

use restkit::testing::TestClient;
use serde_json::Value;

/// A client of a shelf of six books.
async fn client() -> TestClient {
    client_of("sqlite::memory:").await
}

async fn client_of(database_url: &str) -> TestClient {
    let url = database_url.to_owned();
    let client = TestClient::with_settings(shelf::project(), |it| it.database_url = url).await;
    shelf::fill(client.db()).await;
    client
}

#[tokio::test]
async fn all_is_found_on_postgres_too() {
    if let Some(url) = crate::postgres("lists") {
        let mut client = client_of(&url).await;
        filters::check(&mut client).await;
        cursors::check(&mut client).await;
        staff::check(&mut client).await;
    }
}

/// The answer to `path`.
async fn get(client: &mut TestClient, path: &str) -> (u16, Value) {
    let answer = client.get(path).await;
    (answer.status.as_u16(), answer.json())
}

/// The keys of the rows on a page.
fn ids(page: &Value) -> Vec<i64> {
    let rows = page.get("results").unwrap_or(page);
    let rows = rows.as_array().unwrap_or_else(|| panic!("no list: {page}"));
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// What stands in a query, as a URL needs it.
fn quoted(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
