//! Every kind of field: what is taken, how it comes back, and what is said of mistakes.

use restkit::testing::TestClient;
use serde_json::{Value, json};

use crate::{book, with};

async fn values_come_back_as_drf_writes_them(mut client: TestClient) {
    let sent = json!({
        "title": "T", "genre": "poetry", "pages": "12", "price": 7, "rating": "4.5",
        "published": "2024-02-29", "opens": "09:30", "updated": "2024-01-01T10:00:00.12+02:00",
        "code": "67E5504410B1426F9247BB680E5FE0C8", "extra": { " a ": [" b ", null] },
        "author": "1", "tags": [2, "1"],
    });
    let made = client.post("/api/books/", sent).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let expected = json!({
        "id": 1, "title": "T", "genre": "poetry", "pages": 12, "price": "7.00", "rating": 4.5,
        "published": "2024-02-29", "opens": "09:30:00", "updated": "2024-01-01T08:00:00.120000Z",
        "code": "67e55044-10b1-426f-9247-bb680e5fe0c8", "extra": { " a ": [" b ", null] },
        "author": { "id": 1, "name": "Ada", "born": null, "royalty": null }, "tags": [1, 2],
    });
    assert_eq!(made.json(), expected);
    assert_eq!(client.get("/api/books/1/").await.json(), expected);
    assert_eq!(
        client.get("/api/books/").await.json()["results"],
        json!([expected])
    );
}

async fn moments_are_taken_in_all_of_drfs_forms(mut client: TestClient) {
    for (sent, shown) in [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
        ("2024-01-01T10:00", "2024-01-01T10:00:00Z"),
        ("2024-01-01 10:00:00", "2024-01-01T10:00:00Z"),
        ("2024-01-01T10:00:00.5-01:30", "2024-01-01T11:30:00.500000Z"),
        ("2024-01-01", "2024-01-01T00:00:00Z"),
    ] {
        let book = with(book(sent), json!({ "updated": sent }));
        let made = client.post("/api/books/", book).await;
        assert_eq!(made.json()["updated"], shown, "{sent}: {}", made.text());
    }
}

async fn mistakes_are_told_in_drfs_words(mut client: TestClient) {
    let pk = |pk: &str| format!("Invalid pk \"{pk}\" - object does not exist.");
    let kind = |kind: &str| format!("Incorrect type. Expected pk value, received {kind}.");
    let date = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    let time = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";
    let moment = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    for (field, value, words) in [
        ("genre", json!("drama"), "\"drama\" is not a valid choice."),
        ("genre", json!(""), "\"\" is not a valid choice."),
        ("genre", json!(null), "This field may not be null."),
        ("price", json!("x"), "A valid number is required."),
        ("price", json!(true), "A valid number is required."),
        ("price", json!([1]), "A valid number is required."),
        ("price", json!("NaN"), "A valid number is required."),
        (
            "price",
            json!("1_000_000_000"),
            "A valid number is required.",
        ),
        ("price", json!(""), "A valid number is required."),
        (
            "price",
            json!("1.005"),
            "Ensure that there are no more than 2 decimal places.",
        ),
        (
            "price",
            json!(1e30),
            "Ensure that there are no more than 8 digits in total.",
        ),
        (
            "price",
            json!("1234567.0"),
            "Ensure that there are no more than 6 digits before the decimal point.",
        ),
        ("pages", json!("many"), "A valid integer is required."),
        ("pages", json!(null), "This field may not be null."),
        (
            "pages",
            json!(3000000000u64),
            "Ensure this value is less than or equal to 2147483647.",
        ),
        ("rating", json!("x"), "A valid number is required."),
        ("rating", json!("inf"), "A valid number is required."),
        ("published", json!("29.2.2024"), date),
        ("published", json!("2023-02-29"), date),
        ("published", json!(20240229), date),
        ("published", json!(true), date),
        ("published", json!("12024-01-01"), date),
        ("opens", json!("25:00"), time),
        ("opens", json!("23:59:60"), time),
        ("updated", json!("soon"), moment),
        ("updated", json!("2024-01-01T25:00:00Z"), moment),
        ("updated", json!("0001-01-01T00:00:00+02:00"), moment),
        ("updated", json!("9999-12-31T23:59:59-02:00"), moment),
        ("updated", json!([]), moment),
        ("code", json!("x"), "Must be a valid UUID."),
        ("code", json!([]), "Must be a valid UUID."),
        (
            "extra",
            json!([{ "a": "b\0" }]),
            "Null characters are not allowed.",
        ),
        (
            "extra",
            json!({ "a\0": 1 }),
            "Null characters are not allowed.",
        ),
        ("author", json!(null), "This field may not be null."),
        ("author", json!(""), "This field may not be null."),
        ("author", json!(99), &pk("99")),
        ("author", json!("99"), &pk("99")),
        (
            "author",
            json!("99999999999999999999"),
            &pk("99999999999999999999"),
        ),
        ("author", json!("abc"), &kind("str")),
        ("author", json!(true), &kind("bool")),
        ("author", json!([1]), &kind("list")),
        ("author", json!({ "id": 1 }), &kind("dict")),
        (
            "tags",
            json!(1),
            "Expected a list of items but got type \"int\".",
        ),
        (
            "tags",
            json!("1"),
            "Expected a list of items but got type \"str\".",
        ),
        ("tags", json!(null), "This field may not be null."),
        ("tags", json!([1, 99]), &pk("99")),
        ("tags", json!(["x"]), &kind("str")),
        ("tags", json!([1.0, 1e300]), &pk("1e+300")),
        ("tags", json!([null]), &pk("None")),
        (
            "title",
            json!("x".repeat(201)),
            "Ensure this field has no more than 200 characters.",
        ),
    ] {
        let refused = client
            .post("/api/books/", with(book("T"), json!({ field: value })))
            .await;
        let expected = (400, json!({ field: [words] }));
        assert_eq!(
            (refused.status.as_u16(), refused.json()),
            expected,
            "{field} {value}"
        );
    }
    let all = client
        .post(
            "/api/books/",
            json!({ "author": 9, "price": "x", "tags": [9] }),
        )
        .await;
    assert_eq!(
        all.json(),
        json!({
            "author": ["Invalid pk \"9\" - object does not exist."],
            "genre": ["This field is required."],
            "price": ["A valid number is required."],
            "tags": ["Invalid pk \"9\" - object does not exist."],
            "title": ["This field is required."],
        })
    );
}

async fn what_is_unique_is_told_before_the_database_refuses_it(mut client: TestClient) {
    let taken = json!({ "name": ["author with this name already exists."] });
    let refused = client
        .post("/api/authors/", json!({ "name": " Ada " }))
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()),
        (400, taken.clone())
    );
    let refused = client
        .patch("/api/authors/2/", json!({ "name": "Ada" }))
        .await;
    assert_eq!(refused.json(), taken);
    let same = client
        .put("/api/authors/1/", json!({ "name": "Ada" }))
        .await;
    assert_eq!(same.status, 200);

    assert_eq!(client.post("/api/books/", book("T")).await.status, 201);
    let refused = client.post("/api/books/", book("T")).await;
    let group = json!({ "non_field_errors": ["The fields title, author must make a unique set."] });
    assert_eq!(
        (refused.status.as_u16(), refused.json()),
        (400, group.clone())
    );
    let other = with(book("T"), json!({ "author": 2 }));
    assert_eq!(client.post("/api/books/", other).await.status, 201);
    let refused = client.patch("/api/books/2/", json!({ "author": 1 })).await;
    assert_eq!(refused.json(), group);
    let same = client.patch("/api/books/2/", json!({ "author": 2 })).await;
    assert_eq!(same.status, 200);
}

async fn a_check_of_the_database_is_the_clients_error(mut client: TestClient) {
    let less = with(book("T"), json!({ "pages": -1 }));
    let refused = client.post("/api/books/", less).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
}

async fn null_empties_a_column_and_silence_does_not(mut client: TestClient) {
    let full = with(
        book("T"),
        json!({ "rating": 1, "published": "2024-01-01", "pages": 3 }),
    );
    client.post("/api/books/", full).await;
    let patched = client
        .patch("/api/books/1/", json!({ "rating": null }))
        .await;
    assert_eq!(patched.json()["rating"], Value::Null);
    assert_eq!(patched.json()["published"], "2024-01-01");
    let put = client.put("/api/books/1/", book("U")).await.json();
    assert_eq!(put["published"], "2024-01-01");
    assert_eq!(put["pages"], 3);
    let put = client
        .put(
            "/api/books/1/",
            with(book("U"), json!({ "published": null })),
        )
        .await;
    assert_eq!(put.json()["published"], Value::Null);
}

crate::both!(
    a_check_of_the_database_is_the_clients_error,
    values_come_back_as_drf_writes_them,
    moments_are_taken_in_all_of_drfs_forms,
    mistakes_are_told_in_drfs_words,
    what_is_unique_is_told_before_the_database_refuses_it,
    null_empties_a_column_and_silence_does_not
);
