//! Parts that a project may turn on: files and a front end, compression, figures; and the errors that an app is told of.

use std::io::Write;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::Request;
use restkit::server::Failure;
use restkit::testing::{TestClient, TestResponse};
use restkit::{App, Context, Files, Project, Result, Routes};

use crate::project;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rest/frontend");

fn from_folder() -> Routes {
    project::routes()
        .get("/broken/", broken)
        .files("/media/", Files::folder(FOLDER))
        .front_end(Files::folder(FOLDER))
}

fn from_program() -> Routes {
    let files = || Files::embedded(restkit::embed!("$CARGO_MANIFEST_DIR/tests/rest/frontend"));
    project::routes()
        .get("/broken/", broken)
        .files("/media/", files())
        .front_end(files())
}

async fn broken(_: Context) -> Result<&'static str> {
    Err(anyhow::anyhow!("the disk is full")
        .context("could not write")
        .into())
}

static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn tell(failure: &Failure<'_>) {
    let causes = failure.causes.join(": ");
    let route = failure.route.unwrap_or("none");
    let words = format!(
        "{} {} {route} {} {causes}",
        failure.status, failure.method, failure.path
    );
    TOLD.lock()
        .unwrap()
        .push(format!("{} {words}", failure.request_id));
}

fn with(routes: fn() -> Routes) -> Project {
    Project {
        routes,
        installed_apps: || vec![restkit::auth::app(), App::new("api").on_failure(tell)],
        ..project::project()
    }
}

async fn get(client: &mut TestClient, path: &str, headers: &[(&str, &str)]) -> TestResponse {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn files_and_a_front_end_are_served() {
    for routes in [from_folder, from_program] {
        let mut client = TestClient::new(with(routes)).await;
        let script = get(&mut client, "/assets/index-BxYz1234.js", &[]).await;
        assert_eq!(script.status, 200);
        assert!(script.header("content-type").starts_with("text/javascript"));
        assert!(script.header("cache-control").contains("immutable"));
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        let media = get(&mut client, "/media/robots.txt", &[]).await;
        assert_eq!(
            (media.status.as_u16(), media.text().trim()),
            (200, "User-agent: *")
        );
        assert_eq!(media.header("cache-control"), "no-cache");
        for page in ["/tasks", "/tasks/7/edit", "/profile/"] {
            let page = get(&mut client, page, &[("accept", "text/html")]).await;
            assert_eq!(page.status, 200);
            assert!(page.text().contains("<title>Front end</title>"));
            assert!(page.header("content-type").starts_with("text/html"));
            assert_eq!(page.header("cache-control"), "no-cache");
        }
        // A file or a route that does not exist is not a page.
        for missing in [
            "/favicon.ico",
            "/assets/gone.js",
            "/api/nothing/",
            "/api/nothing/below",
            "/admin/nothing/at/all/x/y",
            "/media/",
            "/media/assets",
            "/media/.env",
            "/media/assets/../.env",
            "/media/%2e%2e/parts.rs",
            "/media/..%2fparts.rs",
            "/media/..%5cparts.rs",
            "/.env",
            "/%2e%2e/parts.rs",
            "/a%00b.txt",
            "/media/a%00b",
        ] {
            let answer = get(&mut client, missing, &[]).await;
            assert_eq!(answer.status, 404, "{missing}: {}", answer.text());
        }
        assert_eq!(get(&mut client, crate::TASKS, &[]).await.status, 200);
        let post = client.post("/profile/", serde_json::json!({})).await;
        assert_eq!(post.status, 404);
    }
}

#[tokio::test]
async fn a_front_end_may_be_all_there_is() {
    let alone = || Routes::new().front_end(Files::folder(FOLDER));
    let mut client = TestClient::new(with(alone)).await;
    for page in ["/", "/tasks", "/api/tasks/"] {
        assert!(
            get(&mut client, page, &[])
                .await
                .text()
                .contains("<title>Front end</title>")
        );
    }
}

#[tokio::test]
async fn files_are_not_sent_again() {
    let mut client = TestClient::new(with(from_program)).await;
    let first = get(&mut client, "/media/robots.txt", &[]).await;
    let known = [("if-none-match", first.header("etag"))];
    assert_eq!(
        get(&mut client, "/media/robots.txt", &known).await.status,
        304
    );
    let mut client = TestClient::new(with(from_folder)).await;
    let first = get(&mut client, "/media/robots.txt", &[]).await;
    let known = [("if-modified-since", first.header("last-modified"))];
    assert_eq!(
        get(&mut client, "/media/robots.txt", &known).await.status,
        304
    );
    let part = get(&mut client, "/media/robots.txt", &[("range", "bytes=0-3")]).await;
    assert_eq!((part.status.as_u16(), part.text().as_str()), (206, "User"));
}

#[tokio::test]
async fn texts_are_compressed_and_pages_are_not() {
    let mut client = TestClient::new(with(from_folder)).await;
    let gzip = [
        ("accept-encoding", "gzip, br"),
        ("accept", "application/json"),
    ];
    let schema = get(&mut client, "/api/schema/", &gzip).await;
    assert_eq!(schema.header("content-encoding"), "gzip");
    let vary = schema.headers.get_all("vary").iter();
    let vary: Vec<_> = vary.map(|value| value.to_str().unwrap()).collect();
    assert!(vary.join(", ").contains("accept-encoding"), "{vary:?}");
    let script = get(&mut client, "/assets/index-BxYz1234.js", &gzip).await;
    assert_eq!(script.header("content-encoding"), "gzip");
    let small = get(&mut client, "/media/robots.txt", &gzip).await;
    assert!(!small.headers.contains_key("content-encoding"));
    let page = [("accept-encoding", "gzip"), ("accept", "text/html")];
    let page = get(&mut client, crate::TASKS, &page).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.headers.contains_key("content-encoding"));
    let plain = get(&mut client, "/api/schema/", &[]).await;
    assert!(!plain.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn an_app_is_told_of_errors_of_the_server() {
    let mut client = TestClient::new(with(from_folder)).await;
    for (path, accept) in [
        ("/broken/", "application/json"),
        ("/broken/?password=x", "text/html"),
    ] {
        let headers = [("accept", accept), ("x-request-id", "told-of-it")];
        assert_eq!(get(&mut client, path, &headers).await.status, 500);
    }
    assert_eq!(get(&mut client, "/api/nothing/", &[]).await.status, 404);
    let told = TOLD.lock().unwrap();
    let words = "told-of-it 500 GET /broken/ /broken/ could not write: the disk is full";
    assert_eq!(*told, [words, words]);
}

#[tokio::test]
async fn figures_are_served_at_an_address_of_their_own() {
    let mut client = TestClient::new(with(from_folder)).await;
    for _ in 0..3 {
        get(&mut client, crate::TASKS, &[]).await;
    }
    get(&mut client, "/api/tasks/999/", &[]).await;
    let strange = Request::builder().method("BREW").uri("/api/tasks/1/");
    client.request(strange.body(Body::empty()).unwrap()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(restkit::server::serve_metrics(
        client.site().clone(),
        listener,
    ));
    let figures = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .unwrap();
        std::io::read_to_string(stream).unwrap()
    });
    let figures = figures.await.unwrap();
    for line in [
        "content-type: application/openmetrics-text",
        r#"http_requests_total{method="GET",route="/api/tasks/",status="200"} 3"#,
        r#"http_requests_total{method="GET",route="/api/tasks/{id}/",status="404"} 1"#,
        r#"http_requests_total{method="other",route="/api/tasks/{id}/",status="405"} 1"#,
        r#"http_request_duration_seconds_count{method="GET",route="/api/tasks/"} 3"#,
        "http_requests_in_flight 0",
        r#"database_connections{pool="read",state="waiting"} 0"#,
        "# EOF",
    ] {
        assert!(figures.contains(line), "{line} in {figures}");
    }
    // Clients do not see them.
    assert!(
        !get(&mut client, "/metrics", &[])
            .await
            .text()
            .contains("http_requests")
    );
}
