//! The site as a service: routes within the layers that every request passes.

#[cfg(feature = "compression")]
mod compression;
mod connections;
mod cors;
mod failures;
#[cfg(feature = "static-files")]
mod files;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
mod panics;
mod probes;

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::host::host_name;
use crate::site::context::scheme;
use crate::site::replicas::Write;
use crate::trace::Queries;
use crate::unbroken::Unbroken;
use crate::{Error, Settings, Site, diagram, pages, trace};

pub use connections::{Ended, serve};
use failures::Asked;
pub use failures::Failure;
pub(crate) use failures::Hooks;
#[cfg(feature = "static-files")]
pub use files::Files;
#[cfg(feature = "metrics")]
pub use metrics::serve as serve_metrics;
pub(crate) use probes::Health;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");

/// The header with the id of a request, which its answer and its lines in the log share.
const REQUEST_ID: &str = "x-request-id";

/// The site as axum's router, ready to serve.
pub fn router(site: &Site) -> Router {
    panics::note_places();
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(site.clone(), around))
        .layer(CatchPanicLayer::custom(panics::answer));
    let routes = site.routes().clone().into_router();
    let routes = routes
        .merge(pages::static_files())
        .merge(diagram::pages::routes(site).into_router())
        .fallback(|| async { Error::not_found() })
        .layer(layers);
    #[cfg(feature = "compression")]
    let routes = routes.layer(compression::layer());
    let routes = match cors::layer(site.settings()) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.merge(probes::routes(site)).with_state(site.clone())
}

/// Handles every request, whatever answers it. One function, since each layer costs every request its own
/// boxes and clones.
///
/// It comes to its end whoever waits for it: a client that goes away would cut off the query that is under
/// way, and the connection with it. A few such clients would keep all others from the database.
async fn around(State(site): State<Site>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let queries = if site.settings().debug {
        Queries::Collected
    } else {
        Queries::Ignored
    };
    let answer_id = id.clone();
    let answer = async move {
        let asked = Asked::of(&request);
        let start = Instant::now();
        #[cfg(feature = "metrics")]
        let (metrics, running) = {
            let metrics: &metrics::Metrics = site.part();
            (metrics, metrics.begin(&asked.method, asked.route.as_ref()))
        };
        let answer = async |request| {
            let response = guarded(&site, request, next).await;
            asked.report(&site, &answer_id, &response);
            response
        };
        let mut response = pages::errors(&site, request, answer).await;
        protect(&site, response.headers_mut());
        #[cfg(feature = "metrics")]
        metrics.end(running, response.status(), start.elapsed());
        if site.settings().access_log {
            log(
                &asked.method,
                &asked.uri,
                response.status(),
                start.elapsed(),
            );
        }
        response.headers_mut().insert(REQUEST_ID, answer_id);
        response
    };
    let answer = AssertUnwindSafe(trace::request(id, queries, answer)).catch_unwind();
    Unbroken::new(answer).await.unwrap_or_else(panics::answer)
}

/// Writes the line of a request: for people as a sentence, for programs in fields.
fn log(method: &Method, uri: &Uri, status: StatusCode, elapsed: Duration) {
    let status = status.as_u16();
    let milliseconds = elapsed.as_secs_f64() * 1000.0;
    tracing::info!(
        target: "restkit::access",
        {
            http.method = method.as_str(),
            http.path = uri.path(),
            http.status = status,
            http.milliseconds = (milliseconds * 10.0).round() / 10.0,
        },
        "{method} {uri} {status} in {milliseconds:.1} ms"
    );
}

/// Returns the id that a proxy in front of us has given the request, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let new = || {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        HeaderValue::try_from(hex::encode(bytes)).ok()
    };
    let given = headers
        .get(REQUEST_ID)
        .filter(|id| is_request_id(id.as_bytes()));
    given
        .cloned()
        .or_else(new)
        .unwrap_or_else(|| HeaderValue::from_static("none"))
}

/// Returns whether an id may be written into the log and an answer as it is.
fn is_request_id(id: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (1..=128).contains(&id.len()) && id.iter().all(is_plain)
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
    if let Some(url) = secure_url(site.settings(), &request, host) {
        return Redirect::permanent(&url).into_response();
    }
    let limit = site.settings().timeout;
    let Some(write) = Write::begin(site, request.method(), request.headers()) else {
        return in_time(next.run(request), limit).await;
    };
    let site = site.clone();
    let view = async move {
        let mut response = next.run(request).await;
        write.end(&site, &mut response).await;
        response
    };
    in_time(view, limit).await
}

/// Answers for a view that takes too long: that one goes on, since to cut it off in the middle of a
/// query would cost a connection to the database.
async fn in_time(
    view: impl Future<Output = Response> + Send + 'static,
    limit: Duration,
) -> Response {
    let late =
        |_| Error::Unavailable(anyhow!("the view takes longer than {limit:?}")).into_response();
    let response = tokio::time::timeout(limit, Unbroken::new(view)).await;
    response.unwrap_or_else(late)
}

/// Says on every answer, error pages included, what browsers may do with it.
fn protect(site: &Site, headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let settings = site.settings();
    if settings.hsts_seconds > 0 {
        let mut value = format!("max-age={}", settings.hsts_seconds);
        if settings.hsts_include_subdomains {
            value.push_str("; includeSubDomains");
        }
        if settings.hsts_preload {
            value.push_str("; preload");
        }
        if let Ok(value) = value.parse() {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
    }
}

/// Returns the same URL by HTTPS, for a request that came by HTTP where that is not wanted.
fn secure_url(settings: &Settings, request: &Request, host: &str) -> Option<String> {
    let is_wanted = settings.ssl_redirect && settings.num_proxies > 0;
    let is_plain = scheme(request.headers(), settings) == "http";
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    (is_wanted && is_plain).then(|| format!("https://{host}{path}"))
}

/// With DEBUG on, a machine's own names are always allowed, as in Django.
fn is_allowed(host: &str, allowed: &[String], debug: bool) -> bool {
    let name = host_name(host);
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
    fn request_ids() {
        for good in ["a", "0190-7f.B_c", &"x".repeat(128)] {
            assert!(is_request_id(good.as_bytes()), "{good}");
        }
        for bad in ["", "a b", "a\tb", "<b>", "ü", "a\x1b[31m", &"x".repeat(129)] {
            assert!(!is_request_id(bad.as_bytes()), "{bad}");
        }
    }

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
