//! From an answer to a response: its format, its headers, its page.

use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, LOCATION, VARY};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, json};

use crate::http::etag;
use crate::http::negotiation::Format;
use crate::pages::diagnosis::diagnose;
use crate::rest::answer::Answer;
use crate::rest::browsable;
use crate::rest::exchange::Exchange;
use crate::rest::view::View;
use crate::settings::Parser;
use crate::{Context, Error, Result};

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
