//! Lists: filters, search, order and pages, on SQLite and on PostgreSQL.

mod cursors;
mod filters;
mod library;
mod pages;
mod postgres;

use restkit::testing::TestClient;
use serde_json::Value;

/// A client of a library of six books.
async fn client() -> TestClient {
    let client = TestClient::new(library::project()).await;
    library::fill(client.db()).await;
    client
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
