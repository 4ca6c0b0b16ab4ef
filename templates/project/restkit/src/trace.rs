//! One request's way: its id, for the log, and with DEBUG on what happened, for the page that shows
//! it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use sea_orm::Statement;
use serde::Serialize;

tokio::task_local! {
    static TRACE: Arc<Trace>;
}

/// The record of the request that is being answered.
struct Trace {
    id: HeaderValue,
    start: Instant,
    /// Only with DEBUG on; else nothing is collected.
    queries: Option<Mutex<Vec<Query>>>,
}

/// The way of a request up to now.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its queries, in order.
    pub queries: Vec<Query>,
    /// The time since it came in.
    pub elapsed: Duration,
}

/// A query that was sent to the database.
#[derive(Clone, Debug, Serialize)]
pub struct Query {
    /// The statement, with its values unless it is about accounts.
    pub sql: String,
    /// The time until its answer.
    pub milliseconds: f64,
    /// Whether the database refused it.
    pub failed: bool,
}

/// Whether queries are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queries {
    Collected,
    Ignored,
}

/// Does `work` as the request with this id.
pub(crate) fn request<T>(
    id: HeaderValue,
    queries: Queries,
    work: impl Future<Output = T>,
) -> impl Future<Output = T> {
    let trace = Trace {
        id,
        start: Instant::now(),
        queries: (queries == Queries::Collected).then(Mutex::default),
    };
    TRACE.scope(Arc::new(trace), work)
}

/// Does `work` in a task of its own, as part of the request that is being answered.
pub(crate) fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) {
    match TRACE.try_with(Arc::clone) {
        Ok(trace) => drop(tokio::spawn(TRACE.scope(trace, work))),
        Err(_) => drop(tokio::spawn(work)),
    }
}

/// The id of the request that is being answered, which its answer has in `X-Request-Id`.
pub fn id() -> Option<String> {
    let id = TRACE.try_with(|trace| trace.id.to_str().map(str::to_owned));
    id.ok()?.ok()
}

/// Returns the way up to now, if it is recorded.
pub fn current() -> Option<Way> {
    let way = TRACE.try_with(|trace| {
        let queries = trace.queries.as_ref()?.lock().ok()?.clone();
        Some(Way {
            queries,
            elapsed: trace.start.elapsed(),
        })
    });
    way.ok().flatten()
}

/// A query that is under way.
pub(crate) struct Watched {
    sql: String,
    start: Instant,
}

/// A query begins; nothing if nobody wants to know.
pub(crate) fn watch(statement: &Statement) -> Option<Watched> {
    let is_collected = TRACE.try_with(|trace| trace.queries.is_some());
    is_collected.unwrap_or_default().then(|| Watched {
        // The values in queries about accounts are secrets, or what they are derived from.
        sql: if statement.sql.contains("auth_") {
            statement.sql.clone()
        } else {
            statement.to_string()
        },
        start: Instant::now(),
    })
}

/// A query has ended.
pub(crate) fn record(watched: Option<Watched>, failed: bool) {
    let Some(Watched { sql, start }) = watched else {
        return;
    };
    let query = Query {
        sql,
        milliseconds: start.elapsed().as_secs_f64() * 1000.0,
        failed,
    };
    let _ = TRACE.try_with(|trace| {
        if let Some(Ok(mut queries)) = trace.queries.as_ref().map(Mutex::lock) {
            queries.push(query);
        }
    });
}
