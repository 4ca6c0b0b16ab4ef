//! What bad input gets.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};

use crate::{TASKS, client, send};

#[tokio::test]
async fn fields() {
    let mut client = client().await;
    let blank = json!(["This field may not be blank."]);
    let no_boolean = json!(["Must be a valid boolean."]);
    for (sent, expected) in [
        (json!({}), json!({ "title": ["This field is required."] })),
        (
            json!({ "title": null }),
            json!({ "title": ["This field may not be null."] }),
        ),
        (json!({ "title": "\u{1f} " }), json!({ "title": blank })),
        (
            json!({ "title": "", "completed": "maybe" }),
            json!({ "title": blank, "completed": no_boolean }),
        ),
        (
            json!({ "title": "a", "completed": "" }),
            json!({ "completed": no_boolean }),
        ),
        (
            json!({ "title": "a", "completed": " true" }),
            json!({ "completed": no_boolean }),
        ),
        (
            json!({ "title": "a", "completed": 2 }),
            json!({ "completed": no_boolean }),
        ),
        (
            json!({ "title": "a", "completed": null }),
            json!({ "completed": ["This field may not be null."] }),
        ),
        (
            json!({ "title": { "a": 1 } }),
            json!({ "title": ["Not a valid string."] }),
        ),
        (
            json!({ "title": "a\0b" }),
            json!({ "title": ["Null characters are not allowed."] }),
        ),
        (
            json!({ "title": "é".repeat(201) }),
            json!({ "title": ["Ensure this field has no more than 200 characters."] }),
        ),
        (
            json!(null),
            json!({ "non_field_errors": ["No data provided"] }),
        ),
        (
            json!([1]),
            json!({ "non_field_errors": ["Invalid data. Expected a dictionary, but got list."] }),
        ),
    ] {
        let refused = client.post(TASKS, sent.clone()).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()),
            (400, expected),
            "{sent}"
        );
    }
}

#[tokio::test]
async fn bodies() {
    let mut client = client().await;
    let deep = "[".repeat(50_000);
    for body in [
        "{title:",
        "{\"title\":\"a\"",
        "{\"title\": NaN}",
        "\u{feff}{}",
        " ",
        &deep,
    ] {
        let refused = send(&mut client, ("POST", TASKS), "application/json", body).await;
        let detail = refused.json()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(refused.status, 400, "{detail}");
        assert!(detail.starts_with("JSON parse error - "), "{detail}");
    }
    for (kind, named) in [
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("", "text/plain"),
        ("nonsense", "nonsense"),
    ] {
        let refused = send(&mut client, ("POST", TASKS), kind, "title=a").await;
        let detail = format!("Unsupported media type \"{named}\" in request.");
        assert_eq!(
            (refused.status.as_u16(), refused.json()),
            (415, json!({ "detail": detail }))
        );
    }
    let huge = format!("{{\"title\": \"{}\"}}", "x".repeat(3_000_000));
    let refused = send(&mut client, ("POST", TASKS), "application/json", &huge).await;
    assert_eq!(refused.status, 413);
    let empty = send(&mut client, ("POST", TASKS), "text/plain", "").await;
    assert_eq!(
        empty.json(),
        json!({ "title": ["This field is required."] })
    );
}

#[tokio::test]
async fn bodies_that_do_not_come_as_they_say() {
    let client = client().await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let never = std::future::pending::<()>();
    let served = async move { restkit::server::serve(client.site(), listener, never).await };
    tokio::spawn(served);
    for (headers, body, status) in [
        ("Content-Length: 50", "{\"title\"", "400 Bad Request"),
        ("Content-Length: 9000000000", "{", "413 Payload Too Large"),
        (
            "Transfer-Encoding: chunked",
            "zz\r\n{}\r\n0\r\n\r\n",
            "400 Bad Request",
        ),
    ] {
        let request = format!(
            "POST {TASKS} HTTP/1.1\r\nHost: testserver\r\nContent-Type: application/json\r\n\
             Connection: close\r\n{headers}\r\n\r\n{body}"
        );
        let told = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            // The larger one is still to come.
            if !headers.ends_with("000") {
                stream.shutdown(Shutdown::Write).unwrap();
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let answer = tokio::task::spawn_blocking(told).await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn rows_that_do_not_exist() {
    let mut client = client().await;
    for (id, detail) in [
        ("999999", "No Task matches the given query."),
        ("-1", "No Task matches the given query."),
        ("99999999999999999999", "No Task matches the given query."),
        ("abc", "Not found."),
        ("1e3", "Not found."),
        ("%00", "Not found."),
        ("%FF", "Not found."),
        ("1%2F2", "Not found."),
    ] {
        let path = format!("/api/tasks/{id}/");
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let refused = send(&mut client, (method, &path), "application/json", "{").await;
            let expected = (404, json!({ "detail": detail }));
            assert_eq!(
                (refused.status.as_u16(), refused.json()),
                expected,
                "{method} {path}"
            );
            assert_eq!(
                refused.header("allow"),
                "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
            );
        }
    }
}

#[tokio::test]
async fn methods() {
    let mut client = client().await;
    for (method, path) in [
        ("DELETE", TASKS),
        ("POST", "/api/tasks/1/"),
        ("BREW", TASKS),
        ("PUT", "/api/"),
    ] {
        let refused = send(&mut client, (method, path), "", "").await;
        let detail = format!("Method \"{method}\" not allowed.");
        assert_eq!(
            (refused.status.as_u16(), refused.json()),
            (405, json!({ "detail": detail }))
        );
    }
    let nowhere = client.get("/nowhere/").await;
    assert_eq!(
        (nowhere.status.as_u16(), nowhere.json()),
        (404, json!({ "detail": "Not found." }))
    );
}

#[tokio::test]
async fn hosts() {
    let mut client = client().await;
    let request = axum::http::Request::builder()
        .uri(TASKS)
        .header("host", "evil.example");
    let refused = client
        .request(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(refused.status, 400);
    assert_ne!(refused.json(), Value::Null);
    let two = axum::http::Request::builder()
        .uri(TASKS)
        .header("host", "testserver")
        .header("host", "evil.example");
    let two = client.request(two.body(axum::body::Body::empty()).unwrap());
    assert_eq!(two.await.status, 400, "which of them is meant?");
}

#[tokio::test]
async fn an_answer_has_the_id_of_its_request() {
    let mut client = client().await;
    let new = client.get(TASKS).await;
    assert_eq!(new.header("x-request-id").len(), 32);
    let given = axum::http::Request::builder()
        .uri("/nothing/")
        .header("x-request-id", "from-a-proxy");
    let given = client.request(given.body(axum::body::Body::empty()).unwrap());
    assert_eq!(given.await.header("x-request-id"), "from-a-proxy");
}
