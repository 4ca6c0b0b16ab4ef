//! Extra actions and hooks.

use restkit::testing::TestClient;
use serde_json::json;

use crate::book;

async fn extra_actions(mut client: TestClient) {
    client.post("/api/books/", book("T")).await;
    let cheaper = client
        .post("/api/books/1/discount/", json!({ "percent": "50" }))
        .await;
    assert_eq!(
        (cheaper.status.as_u16(), &cheaper.json()["price"]),
        (200, &json!("3.50"))
    );
    assert_eq!(cheaper.header("allow"), "POST, OPTIONS");
    let refused = client.post("/api/books/1/discount/", json!({})).await;
    assert_eq!(
        refused.json(),
        json!({ "percent": ["This field is required."] })
    );
    assert_eq!(client.get("/api/books/1/discount/").await.status, 405);
    assert_eq!(
        client
            .post("/api/books/9/discount/", json!({ "percent": 1 }))
            .await
            .status,
        404
    );
    assert_eq!(
        client.get("/api/books/count/").await.json(),
        json!({ "books": 1 })
    );
    assert_eq!(
        client.post("/api/books/1/burn/", json!({})).await.status,
        204
    );
    assert_eq!(
        client.get("/api/books/count").await.json(),
        json!({ "books": 0 })
    );
}

async fn hooks_are_part_of_the_transaction(mut client: TestClient) {
    let made = client.post("/api/tags/", json!({ "name": "KEPT" })).await;
    assert_eq!(made.json(), json!({ "id": 3, "name": "kept" }));
    let refused = client
        .post("/api/tags/", json!({ "name": "Forbidden" }))
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()),
        (400, json!({ "name": ["This name is forbidden."] }))
    );
    assert_eq!(client.get("/api/tags/").await.json()["count"], 3);
    assert_eq!(client.delete("/api/tags/3/").await.status, 409);
    assert_eq!(client.get("/api/tags/3/").await.status, 200);
}

crate::both!(extra_actions, hooks_are_part_of_the_transaction);
