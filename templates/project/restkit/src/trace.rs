//! What happened on the way of one request, for the page that shows it. Only with DEBUG on: without
//! it nothing is collected.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;
use serde::Serialize;

tokio::task_local! {
    static TRACE: Mutex<Trace>;
}

/// One request's way.
#[derive(Clone, Debug)]
pub struct Trace {
    start: Instant,
    pub queries: Vec<Query>,
}

/// A query that was sent to the database.
#[derive(Clone, Debug, Serialize)]
pub struct Query {
    /// With its values, unless it is about accounts.
    pub sql: String,
    pub milliseconds: f64,
    pub failed: bool,
}

impl Trace {
    /// How long it has taken up to now.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// Collects what happens during `work`.
pub(crate) async fn collect<T>(work: impl Future<Output = T>) -> T {
    let trace = Trace {
        start: Instant::now(),
        queries: Vec::new(),
    };
    TRACE.scope(Mutex::new(trace), work).await
}

/// What has been collected up to now, if anything is.
pub fn current() -> Option<Trace> {
    let trace = TRACE.try_with(|trace| trace.lock().ok().map(|trace| trace.clone()));
    trace.ok().flatten()
}

/// Lets a connection tell of its queries.
pub(crate) fn watch(db: &mut DatabaseConnection) {
    db.set_metric_callback(|info| {
        // The values in queries about accounts are secrets, or what they are derived from.
        let sql = match info.statement.sql.contains("auth_") {
            true => info.statement.sql.clone(),
            false => info.statement.to_string(),
        };
        let query = Query {
            sql,
            milliseconds: info.elapsed.as_secs_f64() * 1000.0,
            failed: info.failed,
        };
        let _ = TRACE.try_with(|trace| {
            if let Ok(mut trace) = trace.lock() {
                trace.queries.push(query);
            }
        });
    });
}
