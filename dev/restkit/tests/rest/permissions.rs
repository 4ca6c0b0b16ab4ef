//! Who may do what, by each permission alone and by several together.

use restkit::Permission;
use restkit::auth::models::user;
use restkit::auth::permissions::grant_user;
use restkit::testing::TestClient;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;

use crate::access::project;
use crate::project::task;

const ANONYMOUS: &str = "Authentication credentials were not provided.";
const REFUSED: &str = "You do not have permission to perform this action.";

/// A client and one task for each of `titles`, whose keys count from 1.
async fn client(titles: &[&str]) -> TestClient {
    let client = TestClient::new(project()).await;
    for title in titles {
        let task = task::ActiveModel {
            title: Set((*title).to_owned()),
            completed: Set(false),
            ..Default::default()
        };
        task.insert(client.db()).await.unwrap();
    }
    client
}

/// Logs in by a token; `+` before the name makes staff of it.
async fn log_in(client: &mut TestClient, name: &str) -> user::Model {
    let user = client
        .create_user(name.trim_start_matches('+'), name.starts_with('+'))
        .await
        .unwrap();
    client.force_authenticate(&user).await.unwrap();
    user
}

/// Sends each request and compares status and detail.
async fn check(client: &mut TestClient, path: &str, expected: &[(&str, u16, &str)]) {
    for (request, status, detail) in expected {
        let (method, id) = request.split_once(' ').unwrap_or((request, ""));
        let path = format!("/api/{path}/{id}");
        let data = json!({ "title": "ada" });
        let answer = match method {
            "GET" => client.get(&path).await,
            "OPTIONS" => client.options(&path).await,
            "POST" => client.post(&path, data).await,
            "PUT" => client.put(&path, data).await,
            "PATCH" => client.patch(&path, data).await,
            _ => client.delete(&path).await,
        };
        assert_eq!(
            answer.status.as_u16(),
            *status,
            "{method} {path}: {}",
            answer.text()
        );
        if !detail.is_empty() {
            assert_eq!(answer.json()["detail"], *detail, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn users_and_staff() {
    let mut client = client(&[]).await;
    check(
        &mut client,
        "authenticated",
        &[("GET", 401, ANONYMOUS), ("POST", 401, ANONYMOUS)],
    )
    .await;
    check(&mut client, "staff", &[("GET", 401, ANONYMOUS)]).await;
    log_in(&mut client, "ada").await;
    check(
        &mut client,
        "authenticated",
        &[("GET", 200, ""), ("POST", 201, "")],
    )
    .await;
    check(
        &mut client,
        "staff",
        &[("GET", 403, REFUSED), ("DELETE 1/", 403, REFUSED)],
    )
    .await;
    log_in(&mut client, "+eve").await;
    check(
        &mut client,
        "staff",
        &[("GET", 200, ""), ("DELETE 1/", 204, "")],
    )
    .await;
}

#[tokio::test]
async fn model_permissions() {
    let mut client = client(&["a"]).await;
    check(
        &mut client,
        "model",
        &[("GET", 401, ANONYMOUS), ("OPTIONS", 401, ANONYMOUS)],
    )
    .await;
    let open = [
        ("GET", 200, ""),
        ("GET 1/", 200, ""),
        ("POST", 401, ANONYMOUS),
    ];
    check(&mut client, "model-or-anonymous", &open).await;

    let user = log_in(&mut client, "ada").await;
    let none = [
        ("GET", 200, ""),
        ("POST", 403, REFUSED),
        ("PUT 1/", 403, REFUSED),
        ("PATCH 1/", 403, REFUSED),
        ("DELETE 1/", 403, REFUSED),
    ];
    check(&mut client, "model", &none).await;
    check(&mut client, "model-or-anonymous", &none).await;
    for (permission, request, status) in [
        ("api.add_task", "POST", 201),
        ("api.change_task", "PUT 1/", 200),
        ("api.change_task", "PATCH 1/", 200),
        ("api.delete_task", "DELETE 1/", 204),
    ] {
        // The second one about changing exists already.
        let _ = grant_user(client.db(), user.id, permission).await;
        check(&mut client, "model", &[(request, status, "")]).await;
    }
}

#[tokio::test]
async fn objects() {
    let mut client = client(&["ada", "bob"]).await;
    log_in(&mut client, "ada").await;
    let own = [
        ("GET", 200, ""),
        ("POST", 201, ""),
        ("GET 1/", 200, ""),
        ("PATCH 1/", 200, ""),
        ("OPTIONS 2/", 200, ""),
    ];
    check(&mut client, "owner", &own).await;
    let message = "It is somebody else's.";
    for request in ["GET 2/", "PUT 2/", "PATCH 2/", "DELETE 2/"] {
        check(&mut client, "owner", &[(request, 403, message)]).await;
    }
    check(
        &mut client,
        "owner",
        &[("DELETE 1/", 204, ""), ("GET 1/", 404, "")],
    )
    .await;
    client.credentials("");
    check(&mut client, "owner", &[("GET 2/", 401, ANONYMOUS)]).await;
    let fields = client.options("/api/owner/2/").await.json();
    assert_eq!(fields.get("actions"), None, "it may not write");
}

#[tokio::test]
async fn several_together() {
    let mut client = client(&["ada", "bob"]).await;
    check(
        &mut client,
        "owner-or-staff",
        &[("GET", 200, ""), ("GET 1/", 401, ANONYMOUS)],
    )
    .await;
    check(&mut client, "members-own", &[("GET", 401, ANONYMOUS)]).await;
    log_in(&mut client, "ada").await;
    check(
        &mut client,
        "owner-or-staff",
        &[("GET 1/", 200, ""), ("GET 2/", 403, REFUSED)],
    )
    .await;
    check(
        &mut client,
        "members-own",
        &[("GET 1/", 200, ""), ("GET 2/", 403, REFUSED)],
    )
    .await;
    check(
        &mut client,
        "not-owner",
        &[("GET 1/", 403, REFUSED), ("GET 2/", 200, "")],
    )
    .await;
    log_in(&mut client, "+eve").await;
    check(
        &mut client,
        "owner-or-staff",
        &[("GET 1/", 200, ""), ("DELETE 2/", 204, "")],
    )
    .await;
    check(
        &mut client,
        "not-owner",
        &[("GET", 403, REFUSED), ("GET 1/", 403, REFUSED)],
    )
    .await;
}

#[tokio::test]
async fn functions_of_the_project() {
    let mut client = client(&["ada"]).await;
    check(&mut client, "ada", &[("GET", 401, ANONYMOUS)]).await;
    let bob = log_in(&mut client, "bob").await;
    check(&mut client, "ada", &[("GET", 403, "You are not Ada.")]).await;
    check(&mut client, "archivist", &[("GET", 403, REFUSED)]).await;
    grant_user(client.db(), bob.id, "api.archive_task")
        .await
        .unwrap();
    check(
        &mut client,
        "archivist",
        &[("GET", 200, ""), ("DELETE 1/", 204, "")],
    )
    .await;
    log_in(&mut client, "ada").await;
    check(&mut client, "ada", &[("GET", 200, "")]).await;
}

#[tokio::test]
async fn a_permission_for_other_rows_is_a_mistake_and_permits_nothing() {
    let mut client = client(&["ada"]).await;
    check(
        &mut client,
        "wrong-row",
        &[("GET 1/", 500, ""), ("DELETE 1/", 500, "")],
    )
    .await;
}

#[tokio::test]
async fn permissions_are_shown_as_they_are_written() {
    fn is_owner(_: &restkit::Context, _: &task::Model) -> bool {
        false
    }
    let owner = || Permission::object(is_owner);
    for (permission, expected, is_open) in [
        (Permission::AllowAny, "AllowAny", true),
        (Permission::AllowAny & owner(), "AllowAny & is_owner", false),
        (Permission::AllowAny | owner(), "AllowAny | is_owner", true),
        (
            !(Permission::IsAdminUser | owner()),
            "!(IsAdminUser | is_owner)",
            false,
        ),
        (
            (Permission::IsAdminUser | owner()).message("No.") & !Permission::IsAuthenticated,
            "(IsAdminUser | is_owner) & !IsAuthenticated",
            false,
        ),
        (
            Permission::model_permissions::<task::Entity>(),
            "ModelPermissions",
            false,
        ),
        (Permission::AllowAny.message("No."), "AllowAny", true),
    ] {
        assert_eq!(permission.to_string(), expected);
        assert_eq!(permission.is_open(), is_open, "{expected}");
    }
    let routes = (project().routes)();
    let routes = routes.list();
    let shown = |path| {
        let route = routes.iter().find(|route| route.path == path).unwrap();
        route
            .guard()
            .as_ref()
            .map(|guard| guard.permission.to_string())
    };
    assert_eq!(
        shown("/api/not-owner/{id}/").unwrap(),
        "!is_owner & !IsAdminUser"
    );
    assert_eq!(shown("/api/ada/").unwrap(), "custom");
    assert_eq!(shown("/whoami/"), None);
}

#[tokio::test]
async fn a_page_offers_what_may_be_done_with_its_row() {
    let mut client = client(&["ada", "bea"]).await;
    log_in(&mut client, "ada").await;
    for (path, is_own) in [
        ("/api/others-read/1/", true),
        ("/api/others-read/2/", false),
    ] {
        let request = axum::http::Request::get(path).header("accept", "text/html");
        let page = client
            .request(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(page.status, 200);
        let page = page.text();
        assert_eq!(page.contains("form-PUT"), is_own, "{path}");
        assert_eq!(page.contains("form-DELETE"), is_own, "{path}");
        let options = client.options(path).await.json();
        assert_eq!(options["actions"].is_object(), is_own, "{path}: {options}");
    }
}

#[tokio::test]
async fn the_document_says_where_strangers_may_read() {
    let mut client = client(&[]).await;
    let document = client.get("/api/schema/").await.json();
    for (path, method, may_be_open) in [
        ("others-read", "get", true),
        ("others-read/{id}", "get", true),
        ("others-read", "post", false),
        ("others-read/{id}", "delete", false),
        ("members-own/{id}", "get", false),
        ("owner/{id}", "get", true),
        ("authenticated", "get", false),
        ("not-owner", "get", true),
    ] {
        let operation = &document["paths"][format!("/api/{path}/")][method];
        let ways = operation["security"].as_array().unwrap();
        assert_eq!(ways.contains(&json!({})), may_be_open, "{method} {path}");
    }
}
