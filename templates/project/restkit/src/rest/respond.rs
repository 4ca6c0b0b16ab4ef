//! From an answer to a response: its format, its headers, its page.

use axum::http::header::{ALLOW, CONTENT_TYPE, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::rest::Permission;
use crate::rest::browsable;
use crate::rest::metadata::Field;
use crate::rest::negotiation::{Format, negotiate};
use crate::{Context, Error, Result};

/// What is to be answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// JSON, or nothing.
    pub body: Option<Vec<u8>>,
}

impl Answer {
    pub fn of(status: StatusCode, data: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(data).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self {
            status,
            body: Some(body),
        })
    }

    pub fn empty(status: StatusCode) -> Self {
        Self { status, body: None }
    }
}

/// Finds out the fields of a form; only pages and OPTIONS need to know.
pub(super) type Fields = fn() -> Vec<Field>;

/// The view that answers, as its page shows it.
pub(super) struct View {
    pub name: String,
    pub description: &'static str,
    /// What it answers besides HEAD and OPTIONS.
    pub methods: &'static [Method],
    /// The form on its page, and the fields of it.
    pub form: Option<(Method, Fields)>,
}

impl View {
    /// What comes before every action, in DRF's order: can we answer so, may they ask?
    pub fn begin(&self, ctx: &Context, permission: Permission) -> Result<()> {
        negotiate(&ctx.uri, &ctx.headers)?;
        permission.check(ctx)
    }

    fn allow(&self) -> String {
        let own = self.methods.iter().map(Method::as_str);
        own.chain(["HEAD", "OPTIONS"])
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Answers in the format that the client wants; `sent` is what a form shows again.
pub(super) fn respond(
    ctx: &Context,
    view: &View,
    answer: Result<Answer>,
    sent: &Value,
) -> Response {
    let format = negotiate(&ctx.uri, &ctx.headers).unwrap_or(Format::Json);
    let answer = answer.or_else(|error| {
        error.log();
        Answer::of(error.status(), &error.body())
    });
    let page = match (&answer, format) {
        (Ok(answer), Format::Html) if answer.body.is_some() => {
            Some(browsable::page(ctx, view, answer, sent))
        }
        _ => None,
    };
    let response = match (page, answer) {
        (Some(page), _) => page,
        (None, Ok(answer)) => Ok(plain(answer)),
        (None, Err(error)) => Err(error),
    };
    let mut response = response.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    if let Ok(allow) = HeaderValue::from_str(&view.allow()) {
        headers.insert(ALLOW, allow);
    }
    headers.insert(VARY, HeaderValue::from_static("Accept, Cookie"));
    if let Some(scheme) = challenge(response.status()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    response
}

fn plain(answer: Answer) -> Response {
    match answer.body {
        Some(body) => (answer.status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        None => answer.status.into_response(),
    }
}

/// HTTP wants a 401 to say how one can log in.
fn challenge(status: StatusCode) -> Option<HeaderValue> {
    (status == StatusCode::UNAUTHORIZED).then(|| HeaderValue::from_static("Session"))
}
