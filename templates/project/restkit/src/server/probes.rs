//! Probes of a load balancer: `/health` says that the process lives, `/ready` that it can answer.
//!
//! They are outside of the host check and of the log: a balancer asks by address, and every few seconds.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::Site;
use crate::pages::diagnosis::count_pending;

/// The state of a server, as probes see it.
#[derive(Default)]
pub(crate) struct Health {
    is_draining: AtomicBool,
    /// Once all migrations are applied, they stay so: a later server takes none back.
    is_migrated: AtomicBool,
}

impl Site {
    /// Makes `/ready` answer 503 from now on, so that a load balancer sends its requests elsewhere.
    pub(crate) fn drain(&self) {
        let health: &Health = self.part();
        health.is_draining.store(true, Ordering::Relaxed);
    }
}

/// The probes, at paths that the project itself does not use.
pub(super) fn routes(site: &Site) -> Router<Site> {
    let used = site.routes().list();
    let is_free = |path: &str| {
        used.iter()
            .all(|route| route.path.trim_end_matches('/') != path)
    };
    let mut routes = Router::new();
    if is_free("/health") {
        routes = routes
            .route("/health", get(health))
            .route("/health/", get(health));
    }
    if is_free("/ready") {
        routes = routes
            .route("/ready", get(ready))
            .route("/ready/", get(ready));
    }
    routes
}

async fn health() -> Response {
    answer(StatusCode::OK, "ok")
}

async fn ready(State(site): State<Site>) -> Response {
    match find_obstacle(&site).await {
        None => answer(StatusCode::OK, "ready"),
        Some(why) => answer(StatusCode::SERVICE_UNAVAILABLE, why),
    }
}

fn answer(status: StatusCode, state: &str) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status, headers, Json(json!({ "status": state }))).into_response()
}

/// Returns why the server cannot answer; the causes are in its log only.
async fn find_obstacle(site: &Site) -> Option<&'static str> {
    let health: &Health = site.part();
    if health.is_draining.load(Ordering::Relaxed) {
        return Some("draining");
    }
    if let Err(error) = site.db().execute_unprepared("SELECT 1").await {
        tracing::warn!("not ready: {error}");
        return Some("the database does not answer");
    }
    if health.is_migrated.load(Ordering::Relaxed)
        || site.settings().database_url.contains(":memory:")
    {
        return None;
    }
    match count_pending(site).await {
        Ok(0) => {
            health.is_migrated.store(true, Ordering::Relaxed);
            None
        }
        Ok(number) => {
            tracing::warn!("not ready: {number} migrations are not applied");
            Some("migrations are not applied")
        }
        Err(error) => {
            tracing::warn!("not ready: {error:#}");
            Some("the migrations cannot be read")
        }
    }
}
