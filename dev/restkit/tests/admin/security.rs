//! What attackers try, and what the error pages tell them.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use restkit::auth::password;
use restkit::site::session;
use restkit::testing::{TestClient, TestResponse};

use crate::rows::library;
use crate::{PASSWORD, admin, client, client_with, page, staff};

const HTML: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

async fn browse(client: &mut TestClient, path: &str) -> TestResponse {
    let request = Request::builder().uri(path).header("accept", HTML);
    client.request(request.body(Body::empty()).unwrap()).await
}

async fn post(client: &mut TestClient, path: &str, headers: &[(&str, &str)], form: &str) -> u16 {
    let mut request = Request::builder().method("POST").uri(path);
    request = request.header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(form.to_owned())).unwrap();
    client.request(request).await.status.as_u16()
}

crate::both! {
    no_form_is_taken_from_another_sites_page,
    a_planted_token_is_worth_nothing_after_the_login,
    pages_are_neither_framed_nor_kept_nor_do_they_load_from_elsewhere,
    the_login_leads_nowhere_else,
    foreign_hosts_are_refused,
    html_in_data_is_text,
    columns_that_are_not_on_the_form_are_not_written,
    in_production_errors_tell_nothing,
    with_debug_on_errors_tell_their_causes_and_no_secrets,
    who_may_not_is_shown_a_way_back,
    browsers_are_told_to_stay_with_https,
}

async fn no_form_is_taken_from_another_sites_page() {
    let (mut client, _) = library().await;
    let token = client.cookie("csrftoken").unwrap().to_owned();
    let right = format!("csrfmiddlewaretoken={token}");
    let wrong = format!("csrfmiddlewaretoken={}", "0".repeat(64));
    let elsewhere = [("origin", "https://evil.example")];
    for path in [
        "/admin/login/",
        "/admin/logout/",
        "/admin/password_change/",
        "/admin/auth/user/1/password/",
        "/admin/library/book/",
        "/admin/library/book/add/",
        "/admin/library/book/1/change/",
        "/admin/library/book/1/delete/",
    ] {
        assert_eq!(
            post(&mut client, path, &[], "title=x").await,
            403,
            "{path} without"
        );
        assert_eq!(
            post(&mut client, path, &[], &wrong).await,
            403,
            "{path} wrong"
        );
        assert_eq!(
            post(&mut client, path, &elsewhere, &right).await,
            403,
            "{path} elsewhere"
        );
        assert_eq!(
            post(&mut client, path, &[("origin", "null")], &right).await,
            403,
            "{path} null"
        );
    }
    let list = page(&mut client, "/admin/library/book/").await;
    assert!(
        list.contains("<span class=\"count\">3</span>"),
        "nothing was deleted"
    );
}

async fn a_planted_token_is_worth_nothing_after_the_login() {
    let mut client = client().await;
    let user = staff(&client, "ada").await;
    let planted = "a".repeat(64);
    client.set_cookie("csrftoken", &planted);
    client.force_login(&user).await.unwrap();
    assert_ne!(client.cookie("csrftoken"), Some(planted.as_str()));
}

async fn pages_are_neither_framed_nor_kept_nor_do_they_load_from_elsewhere() {
    let mut client = admin().await;
    for path in ["/", "/admin/", "/admin/library/book/add/", "/nothing/"] {
        let answer = browse(&mut client, path).await;
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let policy = answer.header("content-security-policy").to_owned();
        for rule in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let page = answer.text();
        for inline in ["<script>", "<style", " style=", " onclick=", "javascript:"] {
            assert!(!page.contains(inline), "{path}: {inline}");
        }
    }
}

async fn the_login_leads_nowhere_else() {
    let mut client = client().await;
    staff(&client, "ada").await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
    ] {
        client.get("/admin/login/").await;
        let fields = [("username", "ada"), ("password", PASSWORD), ("next", next)];
        let answer = client.post_form("/admin/login/", &fields).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), "/admin/", "{next}");
    }
    let fields = [
        ("username", "ada"),
        ("password", PASSWORD),
        ("next", "/admin/library/?q=1"),
    ];
    let answer = client.post_form("/admin/login/", &fields).await;
    assert_eq!(answer.header("location"), "/admin/library/?q=1");
}

async fn foreign_hosts_are_refused() {
    let mut client = client().await;
    for host in [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "",
    ] {
        let request = Request::builder().uri("/admin/login/").header("host", host);
        let answer = client.request(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 400, "{host}");
    }
}

async fn html_in_data_is_text() {
    let (mut client, _) = library().await;
    let evil = "\"><script>alert(1)</script>'<b>{{ 7 * 7 }}";
    let fields = [("name", evil)];
    client
        .post_form("/admin/library/author/add/", &fields)
        .await;
    for path in [
        "/admin/",
        "/admin/library/author/",
        "/admin/library/author/3/change/",
        "/admin/library/author/3/delete/",
        "/admin/library/author/3/history/",
        "/admin/library/book/add/",
        "/admin/library/author/?q=%22%3E%3Cscript%3Ealert(1)",
        "/admin/login/?next=%22%3E%3Cscript%3Ealert(1)",
    ] {
        let answer = browse(&mut client, path).await.text();
        assert!(
            !answer.contains("<script>alert") && !answer.contains("<b>{{"),
            "{path}"
        );
        assert!(
            !answer.contains(">49"),
            "{path}: no template in data is run"
        );
    }
}

async fn columns_that_are_not_on_the_form_are_not_written() {
    let (mut client, _) = library().await;
    let fields = [
        ("name", "x"),
        ("id", "99"),
        ("i0-k3-row", "1"),
        ("i0-k3-title", "another author's book"),
    ];
    client
        .post_form("/admin/library/author/1/change/", &fields)
        .await;
    let list = page(&mut client, "/admin/library/book/").await;
    assert!(!list.contains("another author"));
    assert_eq!(
        client.get("/admin/library/author/99/change/").await.status,
        303
    );
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let mut client = client().await;
    let user = client.create_user("ada", true).await.unwrap();
    let hash = password::hash(PASSWORD).await.unwrap();
    session::set_password(client.db(), &user, PASSWORD)
        .await
        .unwrap();
    let mut shortest = [Duration::MAX; 2];
    password::verify("x", None).await.unwrap();
    for _ in 0..3 {
        for (time, hash) in shortest.iter_mut().zip([Some(hash.as_str()), None]) {
            let start = Instant::now();
            password::verify("wrong", hash).await.unwrap();
            *time = start.elapsed().min(*time);
        }
    }
    assert!(shortest[1] * 3 > shortest[0], "{shortest:?}");
    assert_eq!(client.get("/admin/").await.status, 303);
}

async fn in_production_errors_tell_nothing() {
    let mut client = client().await;
    for path in ["/fail/", "/panic/"] {
        let answer = browse(&mut client, path).await;
        assert_eq!(answer.status, 500);
        let page = answer.text();
        assert!(page.contains("Something went wrong"), "{page}");
        for secret in ["disk", "cheese", "a key for tests", "could not write"] {
            assert!(!page.contains(secret), "{path}: {secret}");
        }
        assert_eq!(
            client.get(path).await.json()["detail"],
            "A server error occurred."
        );
    }
    let missing = browse(&mut client, "/nothing/").await;
    assert_eq!(missing.status, 404);
    assert!(!missing.text().contains("/fail/"));
}

async fn with_debug_on_errors_tell_their_causes_and_no_secrets() {
    let mut client = client_with(|settings| settings.debug = true).await;
    let failed = browse(&mut client, "/fail/").await;
    assert_eq!(failed.status, 500);
    let failed = failed.text();
    assert!(
        failed.contains("could not write &lt;(hidden)&gt;") && failed.contains("the disk is full"),
        "{failed}"
    );
    assert!(!failed.contains("a key for tests"));
    let panicked = browse(&mut client, "/panic/").await.text();
    let panicked = panicked.replace("&#x2f;", "/");
    assert!(
        panicked.contains("a view panicked: out of cheese (")
            && panicked.contains("tests/admin/project.rs:"),
        "{panicked}"
    );
    let missing = browse(&mut client, "/nothing/")
        .await
        .text()
        .replace("&#x2f;", "/");
    assert!(
        missing.contains("<code>/fail/</code>") && missing.contains("GET"),
        "{missing}"
    );
    // What fails may be the database itself: the page is made without it.
    client.db().close().await.unwrap();
    client.set_cookie("sessionid", "x");
    let page = browse(&mut client, "/").await;
    assert_eq!(page.status, 500);
    assert!(page.text().contains("What went wrong"));
}

async fn who_may_not_is_shown_a_way_back() {
    let mut client = client().await;
    let user = client.create_user("bob", true).await.unwrap();
    client.force_login(&user).await.unwrap();
    let refused = browse(&mut client, "/admin/library/book/").await;
    assert_eq!(refused.status, 403);
    let page = refused.text();
    assert!(
        page.contains("To the admin site") && page.contains("Log in as somebody else"),
        "{page}"
    );
}

async fn browsers_are_told_to_stay_with_https() {
    let plain = client().await.get("/").await;
    assert_eq!(plain.header("strict-transport-security"), "");
    let mut client = client_with(|settings| settings.hsts_seconds = 60).await;
    let answer = client.get("/").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=60");
}
