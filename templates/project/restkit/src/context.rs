//! One request, as views see it.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use sea_orm::DatabaseConnection;

use crate::auth::{self, Visitor};
use crate::{Error, Result, Settings, Site};

/// One request: who asks, for what, and the site that answers. Any axum handler can take it.
#[derive(Clone)]
pub struct Context {
    site: Site,
    /// GET, POST, ...
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    pub headers: HeaderMap,
    /// Who asks.
    pub visitor: Visitor,
}

impl Context {
    /// A request that nobody sent, for the test client.
    pub(crate) fn for_test(site: &Site) -> Self {
        Self {
            site: site.clone(),
            method: Method::GET,
            uri: Uri::default(),
            headers: HeaderMap::new(),
            visitor: Visitor::default(),
        }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The database.
    pub fn db(&self) -> &DatabaseConnection {
        self.site.db()
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
        let host = self
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        match host {
            Some(host) => format!("http://{host}{path}"),
            None => path.to_owned(),
        }
    }

    /// The page `template` with `values`, and what every page shows: the user, the site.
    ///
    /// # Errors
    ///
    /// If the template is missing or fails.
    pub fn render(&self, template: &str, values: minijinja::Value) -> Result<Response> {
        self.site.pages().respond(self, template, values)
    }
}

/// The parameters of a query, decoded, in their order.
pub(crate) fn query_pairs(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned()
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
            method: parts.method.clone(),
            uri,
            headers: parts.headers.clone(),
            visitor: auth::visitor(site, &parts.headers).await?,
        })
    }
}
