//! HTTP without any site: the `http` crate, formats, states, cookies, hosts, paths, queries.

pub(crate) mod address;
pub(crate) mod cookie;
pub(crate) mod etag;
pub(crate) mod host;
pub(crate) mod methods;
pub(crate) mod negotiation;
pub(crate) mod path;
pub(crate) mod query;

pub use axum::http::*;
