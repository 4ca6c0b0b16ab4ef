//! The query of a URL.

use axum::http::Uri;

/// The parameters of a query, decoded, in their order.
pub(crate) fn query_pairs(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned()
}
