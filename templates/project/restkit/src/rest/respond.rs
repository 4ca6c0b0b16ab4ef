//! From an answer to a response: its format, its headers, its page.

use std::sync::Arc;

use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, LOCATION, VARY};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, json};

use crate::http::etag;
use crate::http::negotiation::Format;
use crate::pages::diagnosis::diagnose;
use crate::query::Parameter;
use crate::rest::browsable;
use crate::rest::exchange::Exchange;
use crate::serializer::request::Form;
use crate::settings::Parser;
use crate::{Context, Error, Result};

/// An answer before it has a format.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// JSON, or nothing.
    pub body: Option<Vec<u8>>,
    /// The state of the record that it shows.
    pub etag: Option<String>,
    /// The URL of a row that was created.
    pub location: Option<String>,
}

impl Answer {
    pub fn of(status: StatusCode, data: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(data).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self {
            body: Some(body),
            ..Self::empty(status)
        })
    }

    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            etag: None,
            location: None,
        }
    }
}

/// The kind of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// The viewsets of a router.
    #[default]
    Root,
    /// The rows of a viewset.
    List,
    /// One of them.
    Record,
    /// An extra action, by its name.
    Action(&'static str),
}

/// The view that answers, as its page shows it.
#[derive(Clone, Default)]
pub(super) struct View {
    pub name: String,
    pub description: &'static str,
    /// The methods that it answers besides HEAD and OPTIONS.
    pub methods: Vec<Method>,
    /// The form on its page.
    pub form: Option<(Method, Arc<Form>)>,
    /// The type that answers.
    pub viewset: &'static str,
    /// Its permission, in words.
    pub permission: String,
    pub kind: Kind,
    /// The extra actions below it.
    pub actions: Vec<Below>,
    /// The filters and the order of its list.
    pub filters: Vec<Parameter>,
    /// The parameters that choose a page of its list.
    pub pages: Vec<Parameter>,
}

/// An extra action that a page leads to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Below {
    pub method: String,
    pub name: &'static str,
}

impl View {
    /// The name of what answers a method.
    pub fn action(&self, method: &Method) -> &'static str {
        match (self.kind, method.as_str()) {
            (_, "OPTIONS") | (Kind::Root, _) => "",
            (Kind::Action(name), _) => name,
            (Kind::List, "GET" | "HEAD") => "list",
            (Kind::List, "POST") => "create",
            (Kind::Record, "GET" | "HEAD") => "retrieve",
            (Kind::Record, "PUT") => "update",
            (Kind::Record, "PATCH") => "partial_update",
            (Kind::Record, "DELETE") => "destroy",
            _ => "",
        }
    }

    /// Returns whether this method answers with rows.
    pub fn is_list(&self, method: &Method) -> bool {
        self.kind == Kind::List && matches!(*method, Method::GET | Method::HEAD)
    }

    pub fn allow(&self) -> String {
        let own = self.methods.iter().map(Method::as_str);
        let own: Vec<_> = own.chain(self.reads().then_some("HEAD")).collect();
        format!("{}, OPTIONS", own.join(", "))
    }

    fn reads(&self) -> bool {
        self.methods.contains(&Method::GET)
    }
}

/// DRF's metadata, with the fields to write only for who may write them.
pub(super) fn options(view: &View, parsers: &[Parser], may_write: bool) -> Result<Answer> {
    let parses: Vec<_> = parsers.iter().map(|parser| parser.media_type()).collect();
    let mut metadata = json!({
        "name": view.name,
        "description": view.description,
        "renders": ["application/json", "text/html"],
        "parses": parses,
    });
    if let (Some((method, form)), true) = (&view.form, may_write) {
        let fields = form.fields.iter();
        let fields: Map<_, _> = fields
            .map(|field| (field.name.clone(), json!(field)))
            .collect();
        metadata["actions"] = json!({ method.as_str(): fields });
    }
    Answer::of(StatusCode::OK, &metadata)
}

/// Answers in the format of the exchange.
pub(super) async fn respond(
    ctx: &Context,
    exchange: &Exchange<'_>,
    answer: Result<Answer>,
) -> Response {
    let failed = answer.as_ref().err().map(Error::headers);
    let answer = match answer {
        Ok(answer) => Ok(answer),
        Err(error) => {
            error.log();
            let diagnosis = diagnose(ctx.site(), &error.causes()).await;
            let body = match diagnosis {
                Some(diagnosis) => diagnosis.add_to(error.body()),
                None => error.body(),
            };
            Answer::of(error.status(), &body)
        }
    };
    let page = match (&answer, exchange.format) {
        (Ok(answer), Format::Html) => Some(browsable::page(ctx, exchange, answer)),
        _ => None,
    };
    let response = match (page, answer) {
        (Some(page), _) => page,
        (None, Ok(answer)) => Ok(plain(ctx, answer)),
        (None, Err(error)) => Err(error),
    };
    let mut response = response.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    if let Ok(allow) = HeaderValue::from_str(&exchange.view.allow()) {
        headers.insert(ALLOW, allow);
    }
    headers.insert(VARY, HeaderValue::from_static("Accept, Cookie"));
    for (name, value) in failed.into_iter().flatten() {
        headers.insert(name, value);
    }
    response
}

fn plain(ctx: &Context, answer: Answer) -> Response {
    let known = answer.etag.as_deref().is_some_and(|tag| {
        let reads = matches!(ctx.method, Method::GET | Method::HEAD);
        reads && etag::is_known(&ctx.headers, tag)
    });
    let mut response = match answer.body {
        Some(_) if known => StatusCode::NOT_MODIFIED.into_response(),
        Some(body) => (answer.status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        None => answer.status.into_response(),
    };
    for (name, value) in [(ETAG, answer.etag), (LOCATION, answer.location)] {
        if let Some(Ok(value)) = value.map(|value| value.parse()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
