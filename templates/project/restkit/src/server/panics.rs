//! Answers for a view that panics, and writes one line with the place to the log.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::Cell;
use std::panic;
use std::sync::Once;

use anyhow::anyhow;
use axum::body::Body;
use axum::response::{IntoResponse, Response};

use crate::{Error, trace};

thread_local! {
    /// The place where the view on this thread has panicked: `src/api/views.rs:10:5`.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Notes from now on where a request panics, instead of telling it on standard error beside the log.
/// Other panics are told as they were.
pub(super) fn note_places() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let (Some(_), Some(place)) = (trace::id(), panic.location()) else {
                return others(panic);
            };
            PLACE.set(Some(place.to_string()));
            // Only where RUST_BACKTRACE asks for it.
            let way = Backtrace::capture();
            if way.status() == BacktraceStatus::Captured {
                tracing::error!("the way to {place}:\n{way}");
            }
        }));
    });
}

/// Answers for a view that has panicked.
pub(super) fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let place = PLACE.take();
    let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
    Error::Internal(anyhow!("a view panicked: {message}{place}")).into_response()
}
