//! Figures for Prometheus, at an address of their own that clients do not reach: `METRICS_ADDRESS`.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::Site;

/// The format of the answer (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// From a millisecond to ten seconds.
const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The figures of a site.
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    pools: Family<PoolLabels, Gauge>,
}

/// A route is the pattern, not the path, so that there are only so many.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PoolLabels {
    pool: String,
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::default();
        let durations = Family::new_with_constructor(new_histogram as fn() -> Histogram);
        let (in_flight, connections) = (Gauge::default(), Gauge::default());
        let pools = Family::default();
        let mut registry = Registry::default();
        registry.register("http_requests", "Answered requests", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "How long they took",
            durations.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests that are being answered",
            in_flight.clone(),
        );
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register(
            "database_connections",
            "Connections of a pool: in use, idle, and requests that wait for one",
            pools.clone(),
        );
        Self {
            registry: Mutex::new(registry),
            requests,
            durations,
            in_flight,
            connections,
            pools,
        }
    }
}

fn new_histogram() -> Histogram {
    Histogram::new(SECONDS)
}

impl Metrics {
    /// Counts a connection until the value is dropped.
    pub fn count_connection(&self) -> impl Drop + use<> {
        Held::of(&self.connections)
    }

    /// Counts a request that is being answered.
    pub fn begin(&self, method: &Method, route: Option<&MatchedPath>) -> Running {
        Running {
            labels: RouteLabels {
                method: known(method).to_owned(),
                route: route.map_or("", MatchedPath::as_str).to_owned(),
            },
            _in_flight: Held::of(&self.in_flight),
        }
    }

    /// Counts a request that was answered.
    pub fn end(&self, running: Running, status: StatusCode, elapsed: Duration) {
        let labels = RequestLabels {
            method: running.labels.method.clone(),
            route: running.labels.route.clone(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
        let histogram = self.durations.get_or_create(&running.labels);
        histogram.observe(elapsed.as_secs_f64());
    }

    fn note_pools(&self, site: &Site) {
        for pool in site.db().pool_states() {
            for (state, number) in [
                ("in_use", pool.in_use),
                ("idle", pool.idle),
                ("waiting", pool.waiting),
            ] {
                let labels = PoolLabels {
                    pool: pool.name.to_owned(),
                    state,
                };
                let number = i64::try_from(number).unwrap_or(i64::MAX);
                self.pools.get_or_create(&labels).set(number);
            }
        }
    }

    fn write(&self, site: &Site) -> Result<String, std::fmt::Error> {
        self.note_pools(site);
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// A method by its name, if it is one that everybody knows: clients may think of any.
fn known(method: &Method) -> &str {
    let is_known = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ]
    .contains(method);
    if is_known { method.as_str() } else { "other" }
}

/// A request that is being answered.
pub(crate) struct Running {
    labels: RouteLabels,
    _in_flight: Held,
}

/// One more, as long as it lives.
struct Held(Gauge);

impl Held {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Serves the figures at `/metrics`, as long as the program runs.
pub async fn serve(site: Site, listener: TcpListener) {
    let router = Router::new()
        .route("/metrics", get(answer))
        .with_state(site);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!("the figures are not served any more: {error}");
    }
}

async fn answer(State(site): State<Site>) -> Response {
    let metrics: &Metrics = site.part();
    match metrics.write(&site) {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!("the figures could not be written: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
