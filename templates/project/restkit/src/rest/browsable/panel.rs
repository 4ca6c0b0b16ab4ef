//! Request, logic, response: what a page tells a learner about what has just happened. Only with
//! DEBUG on.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::http::query::query_pairs;
use crate::rest::answer::Answer;
use crate::rest::browsable::forms::words;
use crate::rest::view::View;
use crate::trace::Query;
use crate::{Context, trace};

/// The way of a request, step by step.
#[derive(Debug, Serialize)]
pub(super) struct Panel {
    route: String,
    view: String,
    action: &'static str,
    permission: String,
    user: String,
    /// How each parameter of a list, or field of a body, was taken.
    taken: Vec<Taken>,
    queries: Vec<Query>,
    query_milliseconds: f64,
    causes: Vec<String>,
    hint: Option<String>,
    bytes: usize,
    milliseconds: f64,
}

/// A parameter or a field on its way in.
#[derive(Debug, Serialize)]
struct Taken {
    name: String,
    sent: String,
    /// The value that it became.
    value: Option<String>,
    /// A sentence about its effect.
    note: Option<String>,
    errors: Vec<String>,
}

/// Describes the way to `answer`, if it was recorded.
pub(super) fn of(
    ctx: &Context,
    view: &View,
    answer: &Answer,
    (sent, data): (&Value, &Value),
) -> Option<Panel> {
    let way = trace::current()?;
    Some(Panel {
        route: ctx.route.clone(),
        view: view.viewset.to_owned(),
        action: view.action(&ctx.method),
        permission: view.permission.clone(),
        user: ctx.user().map_or_else(
            || "nobody is logged in".to_owned(),
            |user| user.username.clone(),
        ),
        taken: if view.is_list(&ctx.method) {
            asked(ctx, view, answer, data)
        } else {
            taken(view, answer, sent, data)
        },
        query_milliseconds: way.queries.iter().map(|query| query.milliseconds).sum(),
        milliseconds: way.elapsed.as_secs_f64() * 1000.0,
        causes: causes(answer, data),
        hint: hint(answer, data),
        bytes: answer.body.as_ref().map_or(0, Vec::len),
        queries: way.queries,
    })
}

/// Returns the causes of an internal error, if the answer names them.
fn causes(answer: &Answer, data: &Value) -> Vec<String> {
    let causes = data["causes"].as_array().into_iter().flatten();
    let causes = causes.filter(|_| answer.status.is_server_error());
    causes
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Returns the way to mend it.
fn hint(answer: &Answer, data: &Value) -> Option<String> {
    let hint = data["hint"]
        .as_str()
        .filter(|_| answer.status.is_server_error());
    hint.map(str::to_owned)
}

/// The parameters of a list.
fn asked(ctx: &Context, view: &View, answer: &Answer, data: &Value) -> Vec<Taken> {
    let failed = answer.status == StatusCode::BAD_REQUEST;
    let given = query_pairs(&ctx.uri).filter(|(name, _)| name != "format");
    given
        .map(|(name, value)| {
            let mut declared = view.filters.iter().chain(&view.pages);
            let declared = declared.find(|parameter| parameter.name == name);
            let errors = if failed {
                words(&data[&name])
            } else {
                Vec::new()
            };
            let note = match declared {
                _ if !errors.is_empty() => None,
                Some(_) if value.trim().is_empty() => Some("passed over: it is empty".to_owned()),
                Some(parameter) => Some(parameter.description.clone()),
                None => Some("no filter or page of this list".to_owned()),
            };
            Taken {
                sent: value,
                value: None,
                note,
                errors,
                name,
            }
        })
        .collect()
}

/// The fields of a body.
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
            value: if known(name) && !failed {
                data.get(name).map(Value::to_string)
            } else {
                None
            },
            note: (!known(name)).then(|| "ignored: there is no such field".to_owned()),
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
                note: None,
                errors: words(errors),
            }),
    );
    taken
}
