//! One request, as views see it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use sea_orm::TransactionTrait;

use crate::auth::visitor::Visitor;
use crate::db::{Connection, Transaction};
use crate::http::query::query_pairs;
use crate::{Error, Result, Settings, Site, auth};

/// One request: its sender, its target, and the site that answers. Any axum handler can take it.
///
/// ```
/// use restkit::{Context, Routes};
///
/// async fn hello(ctx: Context) -> String {
///     let name = ctx.user().map_or("stranger", |user| &user.username);
///     format!("Hello, {name}!")
/// }
///
/// let routes = Routes::new().get("/hello/", hello);
/// ```
#[derive(Clone)]
pub struct Context {
    site: Site,
    connection: Connection,
    /// GET, POST, ...
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// The headers of the request.
    pub headers: HeaderMap,
    /// The pattern that the path matched, for people.
    pub(crate) route: String,
    /// The sender of the request.
    pub visitor: Visitor,
    /// The row above, in a nested resource.
    pub(crate) parent: Option<Parent>,
    /// The client's address, as far as it is known: see [`Settings::num_proxies`].
    pub address: Option<IpAddr>,
}

/// The row that the rows of a nested resource refer to.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    /// The column that refers to it.
    pub column: &'static str,
    pub key: sea_orm::Value,
    pub json: serde_json::Value,
}

impl Context {
    /// A request that nobody sent.
    pub(crate) fn of_nobody(site: &Site) -> Self {
        Self {
            site: site.clone(),
            connection: site.db().clone(),
            method: Method::GET,
            uri: Uri::default(),
            headers: HeaderMap::new(),
            route: String::new(),
            visitor: Visitor::default(),
            parent: None,
            address: None,
        }
    }

    /// A request as if nobody were logged in: it needs no database.
    pub(crate) fn anonymous(site: &Site, parts: &Parts) -> Self {
        Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            ..Self::of_nobody(site)
        }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The database: what a request that writes does with it happens as a whole or not at all.
    pub fn db(&self) -> &Connection {
        &self.connection
    }

    /// Begins a transaction: commit it by [`Transaction::commit`], or nothing of it happens.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn begin(&self) -> Result<Transaction> {
        Ok(self.connection.begin().await?)
    }

    /// Returns the same request with `transaction` as its database.
    ///
    /// ```
    /// # use restkit::{Context, Result};
    /// async fn both(ctx: &Context) -> Result<()> {
    ///     let transaction = ctx.begin().await?;
    ///     let inside = ctx.within(&transaction);
    ///     // ... what is done with `inside` happens as a whole ...
    ///     Ok(transaction.commit().await?)
    /// }
    /// ```
    pub fn within(&self, transaction: &Transaction) -> Self {
        self.with_connection(transaction.connection().clone())
    }

    /// Returns the same request with another way to the database.
    pub(super) fn with_connection(&self, connection: Connection) -> Self {
        Self {
            connection,
            ..self.clone()
        }
    }

    /// Returns whether [`db`](Self::db) is a transaction.
    pub fn is_in_transaction(&self) -> bool {
        self.connection.is_transaction()
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        self.site.settings()
    }

    /// The logged-in user.
    pub fn user(&self) -> Option<&auth::models::user::Model> {
        self.visitor.user.as_ref()
    }

    /// One parameter of the query, decoded; the last one if it is repeated.
    pub fn query(&self, name: &str) -> Option<String> {
        query_pairs(&self.uri)
            .filter(|(key, _)| key == name)
            .last()
            .map(|(_, value)| value)
    }

    /// The URL of `path` on this host, as the client wrote the host.
    pub fn absolute(&self, path: &str) -> String {
        let scheme = scheme(&self.headers, self.settings());
        match self
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
        {
            Some(host) => format!("{scheme}://{host}{path}"),
            None => path.to_owned(),
        }
    }
}

/// Returns how the client came, `https` or `http`: only a proxy of ours can tell.
pub(crate) fn scheme(headers: &HeaderMap, settings: &Settings) -> &'static str {
    let forwarded = headers.get("x-forwarded-proto").map(HeaderValue::as_bytes);
    match forwarded {
        Some(b"https") if settings.num_proxies > 0 => "https",
        _ => "http",
    }
}

/// Each proxy adds the address it was called from at the end of `X-Forwarded-For`; what is
/// before what ours have added is whatever the client liked to write.
fn address(parts: &Parts, proxies: usize) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip());
    if proxies == 0 {
        if parts.headers.contains_key("x-forwarded-for") {
            warn_of_proxy();
        }
        return peer;
    }
    let forwarded = parts.headers.get_all("x-forwarded-for").iter();
    let forwarded: Vec<_> = forwarded
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|address| address.trim().parse().ok())
        .collect();
    let first = forwarded.len().checked_sub(proxies);
    first.map_or(peer, |first| forwarded[first])
}

/// Says once that a proxy seems to be in front of us: all clients have its address, and share their limits.
fn warn_of_proxy() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "a request has X-Forwarded-For, and NUM_PROXIES is 0: behind a proxy all clients count as one; set \
             NUM_PROXIES to the number of proxies of yours"
        );
    });
}

impl FromRequestParts<Site> for Context {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let uri = match parts.extensions.get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.clone(),
            None => parts.uri.clone(),
        };
        Ok(Self {
            site: site.clone(),
            connection: site.db().clone(),
            method: parts.method.clone(),
            uri,
            headers: parts.headers.clone(),
            route: String::new(),
            parent: None,
            visitor: auth::visitor(site.db(), site.settings(), &parts.headers).await?,
            address: address(parts, site.settings().num_proxies),
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[track_caller]
    fn check(forwarded: &[&str], proxies: usize, expected: &str) {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        let peer: SocketAddr = "10.0.0.1:80".parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        assert_eq!(address(&parts, proxies), expected.parse().ok());
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        check(&["6.6.6.6"], 0, "10.0.0.1");
        check(&[], 1, "10.0.0.1");
        check(&["1.2.3.4"], 1, "1.2.3.4");
        check(&["6.6.6.6, 1.2.3.4"], 1, "1.2.3.4");
        check(&["6.6.6.6, 1.2.3.4", "10.0.0.2"], 2, "1.2.3.4");
        check(&["6.6.6.6, nonsense"], 1, "");
    }
}
