//! Rows of several tables: nested, listed by key, one below the other.

use restkit::testing::TestClient;
use serde_json::{Value, json};

use crate::{book, with};

async fn lists_of_keys_change_only_when_they_are_given(mut client: TestClient) {
    client
        .post("/api/books/", with(book("T"), json!({ "tags": [1, 2, 2] })))
        .await;
    let patched = client.patch("/api/books/1/", json!({ "title": "U" })).await;
    assert_eq!(patched.json()["tags"], json!([1, 2]));
    let patched = client
        .patch("/api/books/1/", json!({ "tags": [2.0] }))
        .await;
    assert_eq!(patched.json()["tags"], json!([2]));
    let refused = client
        .patch("/api/books/1/", json!({ "tags": [1, 9] }))
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(client.get("/api/books/1/").await.json()["tags"], json!([2]));
    let put = client
        .put("/api/books/1/", with(book("T"), json!({ "tags": [] })))
        .await;
    assert_eq!(put.json()["tags"], json!([]));
}

async fn a_list_of_keys_has_an_end(mut client: TestClient) {
    let many: Vec<_> = (0..33_000).collect();
    let refused = client
        .post("/api/books/", with(book("T"), json!({ "tags": many })))
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({ "tags": ["Ensure this field has no more than 1000 elements."] })
    );
    let mut keys = Vec::new();
    for number in 0..600 {
        let made = client
            .post("/api/tags/", json!({ "name": format!("t{number}") }))
            .await;
        keys.push(made.json()["id"].as_i64().unwrap());
    }
    let made = client
        .post("/api/books/", with(book("T"), json!({ "tags": keys })))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["tags"], json!(keys));
}

async fn what_a_path_and_a_header_mean(mut client: TestClient) {
    client.post("/api/books/", book("T")).await;
    assert_eq!(client.get("/api/books/1/").await.status, 200);
    assert_eq!(client.get("/api/books/+1/").await.status, 404);
    let request = axum::http::Request::get("/api/books/1/").header("accept", "");
    let any = client
        .request(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(any.status, 200);
}

async fn a_form_lists_keys_by_repeating_the_name(mut client: TestClient) {
    let form = [
        ("title", "T"),
        ("genre", "novel"),
        ("price", "1"),
        ("author", "1"),
        ("tags", "1"),
        ("tags", "2"),
    ];
    let request = axum::http::Request::post("/api/books/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(
            form.map(|(name, value)| format!("{name}={value}"))
                .join("&")
                .into(),
        );
    let made = client.request(request.unwrap()).await;
    assert_eq!(made.json()["tags"], json!([1, 2]), "{}", made.text());
}

async fn a_row_that_others_refer_to_says_which(mut client: TestClient) {
    client.post("/api/books/", book("T")).await;
    let refused = client.delete("/api/authors/1/").await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.json()["detail"],
        "It cannot be deleted, since other rows refer to it: 1 row of library_book by author_id."
    );
    assert_eq!(client.delete("/api/authors/2/").await.status, 204);
}

async fn below_a_parent_there_are_only_its_rows(mut client: TestClient) {
    let made = client
        .post(
            "/api/authors/2/books/",
            json!({ "title": "B", "genre": "novel", "price": 1 }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["author"]["id"], 2);
    assert_eq!(
        made.header("location"),
        "http://testserver/api/authors/2/books/1/"
    );
    let forged = with(book("C"), json!({ "author": 1 }));
    assert_eq!(
        client.post("/api/authors/2/books/", forged).await.json()["author"]["id"],
        2
    );
    assert_eq!(client.get("/api/authors/2/books/").await.json()["count"], 2);
    assert_eq!(client.get("/api/authors/1/books/").await.json()["count"], 0);
    assert_eq!(client.get("/api/authors/2/books/1/").await.status, 200);
    assert_eq!(client.get("/api/authors/1/books/1/").await.status, 404);
    assert_eq!(client.get("/api/authors/x/books/").await.status, 404);
    let moved = client
        .patch("/api/authors/2/books/1/", json!({ "author": 1 }))
        .await;
    assert_eq!(
        moved.json()["author"]["id"],
        2,
        "a row stays below its parent"
    );
    assert_eq!(client.get("/api/authors/99/books/").await.status, 404);
    assert_eq!(
        client
            .post("/api/authors/99/books/", book("D"))
            .await
            .status,
        404
    );
}

async fn read_only_viewsets_read(mut client: TestClient) {
    client.post("/api/books/", book("T")).await;
    let list = client.get("/api/catalogue/").await;
    assert_eq!(list.json()["results"][0]["title"], "T");
    assert_eq!(list.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(client.get("/api/catalogue/1/").await.status, 200);
    let refused = client.post("/api/catalogue/", json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
    assert_eq!(client.delete("/api/catalogue/1/").await.status, 405);
    let options = client.options("/api/catalogue/").await.json();
    assert_eq!(options["actions"], Value::Null);
}

/// `?search=` and `?ordering=` reach the author, `?tags=` the table between.
async fn lists_reach_related_rows(mut client: TestClient) {
    for (title, author, tags) in [
        ("A", 2, json!([1])),
        ("B", 1, json!([1, 2])),
        ("C", 2, json!([])),
    ] {
        let fields = json!({ "author": author, "tags": tags });
        let made = client.post("/api/books/", with(book(title), fields)).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    for (query, expected) in [
        ("search=bea", json!(["A", "C"])),
        ("search=ada+b", json!(["B"])),
        ("search=c+bea", json!(["C"])),
        ("tags=1", json!(["A", "B"])),
        ("tags=2", json!(["B"])),
        ("tags__in=1,2", json!(["A", "B"])),
        ("tags=1&search=bea", json!(["A"])),
        ("ordering=author__name,-title", json!(["B", "C", "A"])),
        ("ordering=-author__name,title", json!(["A", "C", "B"])),
    ] {
        let list = client.get(&format!("/api/books/?{query}")).await.json();
        let rows = list["results"]
            .as_array()
            .unwrap_or_else(|| panic!("{query}: {list}"));
        let titles: Vec<_> = rows.iter().map(|row| row["title"].clone()).collect();
        assert_eq!(json!(titles), expected, "{query}");
    }
    for (query, words) in [
        (
            "tags=9",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            "tags=x",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
    ] {
        let refused = client.get(&format!("/api/books/?{query}")).await;
        assert_eq!(refused.json(), json!({ "tags": [words] }), "{query}");
    }
}

crate::both!(
    lists_reach_related_rows,
    lists_of_keys_change_only_when_they_are_given,
    a_list_of_keys_has_an_end,
    what_a_path_and_a_header_mean,
    a_form_lists_keys_by_repeating_the_name,
    a_row_that_others_refer_to_says_which,
    below_a_parent_there_are_only_its_rows,
    read_only_viewsets_read
);
