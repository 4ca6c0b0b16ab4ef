//! Tests of this app as its clients see it: each has the whole site in memory, with a database of
//! its own; with `TEST_DATABASE_URL=postgres://...` that is a schema of PostgreSQL.

use restkit::testing::TestClient;
use serde_json::json;

const LIST: &str = "/blog/blogs/";

async fn client() -> TestClient {
    TestClient::new(crate::project()).await
}

#[tokio::test]
async fn create_read_update_delete() {
    let mut client = client().await;

    let created = client.post(LIST, json!({ "title": "Learn Rust" })).await;
    assert_eq!(created.status, 201);
    let row = json!({ "id": 1, "title": "Learn Rust", "active": false });
    assert_eq!(created.json(), row);

    let list = client.get(LIST).await;
    assert_eq!(list.json()["count"], 1);
    assert_eq!(list.json()["results"], json!([row]));

    let path = format!("{LIST}1/");
    let changed = client.patch(&path, json!({ "active": true })).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()["active"], true);

    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let mut client = client().await;

    let mistakes = json!({ "title": " ", "active": "maybe" });
    let refused = client.post(LIST, mistakes).await;

    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({
            "title": ["This field may not be blank."],
            "active": ["Must be a valid boolean."],
        })
    );
}

#[tokio::test]
async fn a_title_may_be_as_long_as_its_column() {
    let mut client = client().await;

    for (length, status) in [(200, 201), (10_000, 400)] {
        let row = json!({ "title": "é".repeat(length) });
        let answer = client.post(LIST, row).await;
        assert_eq!(answer.status, status, "{length} characters");
    }
}

#[tokio::test]
async fn a_list_can_be_filtered_searched_and_ordered() {
    let mut client = client().await;
    for (title, active) in [("Learn Rust", true), ("Learn SQL", false), ("Rest", true)] {
        let row = json!({ "title": title, "active": active });
        client.post(LIST, row).await;
    }

    for (query, expected) in [
        ("active=true", json!([1, 3])),
        ("title__icontains=rust", json!([1])),
        ("search=learn&active=false", json!([2])),
        ("ordering=-id", json!([3, 2, 1])),
    ] {
        let list = client.get(&format!("{LIST}?{query}")).await.json();
        let rows = list["results"].as_array().expect("a list");
        let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
        assert_eq!(json!(ids), expected, "{query}");
    }
}
