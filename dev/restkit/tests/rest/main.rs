//! A Task API as its clients see it, in memory.

#![allow(clippy::unwrap_used)] // helpers of tests are tests to us, not to clippy

mod access;
mod auth;
mod connections;
mod diagrams;
mod errors;
mod formats;
mod members;
mod models;
mod parts;
mod permissions;
mod production;
mod project;
mod tasks;
mod throttling;

use axum::body::Body;
use axum::http::Request;
use restkit::testing::{TestClient, TestResponse};

const TASKS: &str = "/api/tasks/";

async fn client() -> TestClient {
    TestClient::new(project::project()).await
}

/// Sends a body as it is.
async fn send(
    client: &mut TestClient,
    request: (&str, &str),
    kind: &str,
    body: &str,
) -> TestResponse {
    let (method, path) = request;
    let mut builder = Request::builder().method(method).uri(path);
    if !kind.is_empty() {
        builder = builder.header("content-type", kind);
    }
    client
        .request(builder.body(Body::from(body.to_owned())).unwrap())
        .await
}

async fn accepting(client: &mut TestClient, path: &str, accept: &str) -> TestResponse {
    let request = Request::builder().uri(path).header("accept", accept);
    client.request(request.body(Body::empty()).unwrap()).await
}
