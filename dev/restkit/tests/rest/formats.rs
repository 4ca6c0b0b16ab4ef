//! Negotiation, metadata and the browsable page.

use serde_json::json;

use crate::{TASKS, accepting, client, send};

#[tokio::test]
async fn the_client_chooses_the_format() {
    let mut client = client().await;
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (path, accept, status, kind) in [
        ("/api/tasks/", browser, 200, "text/html"),
        ("/api/tasks/?format=json", browser, 200, "application/json"),
        (
            "/api/tasks/?format=json",
            "text/html",
            406,
            "application/json",
        ),
        ("/api/tasks/?format=api", "*/*", 200, "text/html"),
        ("/api/tasks/?format=xml", "*/*", 404, "application/json"),
        ("/api/tasks/", "application/xml", 406, "application/json"),
        ("/api/tasks/9/", "text/html", 404, "text/html"),
        ("/api/", "text/html", 200, "text/html"),
    ] {
        let answer = accepting(&mut client, path, accept).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {accept}");
        assert!(
            answer.header("content-type").starts_with(kind),
            "{path} {accept}"
        );
    }
}

#[tokio::test]
async fn options_describe_the_fields() {
    let mut client = client().await;
    let options = client.options(TASKS).await.json();
    assert_eq!(options["name"], "Task List");
    assert_eq!(
        options["actions"]["POST"]["title"],
        json!({ "type": "string", "required": true, "read_only": false, "label": "Title", "max_length": 200 })
    );
    assert_eq!(options["actions"]["POST"]["id"]["read_only"], true);
    let nothing = client.options("/api/tasks/1/").await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.json().get("actions")),
        (200, None)
    );
    client.post(TASKS, json!({ "title": "a" })).await;
    let instance = client.options("/api/tasks/1/").await.json();
    assert_eq!(instance["actions"]["PUT"]["completed"]["type"], "boolean");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let head = send(&mut client().await, ("HEAD", TASKS), "", "").await;
    assert_eq!((head.status.as_u16(), head.text()), (200, String::new()));
}

#[tokio::test]
async fn the_page_shows_text_as_text() {
    let mut client = client().await;
    client
        .post(TASKS, json!({ "title": "<script>alert(1)</script>" }))
        .await;
    let page = accepting(&mut client, TASKS, "text/html").await.text();
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("name=\"title\""), "it has a form");
}
