//! CORS: which pages of other origins may read our answers.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::Settings;
use crate::server::REQUEST_ID;
use crate::site::csrf;

/// How long a browser need not ask again.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns the layer that answers preflights and marks answers; nothing if no other origin is allowed.
///
/// Only origins that are named may send cookies along: a session that any page may use is nobody's own.
pub(super) fn layer(settings: &Settings) -> Option<CorsLayer> {
    let origins = &settings.cors_allowed_origins;
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static(csrf::HEADER),
            HeaderName::from_static(REQUEST_ID),
            HeaderName::from_static("x-requested-with"),
        ])
        .expose_headers([
            header::ALLOW,
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static(REQUEST_ID),
        ])
        .max_age(MAX_AGE);
    if origins.iter().any(|origin| origin == "*") {
        return Some(layer.allow_origin(AllowOrigin::any()));
    }
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    let origins = AllowOrigin::list(origins.collect::<Vec<_>>());
    Some(layer.allow_origin(origins).allow_credentials(true))
}
