//! The site as a service: routes within the layers that every request passes.

mod panics;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::trace::Queries;
use crate::{Error, Site, pages, trace};

/// The header with the id of a request, which its answer and its lines in the log share.
const REQUEST_ID: &str = "x-request-id";

/// The site as axum's router, ready to serve.
pub fn router(site: &Site) -> Router {
    panics::note_places();
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(site.clone(), around))
        .layer(CatchPanicLayer::custom(panics::answer));
    let routes = site.routes().clone().into_router();
    routes
        .merge(pages::static_files())
        .fallback(|| async { Error::not_found() })
        .layer(layers)
        .with_state(site.clone())
}

/// Serves until `shutdown` is over, then lets the requests that have begun come to their end.
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(
    site: &Site,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown)
        .await
}

/// Handles every request, whatever answers it. One function, since each layer costs every request its own
/// boxes and clones.
///
/// In a task of its own, so that it comes to its end whoever waits for it: a client that goes away
/// would cut off the query that is under way, and the connection with it. A few such clients would
/// keep all others from the database.
async fn around(State(site): State<Site>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let queries = if site.settings().debug {
        Queries::Collected
    } else {
        Queries::Ignored
    };
    let answer_id = id.clone();
    let answer = async move {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let start = Instant::now();
        let mut response =
            pages::errors(&site, request, |request| guarded(&site, request, next)).await;
        protect(&site, response.headers_mut());
        response.headers_mut().insert(REQUEST_ID, answer_id);
        let status = response.status().as_u16();
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        tracing::info!("{method} {uri} {status} in {milliseconds:.1} ms");
        response
    };
    match tokio::spawn(trace::request(id, queries, answer)).await {
        Ok(response) => response,
        Err(error) => Error::Internal(error.into()).into_response(),
    }
}

/// The id that a proxy before us has given the request, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let new = || {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        HeaderValue::try_from(hex::encode(bytes)).ok()
    };
    let given = headers.get(REQUEST_ID).cloned();
    given
        .or_else(new)
        .unwrap_or_else(|| HeaderValue::from_static("none"))
}

/// Refuses hosts that are not ours.
async fn guarded(site: &Site, request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    // Several hosts are none: a proxy before us might have read another one.
    let host = host.filter(|_| hosts.next().is_none()).unwrap_or_default();
    if !is_allowed(host, &site.settings().allowed_hosts, site.settings().debug) {
        tracing::warn!("a request for the host {host:?}, which ALLOWED_HOSTS does not name");
        return Error::Parse("Invalid Host header.".to_owned()).into_response();
    }
    in_time(next.run(request), site.settings().timeout).await
}

/// Answers for a view that takes too long: that one goes on, since to cut it off in the middle of a
/// query would cost a connection to the database.
async fn in_time(
    view: impl Future<Output = Response> + Send + 'static,
    limit: Duration,
) -> Response {
    let mut view = Box::pin(view);
    match tokio::time::timeout(limit, &mut view).await {
        Ok(response) => response,
        Err(_) => {
            trace::spawn(view);
            Error::Unavailable(anyhow!("the view takes longer than {limit:?}")).into_response()
        }
    }
}

/// Says on every answer, error pages included, what browsers may do with it.
fn protect(site: &Site, headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let seconds = site.settings().hsts_seconds;
    if let (true, Ok(value)) = (seconds > 0, format!("max-age={seconds}").parse()) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
}

/// With DEBUG on, a machine's own names are always allowed, as in Django.
fn is_allowed(host: &str, allowed: &[String], debug: bool) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    // With a dot at its end a name is complete, and the same.
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let local = ["localhost", "127.0.0.1", "[::1]"];
    let is_local = debug && (local.contains(&name.as_str()) || name.ends_with(".localhost"));
    is_local
        || allowed
            .iter()
            .any(|pattern| match pattern.strip_prefix('.') {
                Some(domain) => name == domain || name.ends_with(pattern.as_str()),
                None => pattern == "*" || pattern.eq_ignore_ascii_case(&name),
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let allowed = ["example.com".to_owned(), ".shop.org".to_owned()];
        for good in [
            "example.com",
            "Example.com:8000",
            "example.com.",
            "shop.org",
            "a.shop.org",
        ] {
            assert!(is_allowed(good, &allowed, false), "{good}");
        }
        for bad in [
            "",
            "evil.com",
            "example.com.evil.com",
            "xshop.org",
            "localhost",
        ] {
            assert!(!is_allowed(bad, &allowed, false), "{bad}");
        }
        assert!(is_allowed("localhost:8000", &[], true));
        assert!(is_allowed("[::1]:8000", &[], true));
        assert!(is_allowed("anything", &["*".to_owned()], false));
    }
}
