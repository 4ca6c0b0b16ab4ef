//! What a list can be asked for, on its page.

use restkit::Settings;
use restkit::testing::{TestClient, TestResponse};

use super::{client, shelf};

async fn page(client: &mut TestClient, path: &str) -> TestResponse {
    let separator = if path.contains('?') { '&' } else { '?' };
    client.get(&format!("{path}{separator}format=api")).await
}

/// What the page at `path` has, and has not.
#[track_caller]
fn check(page: &TestResponse, parts: &[&str], others: &[&str]) {
    let text = page.text().replace("&#x2f;", "/");
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for part in others {
        assert!(!text.contains(part), "{part} is in {text}");
    }
}

#[tokio::test]
async fn each_filter_is_an_input_with_its_value() {
    let mut client = client().await;
    let asked = "/api/books/?in_print=1&mood=wild&title__icontains=%3Ci%3E&ordering=-id,title\
                 &published__lt=2024-02-29&mine=1&page_size=3&page=1";
    let page = page(&mut client, asked).await;
    let parts = [
        "Title contains <code",
        r#"type="text" name="title__icontains" value="&lt;i&gt;""#,
        r#"type="date" name="published__lt" value="2024-02-29""#,
        r#"<option>true</option><option>false</option><option selected>1</option>"#,
        "<option>calm</option><option selected>wild</option>",
        "<option selected>-id,title</option>",
        r#"type="hidden" name="mine" value="1""#,
        r#"type="hidden" name="page_size" value="3""#,
        r#"/api/books/?format=api&amp;mine=1&amp;page_size=3">Clear all"#,
        "format=json&amp;in_print=1",
    ];
    check(&page, &parts, &[r#"type="hidden" name="page""#]);
}

#[tokio::test]
async fn a_list_that_was_asked_for_nothing_has_nothing_to_clear() {
    let mut client = client().await;
    let plain = page(&mut client, "/api/books/?title=").await;
    check(&plain, &[r#"id="filter-title""#], &["Clear all"]);
    for path in ["/api/plain/", "/api/", "/api/books/1/"] {
        check(&page(&mut client, path).await, &[], &["<search>"]);
    }
}

#[tokio::test]
async fn a_value_that_means_nothing_is_named_at_its_input() {
    let mut client = client().await;
    let page = page(&mut client, "/api/books/?id__lt=x&genre=none").await;
    assert_eq!(page.status, 400);
    let parts = [
        r##"<a href="#filter-id__lt">"##,
        r#"type="text" name="id__lt" value="x""#,
        r#"<p class="error" id="error-filter-id__lt">Enter a number.</p>"#,
        "none is not one of the available choices.",
    ];
    check(&page, &parts, &["Nothing was saved."]);
}

#[tokio::test]
async fn pages_are_named_and_lead_to_each_other() {
    let mut client = client().await;
    let cases: [(&str, &[&str], &[&str]); 6] = [
        (
            "/api/books/?page_size=2&search=",
            &[
                "1 to 2 of 6",
                r#"page_size=2&amp;search=" aria-label="Page 1" aria-current="page""#,
                r#"page=3&amp;page_size=2&amp;search=" aria-label="Page 3">"#,
                r#"rel="next""#,
            ],
            &[r#"rel="prev""#],
        ),
        (
            "/api/books/?page=last",
            &["5 to 6 of 6", r#"aria-label="Page 2" aria-current="page""#],
            &[r#"rel="next""#],
        ),
        (
            "/api/slices/?limit=2&offset=3",
            &["4 to 5 of 6", r#"rel="next""#, r#"rel="prev""#],
            &["aria-current=\"page\">2"],
        ),
        (
            "/api/stream/?page_size=2",
            &[r#"rel="next""#],
            &[r#"class="count">1 to"#],
        ),
        ("/api/books/?id=999", &[], &[r#"aria-label="Pages""#]),
        ("/api/whole/", &[], &[r#"aria-label="Pages""#]),
    ];
    for (path, parts, others) in cases {
        check(&page(&mut client, path).await, parts, others);
    }
}

#[tokio::test]
async fn the_panel_says_what_each_parameter_does() {
    let debug = |settings: &mut Settings| settings.debug = true;
    let mut client = TestClient::with_settings(shelf::project(), debug).await;
    shelf::fill(client.db()).await;
    let seen = page(&mut client, "/api/books/?id__lt=9&titel=x").await;
    let parts = [
        "Rows whose id is less than this.",
        "no filter or page of this list",
        "BookViewSet::list",
    ];
    check(&seen, &parts, &[]);
}
