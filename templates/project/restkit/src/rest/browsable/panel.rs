//! Request, logic, response: what a page tells a learner about what has just happened. Only with
//! DEBUG on.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::Context;
use crate::rest::browsable::forms::words;
use crate::rest::respond::{Answer, View};
use crate::trace::{self, Query};

/// What happened.
#[derive(Debug, Serialize)]
pub(super) struct Panel {
    route: String,
    view: String,
    action: &'static str,
    permission: String,
    user: String,
    /// How each field that was sent was taken.
    fields: Vec<Taken>,
    queries: Vec<Query>,
    query_milliseconds: f64,
    bytes: usize,
    milliseconds: f64,
}

/// A field on its way in.
#[derive(Debug, Serialize)]
struct Taken {
    name: String,
    sent: String,
    /// What it became.
    value: Option<String>,
    errors: Vec<String>,
}

/// What happened on the way to `answer`, if that was collected.
pub(super) fn of(
    ctx: &Context,
    view: &View,
    answer: &Answer,
    (sent, data): (&Value, &Value),
) -> Option<Panel> {
    let trace = trace::current()?;
    Some(Panel {
        route: ctx.route.clone(),
        view: view.viewset.to_owned(),
        action: view.action(&ctx.method),
        permission: view.permission.clone(),
        user: ctx.user().map_or_else(
            || "nobody is logged in".to_owned(),
            |user| user.username.clone(),
        ),
        fields: taken(view, answer, sent, data),
        query_milliseconds: trace.queries.iter().map(|query| query.milliseconds).sum(),
        milliseconds: trace.elapsed().as_secs_f64() * 1000.0,
        bytes: answer.body.as_ref().map_or(0, Vec::len),
        queries: trace.queries,
    })
}

fn taken(view: &View, answer: &Answer, sent: &Value, data: &Value) -> Vec<Taken> {
    let Some((_, form)) = &view.form else {
        return Vec::new();
    };
    let failed = answer.status == StatusCode::BAD_REQUEST;
    if answer.status.is_client_error() && !failed {
        return Vec::new();
    }
    let errors = if failed { data } else { &Value::Null };
    let known = |name: &str| form.fields.iter().any(|field| field.name == name);
    let given = sent.as_object().into_iter().flatten();
    let mut taken: Vec<_> = given
        .map(|(name, value)| Taken {
            name: name.clone(),
            sent: value.to_string(),
            value: match known(name) {
                false => Some("ignored: there is no such field".to_owned()),
                true if failed => None,
                true => data.get(name).map(Value::to_string),
            },
            errors: words(&errors[name]),
        })
        .collect();
    let missing = errors.as_object().into_iter().flatten();
    let missing = missing.filter(|(name, _)| sent.get(name.as_str()).is_none());
    taken.extend(
        missing
            .filter(|_| sent.is_object())
            .map(|(name, errors)| Taken {
                name: name.clone(),
                sent: String::new(),
                value: None,
                errors: words(errors),
            }),
    );
    taken
}
