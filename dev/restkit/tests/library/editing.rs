//! Two people editing one record.

use axum::body::Body;
use axum::http::Request;
use restkit::testing::{TestClient, TestResponse};
use serde_json::json;

use crate::{book, project};

async fn send(
    client: &mut TestClient,
    (method, path): (&str, &str),
    (header, value): (&str, &str),
    body: &str,
) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header(header, value)
        .body(Body::from(body.to_owned()));
    client.request(request.unwrap()).await
}

const ADA: &str = "/api/authors/1/";

async fn a_tag_says_which_state_it_is(mut client: TestClient) {
    let made = client.post("/api/books/", book("T")).await;
    let tag = made.header("etag").to_owned();
    assert_eq!(made.header("location"), "http://testserver/api/books/1/");
    assert_eq!(client.get("/api/books/1/").await.header("etag"), tag);
    assert_eq!(client.get("/api/books/").await.header("etag"), "");
    let known = send(
        &mut client,
        ("GET", "/api/books/1/"),
        ("if-none-match", &tag),
        "",
    )
    .await;
    assert_eq!((known.status.as_u16(), known.text().as_str()), (304, ""));
    assert_eq!(
        (known.header("etag"), known.header("vary")),
        (tag.as_str(), "Accept, Cookie")
    );
    let renamed = client.patch(ADA, json!({ "name": "Eva" })).await;
    assert_eq!(renamed.status, 200);
    let news = send(
        &mut client,
        ("GET", "/api/books/1/"),
        ("if-none-match", &tag),
        "",
    )
    .await;
    assert_eq!(news.status, 200, "what is nested is part of the state");
}

async fn a_change_of_an_older_state_is_refused(mut client: TestClient) {
    let tag = client.get(ADA).await.header("etag").to_owned();
    let first = send(
        &mut client,
        ("PATCH", ADA),
        ("if-match", &tag),
        r#"{"name": "A"}"#,
    )
    .await;
    assert_eq!(first.status, 200);
    assert_ne!(first.header("etag"), tag);
    for (method, body) in [
        ("PATCH", r#"{"name": "B"}"#),
        ("PUT", r#"{"name": "B"}"#),
        ("DELETE", ""),
    ] {
        let second = send(&mut client, (method, ADA), ("if-match", &tag), body).await;
        assert_eq!(second.status, 412, "{method}");
    }
    assert_eq!(client.get(ADA).await.json()["name"], "A");
    let tag = first.header("etag").to_owned();
    let gone = send(&mut client, ("DELETE", ADA), ("if-match", &tag), "").await;
    assert_eq!(gone.status, 204);
    let missing = send(&mut client, ("DELETE", ADA), ("if-match", "*"), "").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_site_can_demand_conditions() {
    let mut client =
        TestClient::with_settings(project(), |settings| settings.require_if_match = true).await;
    assert_eq!(
        client
            .post("/api/authors/", json!({ "name": "Ada" }))
            .await
            .status,
        201
    );
    let refused = client.patch(ADA, json!({ "name": "B" })).await;
    assert_eq!(refused.status, 428);
    let tag = client.get(ADA).await.header("etag").to_owned();
    let done = send(
        &mut client,
        ("PATCH", ADA),
        ("if-match", &tag),
        r#"{"name": "B"}"#,
    )
    .await;
    assert_eq!(done.status, 200);
}

crate::both!(
    a_tag_says_which_state_it_is,
    a_change_of_an_older_state_is_refused
);
