//! Who asks: by a session, a token, or a name and a password.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use restkit::Authentication;
use restkit::auth::models::{token as tokens, user};
use restkit::auth::{password, token};
use restkit::chrono::Utc;
use restkit::testing::{TestClient, TestResponse};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::json;

use crate::access::project;
use crate::send;

const AUTHENTICATED: &str = "/api/authenticated/";
const PASSWORD: &str = "violet:staple mountain";

async fn client() -> TestClient {
    TestClient::new(project()).await
}

/// A user who can log in by [`PASSWORD`].
async fn user(client: &TestClient, name: &str) -> user::Model {
    let user = client.create_user(name, false).await.unwrap();
    let mut user = user.into_active_model();
    user.password = Set(password::hash(PASSWORD).await.unwrap());
    user.update(client.db()).await.unwrap()
}

fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", base64(&format!("{username}:{password}")))
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits = group
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            encoded.push(if place > group.len() {
                '='
            } else {
                digit.into()
            });
        }
    }
    encoded
}

#[track_caller]
fn check(answer: &TestResponse, status: u16, detail: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (status, json!({ "detail": detail }))
    );
}

#[tokio::test]
async fn tokens_let_in_without_csrf() {
    let mut client = client().await;
    let user = client.create_user("ada", false).await.unwrap();
    let key = token::create(client.db(), user.id, "", None).await.unwrap();
    for scheme in ["Token", "token", "Bearer"] {
        client.credentials(&format!("{scheme} {key}"));
        assert_eq!(client.get(AUTHENTICATED).await.status, 200, "{scheme}");
        let posted = client.post(AUTHENTICATED, json!({ "title": "a" })).await;
        assert_eq!(posted.status, 201, "{scheme}");
    }
    let mut user = user.into_active_model();
    user.is_active = Set(false);
    user.update(client.db()).await.unwrap();
    check(
        &client.get(AUTHENTICATED).await,
        401,
        "User inactive or deleted.",
    );
}

#[tokio::test]
async fn tokens_expire() {
    let mut client = client().await;
    let user = client.create_user("ada", false).await.unwrap();
    let in_an_hour = token::expiry(Duration::from_secs(3600));
    let an_hour_ago = Some(Utc::now() - Duration::from_secs(3600));
    for (expires_at, status) in [(None, 200), (in_an_hour, 200), (an_hour_ago, 401)] {
        let key = token::create(client.db(), user.id, "", expires_at)
            .await
            .unwrap();
        client.credentials(&format!("Token {key}"));
        let answer = client.get(AUTHENTICATED).await;
        assert_eq!(answer.status, status, "{expires_at:?}");
        let found = token::user_of(client.db(), &key).await.unwrap();
        assert_eq!(found.is_some(), status == 200, "{expires_at:?}");
        if status == 401 {
            check(&answer, 401, "Token has expired.");
        }
    }
    assert_eq!(token::clear(client.db()).await.unwrap(), 1);
    check(&client.get(AUTHENTICATED).await, 401, "Invalid token.");
    assert_eq!(token::expiry(Duration::ZERO), None);
}

#[tokio::test]
async fn what_is_sent_and_wrong_is_401_even_where_anybody_may() {
    let mut client = client().await;
    let no_base64 = "Invalid basic header. Credentials not correctly base64 encoded.";
    for (header, detail) in [
        ("Token", "Invalid token header. No credentials provided."),
        (
            "Bearer a b",
            "Invalid token header. Token string should not contain spaces.",
        ),
        ("Token é", "Invalid token."),
        ("Token 0000", "Invalid token."),
        ("Basic", "Invalid basic header. No credentials provided."),
        (
            "basic a b",
            "Invalid basic header. Credentials string should not contain spaces.",
        ),
        ("Basic %%%", no_base64),
        ("Basic YWRh", no_base64),
        (&basic("nobody", "x"), "Invalid username/password."),
        (&basic("no\0body", "x"), "Invalid username/password."),
    ] {
        let request = Request::builder().uri("/api/anon-throttled/");
        let request = request.header("authorization", header.as_bytes());
        let answer = client.request(request.body(Body::empty()).unwrap()).await;
        check(&answer, 401, detail);
        assert_eq!(answer.header("www-authenticate"), "Token", "{header}");
    }
    let request = Request::builder().uri(AUTHENTICATED);
    let request = request.header("authorization", &b"Token \xff\xfe"[..]);
    let answer = client.request(request.body(Body::empty()).unwrap()).await;
    let detail = "Invalid token header. Token string should not contain invalid characters.";
    check(&answer, 401, detail);
    // Of a scheme that is not ours nothing is said: whoever sends it is anonymous.
    client.credentials("Digest username=ada");
    assert_eq!(client.get("/api/anon-throttled/").await.status, 200);
}

#[tokio::test]
async fn names_and_passwords() {
    let mut client = client().await;
    user(&client, "ada").await;
    client.credentials(&basic("ada", PASSWORD));
    let posted = client.post(AUTHENTICATED, json!({ "title": "a" })).await;
    assert_eq!(posted.status, 201);
    client.credentials(&basic("ada", "wrong"));
    check(
        &client.get(AUTHENTICATED).await,
        401,
        "Invalid username/password.",
    );
    for _ in 0..4 {
        client.get(AUTHENTICATED).await;
    }
    let throttled = client.get(AUTHENTICATED).await;
    assert_eq!(throttled.status, 429, "{}", throttled.text());
    assert_ne!(throttled.header("retry-after"), "");
}

#[tokio::test]
async fn many_right_passwords_at_once_are_no_attack() {
    let client = client().await;
    user(&client, "ada").await;
    let app = restkit::server::router(client.site());
    let requests = (0..12).map(|_| {
        let request = Request::builder()
            .uri(AUTHENTICATED)
            .header("host", "testserver")
            .header("authorization", basic("ada", PASSWORD))
            .body(Body::empty())
            .unwrap();
        tokio::spawn(tower::ServiceExt::oneshot(app.clone(), request))
    });
    let requests: Vec<_> = requests.collect();
    for request in requests {
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn the_ways_of_a_viewset_decide_how_it_refuses() {
    let anonymous = "Authentication credentials were not provided.";
    let mut client = client().await;
    let user = client.create_user("ada", false).await.unwrap();
    for (path, status, challenge) in [
        (AUTHENTICATED, 401, "Token"),
        ("/api/basic-first/", 401, "Basic realm=\"api\""),
        ("/api/session-alone/", 403, ""),
    ] {
        let answer = client.get(path).await;
        check(&answer, status, anonymous);
        assert_eq!(answer.header("www-authenticate"), challenge, "{path}");
    }
    client.force_authenticate(&user).await.unwrap();
    assert_eq!(client.get("/api/basic-first/").await.status, 200);
    check(&client.get("/api/session-alone/").await, 403, anonymous);
    client.credentials("");
    client.force_login(&user).await.unwrap();
    assert_eq!(client.get("/api/session-alone/").await.status, 200);
    check(&client.get("/api/basic-first/").await, 401, anonymous);
}

#[tokio::test]
async fn the_settings_name_the_ways_of_all_viewsets() {
    let mut client = TestClient::with_settings(project(), |settings| {
        settings.authentication = vec![Authentication::Basic];
    })
    .await;
    let user = client.create_user("ada", false).await.unwrap();
    client.force_authenticate(&user).await.unwrap();
    let answer = client.get(AUTHENTICATED).await;
    assert_eq!(answer.header("www-authenticate"), "Basic realm=\"api\"");
}

#[tokio::test]
async fn sessions_write_with_the_csrf_token_alone() {
    let mut client = client().await;
    let user = client.create_user("ada", false).await.unwrap();
    client.force_login(&user).await.unwrap();
    let good = client.cookie("csrftoken").unwrap().to_owned();
    let incorrect = "CSRF Failed: CSRF token from the 'X-CSRFToken' HTTP header incorrect.";
    let forged = "f".repeat(64);
    for (cookie, header, detail) in [
        (good.as_str(), None, "CSRF Failed: CSRF token missing."),
        (&good, Some(forged.as_str()), incorrect),
        (&good, Some(""), incorrect),
        (&good, Some("é"), "CSRF Failed: CSRF token missing."),
        (
            "",
            Some(&good),
            "CSRF Failed: CSRF cookie has an incorrect value.",
        ),
        (
            "short",
            Some("short"),
            "CSRF Failed: CSRF cookie has an incorrect value.",
        ),
    ] {
        client.set_cookie("csrftoken", cookie);
        for method in ["POST", "BREW"] {
            let mut request = Request::builder().method(method).uri(AUTHENTICATED);
            request = request.header("content-type", "application/json");
            if let Some(token) = header {
                request = request.header("x-csrftoken", token.as_bytes());
            }
            let request = request.body(Body::from("{\"title\": \"a\"}")).unwrap();
            let answer = client.request(request).await;
            match method {
                "POST" => check(&answer, 403, detail),
                _ => assert_eq!(answer.status, 405),
            }
        }
    }
    client.set_cookie("csrftoken", &good);
    let request = Request::builder().method("POST").uri(AUTHENTICATED);
    let request = request
        .header("content-type", "application/json")
        .header("x-csrftoken", &good)
        .header("origin", "https://evil.example");
    let answer = client
        .request(request.body(Body::from("{}")).unwrap())
        .await;
    let detail = "CSRF Failed: Origin checking failed - https://evil.example does not match any trusted origins.";
    check(&answer, 403, detail);
    let form = format!("title=a&csrfmiddlewaretoken={good}");
    let kind = "application/x-www-form-urlencoded";
    let answer = send(&mut client, ("POST", AUTHENTICATED), kind, &form).await;
    assert_eq!(answer.status, 201);
    let answer = client.delete("/api/authenticated/1/").await;
    assert_eq!(answer.status, 204);
}

#[tokio::test]
async fn forged_session_cookies_are_nobodys() {
    let mut client = client().await;
    let huge = "x".repeat(100_000);
    for cookie in [
        "",
        "0",
        "../../etc/passwd",
        "' OR 1=1 --",
        "%00",
        "=;;=",
        &huge,
    ] {
        client.set_cookie("sessionid", cookie);
        let answer = client.get(AUTHENTICATED).await;
        assert_eq!(answer.status, 401, "{}", &cookie[..cookie.len().min(20)]);
        let answer = client.get("/api/anon-throttled/").await;
        assert!(!answer.status.is_server_error(), "{}", answer.status);
    }
    let request = Request::builder().uri(AUTHENTICATED);
    let request = request.header("cookie", &b"sessionid=\xff\xfe; csrftoken=\xff"[..]);
    let answer = client.request(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_token_for_a_name_and_a_password() {
    let mut client = client().await;
    user(&client, "ada").await;
    let required = json!(["This field is required."]);
    for (sent, expected) in [
        (
            json!({}),
            json!({ "username": required, "password": required }),
        ),
        (
            json!({ "username": "", "password": null }),
            json!({
                "username": ["This field may not be blank."],
                "password": ["This field may not be null."],
            }),
        ),
        (
            json!({ "username": "ada", "password": "wrong" }),
            json!({ "non_field_errors": ["Unable to log in with provided credentials."] }),
        ),
    ] {
        let refused = client.post("/token/", sent).await;
        assert_eq!((refused.status.as_u16(), refused.json()), (400, expected));
    }
    let count = tokens::Entity::find().count(client.db()).await.unwrap();
    assert_eq!(count, 0);
    let given = client
        .post(
            "/token/",
            json!({ "username": "ada", "password": PASSWORD }),
        )
        .await;
    assert_eq!(given.status, 200);
    let key = given.json()["token"].as_str().unwrap().to_owned();
    client.credentials(&format!("Token {key}"));
    assert_eq!(client.get(AUTHENTICATED).await.status, 200);
    let again = format!("username=ada&password={PASSWORD}");
    let kind = "application/x-www-form-urlencoded";
    let again = send(&mut client, ("POST", "/token/"), kind, &again).await;
    assert_ne!(again.json()["token"], key, "only its fingerprint is kept");
}

#[tokio::test]
async fn handlers_that_are_no_viewsets_ask_the_same_way() {
    let mut client = client().await;
    let refused = client.get("/whoami/").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), "Token");
    let user = client.create_user("ada", false).await.unwrap();
    client.force_login(&user).await.unwrap();
    assert_eq!(client.get("/whoami/").await.text(), "ada");
    assert_eq!(client.post("/whoami/", json!({})).await.text(), "ada");
    assert_eq!(
        send(&mut client, ("POST", "/whoami/"), "", "").await.status,
        403
    );
    client.credentials("Token x");
    client.set_cookie("sessionid", "");
    check(&client.get("/whoami/").await, 401, "Invalid token.");
}

#[tokio::test]
async fn the_admin_site_is_for_sessions_alone() {
    let mut client = client().await;
    let user = client.create_user("ada", true).await.unwrap();
    client.force_authenticate(&user).await.unwrap();
    assert_eq!(client.get("/admin/").await.status, 303);
    client.credentials("Basic broken");
    assert_eq!(client.get("/admin/login/").await.status, 200);
}
