//! The site behind a proxy, beside a front end of another origin, and before a load balancer.

use axum::body::Body;
use axum::http::Request;
use restkit::Settings;
use restkit::testing::{TestClient, TestResponse};
use serde_json::json;
use tower::ServiceExt;

use crate::project::project;
use crate::{TASKS, send};

async fn with(change: impl FnOnce(&mut Settings)) -> TestClient {
    TestClient::with_settings(project(), change).await
}

async fn ask(
    client: &mut TestClient,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
) -> TestResponse {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn probes_need_no_host() {
    let mut client = with(|_| {}).await;
    for path in ["/health", "/health/", "/ready", "/ready/"] {
        let answer = ask(&mut client, ("GET", path), &[("host", "10.0.0.7:8000")]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let other = ask(&mut client, ("GET", TASKS), &[("host", "10.0.0.7:8000")]).await;
    assert_eq!(other.status, 400);
}

#[tokio::test]
async fn named_origins_may_read_and_send_cookies() {
    let origin = "http://localhost:5173";
    let mut client = with(|settings| settings.cors_allowed_origins = vec![origin.to_owned()]).await;
    let preflight = [
        ("origin", origin),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "content-type,if-match"),
    ];
    let answer = ask(&mut client, ("OPTIONS", TASKS), &preflight).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("if-match")
    );
    // Errors can be read, too.
    for path in [TASKS, "/api/tasks/999/", "/nowhere/"] {
        let answer = ask(&mut client, ("GET", path), &[("origin", origin)]).await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            origin,
            "{path}"
        );
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("etag")
        );
    }
    let strange = [("origin", "https://evil.example")];
    let answer = ask(&mut client, ("GET", TASKS), &strange).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn any_origin_sends_no_cookies() {
    let mut client = with(|settings| settings.cors_allowed_origins = vec!["*".to_owned()]).await;
    let answer = ask(
        &mut client,
        ("GET", TASKS),
        &[("origin", "https://a.example")],
    )
    .await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(
        !answer
            .headers
            .contains_key("access-control-allow-credentials")
    );
}

#[tokio::test]
async fn without_the_setting_no_other_origin_reads() {
    let mut client = with(|_| {}).await;
    let answer = ask(
        &mut client,
        ("GET", TASKS),
        &[("origin", "https://a.example")],
    )
    .await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

/// The status of a write by a session from a page of this origin.
async fn write_from(origin: &str, forwarded: &str, change: impl FnOnce(&mut Settings)) -> u16 {
    let mut client = with(change).await;
    let user = client.create_user("ada", false).await.unwrap();
    client.force_login(&user).await.unwrap();
    let token = client.cookie("csrftoken").unwrap().to_owned();
    let request = Request::post("/api/members/")
        .header("content-type", "application/json")
        .header("origin", origin)
        .header("x-forwarded-proto", forwarded)
        .header("x-csrftoken", token);
    let body = Body::from(json!({ "title": "a" }).to_string());
    let answer = client.request(request.body(body).unwrap()).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn an_origin_has_a_scheme() {
    let secure = |settings: &mut Settings| settings.secure_cookies = true;
    let plain = |settings: &mut Settings| settings.secure_cookies = false;
    let proxied = |settings: &mut Settings| {
        settings.secure_cookies = false;
        settings.num_proxies = 1;
    };
    assert_eq!(write_from("https://testserver", "", secure).await, 201);
    assert_eq!(write_from("http://testserver", "", secure).await, 403);
    assert_eq!(write_from("http://testserver", "", plain).await, 201);
    assert_eq!(write_from("http://testserver", "http", proxied).await, 201);
    assert_eq!(write_from("http://testserver", "https", proxied).await, 403);
    assert_eq!(
        write_from("https://testserver", "https", proxied).await,
        201
    );
    let trusted = |settings: &mut Settings| {
        settings.trusted_origins = vec!["https://app.example".to_owned()];
    };
    assert_eq!(write_from("https://app.example", "", trusted).await, 201);
    assert_eq!(write_from("http://app.example", "", trusted).await, 403);
    assert_eq!(
        write_from("https://app.example:8443", "", trusted).await,
        403
    );
}

#[tokio::test]
async fn plain_requests_are_sent_to_https() {
    let redirect = |settings: &mut Settings| {
        settings.ssl_redirect = true;
        settings.num_proxies = 1;
    };
    let mut client = with(redirect).await;
    let plain = [("x-forwarded-proto", "http")];
    let answer = ask(&mut client, ("GET", "/api/tasks/?page=2"), &plain).await;
    assert_eq!(answer.status, 308);
    assert_eq!(
        answer.header("location"),
        "https://testserver/api/tasks/?page=2"
    );
    let secure = [("x-forwarded-proto", "https")];
    assert_eq!(ask(&mut client, ("GET", TASKS), &secure).await.status, 200);
    // A load balancer asks without TLS.
    assert_eq!(
        ask(&mut client, ("GET", "/health"), &plain).await.status,
        200
    );
    // Without a proxy nobody tells, and every request would be sent round in a circle.
    let mut client = with(|settings| settings.ssl_redirect = true).await;
    assert_eq!(ask(&mut client, ("GET", TASKS), &plain).await.status, 200);
}

#[tokio::test]
async fn browsers_are_told_how_to_come() {
    let mut client = with(|settings| {
        settings.hsts_seconds = 3600;
        settings.hsts_include_subdomains = true;
        settings.hsts_preload = true;
    })
    .await;
    let answer = client.get(TASKS).await;
    let hsts = "max-age=3600; includeSubDomains; preload";
    assert_eq!(answer.header("strict-transport-security"), hsts);
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
}

#[tokio::test]
async fn forms_have_so_many_fields() {
    let mut client = with(|_| {}).await;
    let form = |fields: usize| format!("title=a{}", "&x=1".repeat(fields - 1));
    let kind = "application/x-www-form-urlencoded";
    let good = send(&mut client, ("POST", TASKS), kind, &form(1000)).await;
    assert_eq!(good.status, 201);
    let bad = send(&mut client, ("POST", TASKS), kind, &form(1001)).await;
    assert_eq!(bad.status, 400);
    assert_eq!(bad.json()["detail"], "The form has more than 1000 fields.");
    let part = "--b\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
    let parts = format!("{}--b--\r\n", part.repeat(1001));
    let kind = "multipart/form-data; boundary=b";
    let bad = send(&mut client, ("POST", TASKS), kind, &parts).await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn odd_request_ids_are_replaced() {
    let mut client = with(|_| {}).await;
    for (given, is_kept) in [("a-1_2.c", true), ("a b", false), ("\u{1b}[31m", false)] {
        let header = axum::http::HeaderValue::from_bytes(given.as_bytes());
        let Ok(header) = header else { continue };
        let request = Request::get(TASKS).header("x-request-id", header);
        let answer = client.request(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-request-id") == given, is_kept, "{given:?}");
    }
}

#[tokio::test]
async fn sessions_end_with_the_secret_key() {
    let mut client = with(|settings| settings.secret_key = "first".to_owned()).await;
    let user = client.create_user("ada", true).await.unwrap();
    client.force_login(&user).await.unwrap();
    let (key, db) = (
        client.cookie("sessionid").unwrap().to_owned(),
        client.db().clone(),
    );
    for (secret, fallbacks, is_in) in [
        ("first", vec![], true),
        ("second", vec![], false),
        ("second", vec!["first".to_owned()], true),
    ] {
        let settings = Settings {
            secret_key: secret.to_owned(),
            secret_key_fallbacks: fallbacks,
            ..client.site().settings().clone()
        };
        let site = restkit::Site::new(&project(), settings, db.clone()).unwrap();
        let request = Request::get("/admin/")
            .header("host", "testserver")
            .header("cookie", format!("sessionid={key}"));
        let request = request.body(Body::empty()).unwrap();
        let answer = restkit::server::router(&site).oneshot(request).await;
        assert_eq!(answer.unwrap().status() == 200, is_in, "{secret}");
    }
}

#[tokio::test]
async fn the_schema_may_be_for_staff() {
    let client = with(|settings| settings.public_schema = false).await;
    for (name, is_staff, status) in [("ada", true, 200), ("bob", false, 403)] {
        let user = client.create_user(name, is_staff).await.unwrap();
        for path in ["/api/schema/", "/api/docs/"] {
            let mut nobody = client.clone();
            assert_eq!(nobody.get(path).await.status, 401, "{path}");
            nobody.force_authenticate(&user).await.unwrap();
            assert_eq!(nobody.get(path).await.status, status, "{name} {path}");
        }
    }
    let mut public = with(|_| {}).await;
    assert_eq!(public.get("/api/schema/").await.status, 200);
}
