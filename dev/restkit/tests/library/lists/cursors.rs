//! `?cursor=...`: through a list and back, whatever it is ordered by.

use restkit::testing::TestClient;
use serde_json::{Value, json};

use super::{client, get, ids};

const ORDERS: &[&str] = &[
    "id",
    "-id",
    "title",
    "-title",
    "rating",
    "-rating",
    "price",
    "-price,created_at",
    "published,-rating",
    "-in_print,rating,-price",
    "created_at",
    "-created_at",
    "genre,-mood",
    "mood,-genre,rating",
    "code",
    "-rating,-published,title",
];

/// Goes through the list to its end and back, in steps of one, two and so on.
pub async fn check(client: &mut TestClient) {
    for order in ORDERS {
        let (_, whole) = get(client, &format!("/api/stream/?ordering={order}")).await;
        let whole_ids = ids(&whole);
        assert_eq!(whole_ids.len(), 6, "{order}");
        assert_eq!(
            (&whole["next"], &whole["previous"]),
            (&json!(null), &json!(null))
        );
        for size in 1..=4 {
            let start = format!("/api/stream/?ordering={order}&page_size={size}");
            let (there, last) = walk(client, start, "next").await;
            assert_eq!(there.concat(), whole_ids, "{order} by {size}");
            assert!(there.iter().all(|page| page.len() <= size));
            if there.len() == 1 {
                continue;
            }
            let (mut back, _) = walk(client, link(&last, "previous").unwrap(), "previous").await;
            back.reverse();
            let before: usize = there[..there.len() - 1].iter().map(Vec::len).sum();
            assert_eq!(
                back.concat(),
                whole_ids[..before],
                "{order} by {size}, back"
            );
        }
    }
}

/// The pages from `path` on, and the last of them as it came.
async fn walk(client: &mut TestClient, path: String, way: &str) -> (Vec<Vec<i64>>, Value) {
    let mut pages = Vec::new();
    let mut path = path;
    loop {
        let (status, page) = get(client, &path).await;
        assert_eq!(status, 200, "{path}: {page}");
        pages.push(ids(&page));
        assert!(pages.len() < 10, "no end: {path}");
        match link(&page, way) {
            Some(next) => path = next,
            None => return (pages, page),
        }
    }
}

fn link(page: &Value, way: &str) -> Option<String> {
    let url = page[way].as_str()?;
    Some(url.trim_start_matches("http://testserver").to_owned())
}

#[tokio::test]
async fn there_and_back() {
    check(&mut client().await).await;
}

#[tokio::test]
async fn the_answer_has_no_count() {
    let (_, page) = get(&mut client().await, "/api/stream/").await;
    let keys: Vec<_> = page.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["next", "previous", "results"]);
    // SQLite orders moments by their texts.
    assert_eq!(ids(&page), [4, 6, 3, 2, 1, 5]);
}

#[tokio::test]
async fn rows_that_come_and_go_change_nothing_about_the_others() {
    let mut client = client().await;
    let (_, first) = get(&mut client, "/api/stream/?ordering=id&page_size=2").await;
    let next = link(&first, "next").unwrap();
    let db = client.db().clone();
    let run = async |sql: &str| sea_orm::ConnectionTrait::execute_unprepared(&db, sql).await;
    run("DELETE FROM book WHERE id IN (1, 2)").await.unwrap();
    let (_, second) = get(&mut client, &next).await;
    assert_eq!(ids(&second), [3, 4]);
    run("DELETE FROM book WHERE id > 2").await.unwrap();
    let (status, empty) = get(&mut client, &next).await;
    assert_eq!((status, ids(&empty)), (200, vec![]));
    assert_eq!(empty["next"], json!(null));
    let (_, before) = get(&mut client, &link(&empty, "previous").unwrap()).await;
    assert_eq!(
        before["next"],
        "http://testserver/api/stream/?ordering=id&page_size=2"
    );
}

#[tokio::test]
async fn forged_cursors_lead_nowhere() {
    let mut client = client().await;
    let (_, page) = get(&mut client, "/api/stream/?ordering=rating&page_size=1").await;
    let next = link(&page, "next").unwrap();
    let cursor = next
        .split("cursor=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let forged = |parts: Value| {
        let bytes = parts.to_string().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    for wrong in [
        "x".to_owned(),
        "é".to_owned(),
        cursor[..cursor.len() - 1].to_owned(),
        cursor[..cursor.len() - 2].to_owned(),
        cursor.replace("22", "00"),
        forged(json!([])),
        forged(json!({})),
        forged(json!(["rating,id", "+"])),
        forged(json!(["rating,id", "+", "1"])),
        forged(json!(["rating,id", "+", "1", null])),
        forged(json!(["rating,id", "+", "x", "1"])),
        forged(json!(["rating,id", "+", "2147483648", "1"])),
        forged(json!(["rating,id", "+", "1", "99999999999999999999"])),
        forged(json!(["rating,id", "?", "1", "1"])),
        forged(json!(["rating,id", "+", 1, 1])),
        forged(json!(["id", "+", "1", "1"])),
        "5b".repeat(20_000),
    ] {
        let path = format!(
            "/api/stream/?ordering=rating&cursor={}",
            super::quoted(&wrong)
        );
        let answer = get(&mut client, &path).await;
        assert_eq!(
            answer,
            (404, json!({ "detail": "Invalid cursor" })),
            "{wrong}"
        );
    }
    for (order, values) in [
        ("title,id", ["a\0", "1"]),
        ("price,id", ["inf", "1"]),
        ("mood,id", ["x", "1"]),
        ("in_print,id", ["maybe", "1"]),
        ("code,id", ["x", "1"]),
        ("published,id", ["2024-02-30", "1"]),
    ] {
        let cursor: String = forged(json!([order, "+", values[0], values[1]]));
        let name = order.trim_end_matches(",id");
        let answer = get(
            &mut client,
            &format!("/api/stream/?ordering={name}&cursor={cursor}"),
        )
        .await;
        assert_eq!(answer.0, 404, "{order}");
    }
    let of_another_order = format!("/api/stream/?cursor={cursor}");
    assert_eq!(get(&mut client, &of_another_order).await.0, 404);
}
