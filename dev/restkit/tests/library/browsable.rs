//! The API in a browser, as it is without scripts.

use axum::body::Body;
use axum::http::Request;
use restkit::Settings;
use restkit::testing::{TestClient, TestResponse};
use restkit::trace;
use serde_json::json;

use crate::{book, project};

const BOOK: &str = "/api/books/1/";

async fn client(debug: bool) -> TestClient {
    let set = |settings: &mut Settings| settings.debug = debug;
    let mut client = TestClient::with_settings(project(), set).await;
    client
        .post("/api/authors/", json!({ "name": "<b>Ada" }))
        .await;
    client.post("/api/books/", book("</pre><script>")).await;
    client
}

async fn page(client: &mut TestClient, path: &str) -> TestResponse {
    let request = Request::get(path).header("accept", "text/html");
    client.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_page_shows_data_as_text() {
    let mut client = client(false).await;
    let page = page(&mut client, BOOK).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>") && !page.text().contains("<b>Ada"));
    assert!(page.text().contains("&lt;b&gt;Ada"));
    assert_eq!(page.header("etag"), "", "a page is not the record");
}

#[tokio::test]
async fn a_form_stands_for_what_forms_cannot_send() {
    let mut client = client(false).await;
    page(&mut client, BOOK).await;
    let fields = [
        ("_method", "PUT"),
        ("title", "U"),
        ("genre", "poetry"),
        ("price", "2"),
        ("author", "1"),
        ("tags", ""),
    ];
    let put = client.post_form(BOOK, &fields).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(client.get(BOOK).await.json()["title"], "U");
    let patch = client
        .post_form(
            BOOK,
            &[("_method", "PATCH"), ("_content", r#"{"pages": 7}"#)],
        )
        .await;
    assert_eq!(patch.status, 200);
    assert_eq!(client.get(BOOK).await.json()["pages"], 7);
    let options = client.post_form(BOOK, &[("_method", "OPTIONS")]).await;
    assert!(options.text().contains("Book Instance"));
    let gone = client.post_form(BOOK, &[("_method", "DELETE")]).await;
    assert_eq!(gone.status, 200, "a browser shows nothing for a 204");
    assert!(gone.text().contains("HTTP 204 No Content"));
    assert!(
        !gone.text().contains("form-PUT"),
        "nothing is left to change"
    );
    assert_eq!(client.get(BOOK).await.status, 404);
}

#[tokio::test]
async fn only_our_own_forms_do() {
    let mut client = client(false).await;
    let forged = client.post_form(BOOK, &[("_method", "DELETE")]).await;
    assert_eq!(forged.status, 403);
    page(&mut client, BOOK).await;
    for method in ["CONNECT", "", "<b>"] {
        let refused = client.post_form(BOOK, &[("_method", method)]).await;
        assert_eq!(refused.status, 400, "{method}");
    }
    let malformed = client
        .post_form(BOOK, &[("_method", "PUT"), ("_content", "{")])
        .await;
    assert_eq!(malformed.status, 400);
    assert_eq!(client.get(BOOK).await.status, 200);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_the_field() {
    let mut client = client(false).await;
    page(&mut client, BOOK).await;
    let refused = client
        .post_form(
            "/api/books/",
            &[("title", "kept"), ("price", "x"), ("_method", "POST")],
        )
        .await;
    assert_eq!(refused.status, 400);
    let text = refused.text();
    assert!(
        text.contains(r#"id="error-POST-price">A valid number is required."#),
        "{text}"
    );
    assert!(text.contains(r#"value="kept""#));
}

#[tokio::test]
async fn the_second_of_two_people_sees_what_the_first_has_made() {
    let mut client = client(false).await;
    let seen = client.get(BOOK).await.header("etag").to_owned();
    page(&mut client, BOOK).await;
    client.patch(BOOK, json!({ "pages": 1 })).await;
    let late = client
        .post_form(
            BOOK,
            &[
                ("_method", "PATCH"),
                ("_etag", &seen),
                ("_content", r#"{"pages": 2}"#),
            ],
        )
        .await;
    assert_eq!(late.status, 412);
    assert!(late.text().contains("Somebody was faster."));
    let typed = "&quot;pages&quot;: 2";
    assert!(late.text().contains(typed), "what was typed is kept");
    assert_eq!(client.get(BOOK).await.json()["pages"], 1);
}

#[tokio::test]
async fn a_list_leads_to_its_rows() {
    let mut client = client(false).await;
    let link = r#"<a href="/api/books/1/">1</a>"#;
    for (path, leads) in [("/api/books/", true), ("/api/books", true), (BOOK, false)] {
        let seen = page(&mut client, path).await;
        let text = seen.text().replace("&#x2f;", "/");
        assert_eq!(text.contains(link), leads, "{path}");
    }
}

#[tokio::test]
async fn an_action_says_what_it_wants_and_takes_it() {
    let mut client = client(false).await;
    page(&mut client, BOOK).await;
    let discount = "/api/books/1/discount/";
    let empty = [("_method", "POST"), ("_content", "{}")];
    let refused = client.post_form(discount, &empty).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains(r#"id="raw-POST""#));
    let filled = [("_method", "POST"), ("_content", r#"{"percent": 50}"#)];
    assert_eq!(client.post_form(discount, &filled).await.status, 200);
}

#[tokio::test]
async fn the_panel_is_there_with_debug_alone() {
    let panel = "id=\"panel\"";
    let without = page(&mut client(false).await, BOOK).await;
    assert!(!without.text().contains(panel));
    let with = page(&mut client(true).await, BOOK).await.text();
    assert!(with.contains(panel) && with.contains("BookViewSet::retrieve"));
    assert!(with.contains("FROM &quot;library_book&quot;"), "{with}");
}

#[tokio::test]
async fn the_panel_keeps_secrets() {
    let mut client = client(true).await;
    let user = client.create_user("ada", true).await.unwrap();
    client.force_login(&user).await.unwrap();
    let text = page(&mut client, BOOK).await.text();
    let session = client.cookie("sessionid").unwrap();
    assert!(text.contains("auth_session") && !text.contains(session));
    let session_query = text
        .split("<li")
        .find(|item| item.contains("auth_session"))
        .unwrap();
    assert!(!session_query.contains('\''), "no values: {session_query}");
}

#[tokio::test]
async fn a_list_needs_one_query_a_relation() {
    let mut client = client(true).await;
    let mut queries = Vec::new();
    for number in 0..3 {
        for extra in 0..5 {
            client
                .post("/api/books/", book(&format!("{number} {extra}")))
                .await;
        }
        let text = page(&mut client, "/api/books/").await.text();
        queries.push(text.matches("SELECT").count());
    }
    assert_eq!(queries, [queries[0]; 3]);
    assert!(
        trace::current().is_none(),
        "nothing is collected outside of requests"
    );
}

/// An input of one line would take the line breaks out of what is sent back.
#[tokio::test]
async fn a_text_with_lines_is_a_textarea_and_keeps_them() {
    let mut client = client(false).await;
    client.patch(BOOK, json!({ "title": "one\ntwo" })).await;
    let shown = page(&mut client, BOOK).await.text();
    assert!(shown.contains("name=\"title\" rows="), "{shown}");
    assert!(shown.contains(">\none\ntwo</textarea>"), "{shown}");
    let fields = [
        ("_method", "PUT"),
        ("title", "one\r\ntwo"),
        ("genre", "poetry"),
        ("price", "2"),
        ("author", "1"),
    ];
    let saved = client.post_form(BOOK, &fields).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert_eq!(client.get(BOOK).await.json()["title"], "one\ntwo");
}

#[tokio::test]
async fn broken_json_is_shown_again_as_it_was_typed() {
    let mut client = client(false).await;
    page(&mut client, BOOK).await;
    let fields = [("_method", "PATCH"), ("_content", "{\"title\": \"typed\"")];
    let refused = client.post_form(BOOK, &fields).await;
    assert_eq!(refused.status, 400);
    let shown = refused.text();
    assert!(
        shown.contains("{&quot;title&quot;: &quot;typed&quot;</textarea>"),
        "{shown}"
    );
}

/// With DEBUG on an error of ours says why, and what mends it; without it neither page nor JSON does.
#[tokio::test]
async fn with_debug_an_error_tells_its_causes_and_the_next_step() {
    for debug in [true, false] {
        let mut client = client(debug).await;
        let sql = "DROP TABLE library_book_tag; DROP TABLE library_book";
        sea_orm::ConnectionTrait::execute_unprepared(client.db(), sql)
            .await
            .unwrap();
        let failed = client.get("/api/books/").await;
        assert_eq!(failed.status, 500);
        assert_eq!(failed.json()["detail"], "A server error occurred.");
        let causes = failed.json()["causes"].to_string();
        assert_eq!(
            causes.contains("no such table: library_book"),
            debug,
            "{causes}"
        );
        let hint = failed.json()["hint"].to_string();
        assert_eq!(hint.contains("migrate"), debug, "{hint}");
        let shown = page(&mut client, "/api/books/").await.text();
        assert_eq!(shown.contains("no such table"), debug, "{shown}");
        let failed = client.get("/api/priced/").await;
        let causes = failed.json()["causes"].to_string();
        assert_eq!(causes.contains("no such table"), debug, "{causes}");
    }
}
