//! Answers of handlers that are not viewsets.

use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Error;
use crate::serializer::notation::Notation;

/// A value as the answer of a handler, in JSON and written as a viewset writes it: moments in UTC,
/// decimals with all their places.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use restkit::rest::Shown;
///
/// async fn now() -> Shown<DateTime<Utc>> {
///     Shown(Utc::now())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Shown<T>(pub T);

impl<T: Serialize + JsonSchema> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        match serde_json::to_value(self.0) {
            Ok(mut value) => {
                if let Some(notation) = Notation::of::<T>(None) {
                    notation.apply(&mut value);
                }
                Json(value).into_response()
            }
            Err(error) => Error::Internal(error.into()).into_response(),
        }
    }
}
