//! Pages by number and by offset, and lists without pages.

use serde_json::json;

use super::{client, get, ids};

#[tokio::test]
async fn pages_by_number() {
    let mut client = client().await;
    let (_, first) = get(&mut client, "/api/books/?ordering=-id").await;
    assert_eq!(
        (&first["count"], ids(&first)),
        (&json!(6), vec![6, 5, 4, 3])
    );
    let next = "http://testserver/api/books/?ordering=-id&page=2";
    assert_eq!(
        (&first["next"], &first["previous"]),
        (&json!(next), &json!(null))
    );
    let (_, second) = get(&mut client, next.trim_start_matches("http://testserver")).await;
    assert_eq!(ids(&second), [2, 1]);
    let previous = "http://testserver/api/books/?ordering=-id";
    assert_eq!(
        (&second["next"], &second["previous"]),
        (&json!(null), &json!(previous))
    );
    assert_eq!(
        get(&mut client, "/api/books/?page=last&ordering=-id")
            .await
            .1,
        second
    );

    let (_, narrowed) = get(&mut client, "/api/books/?in_print=true&page_size=2&page=2").await;
    assert_eq!(
        (&narrowed["count"], ids(&narrowed)),
        (&json!(4), vec![4, 6])
    );
    assert_eq!(narrowed["next"], json!(null));
}

#[tokio::test]
async fn the_size_of_a_page_has_bounds() {
    let mut client = client().await;
    for (asked, size) in [
        ("1", 1),
        ("5", 5),
        ("6", 5),
        ("99999999999999999999999", 5),
        ("0", 4),
        ("-1", 4),
        ("x", 4),
        ("", 4),
    ] {
        let (_, page) = get(&mut client, &format!("/api/books/?page_size={asked}")).await;
        assert_eq!(ids(&page).len(), size, "{asked}");
    }
}

#[tokio::test]
async fn there_are_no_other_pages() {
    let mut client = client().await;
    let pages = [
        "0",
        "3",
        "-1",
        "x",
        "1.5",
        "9223372036854775807",
        "18446744073709551616",
        "%00",
        "1e3",
    ];
    for page in pages {
        let answer = get(&mut client, &format!("/api/books/?page={page}")).await;
        assert_eq!(
            answer,
            (404, json!({ "detail": "Invalid page." })),
            "{page}"
        );
    }
    let (status, empty) = get(&mut client, "/api/books/?id=99").await;
    assert_eq!((status, &empty["count"]), (200, &json!(0)));
}

#[tokio::test]
async fn slices() {
    let mut client = client().await;
    for (query, rows, next, previous) in [
        ("", vec![1, 2, 3, 4], Some("?limit=4&offset=4"), None),
        (
            "?limit=2&offset=3",
            vec![4, 5],
            Some("?limit=2&offset=5"),
            Some("?limit=2&offset=1"),
        ),
        (
            "?limit=2&offset=2",
            vec![3, 4],
            Some("?limit=2&offset=4"),
            Some("?limit=2"),
        ),
        (
            "?limit=2&offset=1",
            vec![2, 3],
            Some("?limit=2&offset=3"),
            Some("?limit=2"),
        ),
        (
            "?offset=4&limit=2",
            vec![5, 6],
            None,
            Some("?limit=2&offset=2"),
        ),
        (
            "?limit=99",
            vec![1, 2, 3, 4, 5],
            Some("?limit=5&offset=5"),
            None,
        ),
        ("?offset=99", vec![], None, Some("?limit=4&offset=95")),
        (
            "?limit=0&offset=-1",
            vec![1, 2, 3, 4],
            Some("?limit=4&offset=4"),
            None,
        ),
        (
            "?limit=x&offset=x",
            vec![1, 2, 3, 4],
            Some("?limit=4&offset=4"),
            None,
        ),
        (
            "?limit=99999999999999999999&offset=99999999999999999999",
            vec![],
            None,
            Some("?limit=5&offset=9223372036854775802"),
        ),
    ] {
        let (status, page) = get(&mut client, &format!("/api/slices/{query}")).await;
        assert_eq!(
            (status, &page["count"]),
            (200, &json!(6)),
            "{query}: {page}"
        );
        assert_eq!(ids(&page), rows, "{query}");
        let url = |query: &str| format!("http://testserver/api/slices/{query}");
        assert_eq!(page["next"], json!(next.map(url)), "{query}");
        assert_eq!(page["previous"], json!(previous.map(url)), "{query}");
    }
}

#[tokio::test]
async fn a_list_without_pages_is_a_list() {
    let (_, whole) = get(&mut client().await, "/api/whole/?page=9&page_size=1").await;
    assert!(whole.is_array());
    assert_eq!(ids(&whole), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_viewset_that_declares_nothing_keeps_its_own_order() {
    let (_, page) = get(&mut client().await, "/api/plain/?ordering=id&search=x&id=1").await;
    assert_eq!(
        (&page["count"], ids(&page)),
        (&json!(6), vec![1, 2, 4, 6, 3, 5])
    );
}
