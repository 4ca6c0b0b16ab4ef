//! Bodies that are forms, which know texts alone, and what means no value in any body.

use axum::body::Body;
use axum::http::Request;
use restkit::testing::{TestClient, TestResponse};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::{book, with};

async fn send(client: &mut TestClient, method: &str, path: &str, body: &str) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()));
    client.request(request.unwrap()).await
}

const BOOK: &str = "title=T&genre=novel&price=7&author=1";

async fn a_file_is_no_text(mut client: TestClient) {
    let part = |name: &str, rest: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\nred2\r\n")
    };
    let mut send = async |rest: &str| {
        let request = Request::post("/api/tags/")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from(format!("{}--b--\r\n", part("name", rest))));
        client.request(request.unwrap()).await
    };
    let refused = send("; filename=\"a.txt\"").await;
    let words = json!({ "name": ["Not a valid string."] });
    assert_eq!((refused.status.as_u16(), refused.json()), (400, words));
    assert_eq!(send("").await.status, 201);
}

async fn whole_numbers_tell_their_range(mut client: TestClient) {
    let fields = client.options("/api/books/").await.json()["actions"]["POST"].clone();
    assert_eq!(fields["pages"]["min_value"], i32::MIN);
    assert_eq!(fields["pages"]["max_value"], i32::MAX);
    assert_eq!(
        fields["author"].get("max_value"),
        None,
        "a key is not a number"
    );
    assert_eq!(fields["title"].get("max_value"), None);
}

async fn an_empty_text_empties_what_may_be_empty(mut client: TestClient) {
    let full = json!({
        "rating": 1, "published": "2024-01-01", "opens": "10:00", "updated": "2024-01-01T10:00",
        "code": "67e55044-10b1-426f-9247-bb680e5fe0c8", "extra": [1], "pages": 3, "tags": [1],
    });
    client
        .post("/api/books/", with(book("T"), full.clone()))
        .await;
    let before = client.get("/api/books/1/").await.json();
    for method in ["PATCH", "PUT"] {
        let nothing = "published=&opens=&updated=&code=&extra=&rating=&pages=";
        let body = format!("{BOOK}&{nothing}");
        let changed = send(&mut client, method, "/api/books/1/", &body).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        let changed = changed.json();
        for field in ["rating", "published", "opens", "updated", "code", "extra"] {
            assert_eq!(changed[field], Value::Null, "{method} {field}");
        }
        assert_eq!(changed["pages"], 3, "what cannot be empty stays");
        let again = client.patch("/api/books/1/", full.clone()).await.json();
        assert_eq!(again, before);
    }
    let refused = send(&mut client, "PATCH", "/api/books/1/", "title=&price=").await;
    let words = json!({
        "title": ["This field may not be blank."], "price": ["A valid number is required."],
    });
    assert_eq!((refused.status.as_u16(), refused.json()), (400, words));
}

async fn json_in_a_form_is_read(mut client: TestClient) {
    let wrong = "title=&genre=novel&price=7&author=1&extra={bad";
    let refused = send(&mut client, "POST", "/api/books/", wrong).await;
    assert_eq!(
        refused.json(),
        json!({
            "title": ["This field may not be blank."],
            "extra": ["Value must be valid JSON."],
        })
    );
    for (title, sent, kept) in [
        (
            "A",
            "%7B%22a%22%3A[]%2C%22id%22%3A1%7D",
            json!({ "a": [], "id": 1 }),
        ),
        ("B", "%22x%22", json!("x")),
        ("C", "1", json!(1)),
        ("D", "null", Value::Null),
    ] {
        let body = format!("title={title}&genre=novel&price=7&author=1&extra={sent}");
        let made = send(&mut client, "POST", "/api/books/", &body).await;
        assert_eq!(made.json()["extra"], kept, "{}", made.text());
        let path = format!("/api/books/{}/", made.json()["id"]);
        let request = Request::get(&path).header("accept", "text/html");
        let page = client.request(request.body(Body::empty()).unwrap()).await;
        let shown = match &kept {
            Value::Null => String::new(),
            kept => format!("{kept:#}").replace('"', "&quot;"),
        };
        let value = format!("spellcheck=\"false\">\n{shown}</textarea>");
        assert!(page.text().contains(&value), "{value}");
    }
}

/// An entity does not say what its enums are; the API knows, so the admin site does.
async fn an_enum_is_a_select_in_the_admin(mut client: TestClient) {
    let user = client.create_user("boss", true).await.unwrap();
    let mut boss = user.into_active_model();
    boss.is_superuser = Set(true);
    let user = boss.update(client.db()).await.unwrap();
    client.force_login(&user).await.unwrap();
    let page = client.get("/admin/library/book/add/").await.text();
    let select = page
        .split("<select")
        .find(|part| part.contains("name=\"genre\""));
    let select = select
        .and_then(|part| part.split("</select>").next())
        .unwrap();
    for genre in ["novel", "poetry", "science"] {
        assert!(select.contains(&format!("value=\"{genre}\"")), "{select}");
    }
}

crate::both!(
    an_enum_is_a_select_in_the_admin,
    a_file_is_no_text,
    whole_numbers_tell_their_range,
    an_empty_text_empties_what_may_be_empty,
    json_in_a_form_is_read
);
