//! Who may write, and that only our own pages can make a logged-in browser do so.

use serde_json::json;

use crate::{TASKS, client, send};

const MEMBERS: &str = "/api/members/";

#[tokio::test]
async fn anonymous_clients_may_read() {
    let mut client = client().await;
    assert_eq!(client.get(MEMBERS).await.status, 200);
    let refused = client.post(MEMBERS, json!({ "title": "a" })).await;
    assert_eq!(
        refused.json()["detail"],
        "Authentication credentials were not provided."
    );
    let options = client.options(MEMBERS).await.json();
    assert_eq!(options.get("actions"), None, "it may not write");
}

#[tokio::test]
async fn members_may_write_with_the_token() {
    let mut client = client().await;
    let user = client.create_user("ada", false).await.unwrap();
    client.force_login(&user).await.unwrap();
    assert_eq!(
        client.post(MEMBERS, json!({ "title": "a" })).await.status,
        201
    );

    let json = "application/json";
    let forged = send(&mut client, ("POST", TASKS), json, "{\"title\": \"a\"}").await;
    assert_eq!(forged.status, 403);
    let forged = send(&mut client, ("DELETE", "/api/tasks/1/"), "", "").await;
    assert_eq!(forged.status, 403);
    assert_eq!(client.delete("/api/tasks/1/").await.status, 204);
}

/// The page of the API offers what its visitor may do.
#[tokio::test]
async fn strangers_see_no_form_that_they_may_not_send() {
    let mut client = crate::client().await;
    let page = |client: &mut restkit::testing::TestClient| {
        let request = axum::http::Request::get("/api/members/").header("accept", "text/html");
        let request = request.body(axum::body::Body::empty()).unwrap();
        let mut client = client.clone();
        async move { client.request(request).await.text() }
    };
    assert!(!page(&mut client).await.contains("form-POST"));
    let user = client.create_user("ada", false).await.unwrap();
    client.force_login(&user).await.unwrap();
    assert!(page(&mut client).await.contains("form-POST"));
}
