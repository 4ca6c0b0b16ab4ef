//! The browsable API: an answer as a page that shows what happened, and the forms that make the
//! next request. It works without scripts: a form says by fields of its own what no form can do.

mod controls;
mod forms;
mod highlight;
mod pager;
mod panel;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::Value;

use crate::query::pagination::links;
use crate::rest::answer::Answer;
use crate::rest::exchange::Exchange;
use crate::rest::view::Below;
use crate::serializer::{Body, exact};
use crate::site::csrf;
use crate::{Context, Error, Result};

use controls::Controls;
use forms::Form;
use pager::Pager;

/// The field of a form that says which method is meant.
pub(super) const METHOD: &str = "_method";

/// The field with a body of JSON.
pub(super) const CONTENT: &str = "_content";

/// The field with the state of the record that the form was filled from.
const STATE: &str = "_etag";

/// Makes of a form what it stands for: another method, a body of JSON, a condition.
///
/// # Errors
///
/// 403 if none of our own pages has sent it, 400 if its JSON is malformed.
pub(super) fn apply_method_override(ctx: &mut Context, body: Body) -> Result<Body> {
    let method = body.text(METHOD).unwrap_or_default();
    csrf::check(ctx, body.text(csrf::FIELD))?;
    ctx.method = [
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ]
    .into_iter()
    .find(|known| known.as_str() == method)
    .ok_or_else(|| Error::Parse(format!("`{METHOD}` is not a method that a form can mean.")))?;
    if let Some(Ok(state)) = body.text(STATE).map(HeaderValue::from_str) {
        ctx.headers.insert(header::IF_MATCH, state);
    }
    let token = body.text(csrf::FIELD).map(str::to_owned);
    if let (Some(Ok(name)), Some(token)) = (
        Some(header::HeaderName::from_bytes(csrf::HEADER.as_bytes())),
        token,
    ) && let Ok(token) = HeaderValue::from_str(&token)
    {
        ctx.headers.insert(name, token);
    }
    match body.text(CONTENT) {
        Some(json) => Body::of_json(json.as_bytes()),
        None => Ok(body
            .without(&[METHOD, STATE, csrf::FIELD])
            .with_plain_lines()),
    }
}

/// The page of an answer.
pub(super) fn page(ctx: &Context, exchange: &Exchange<'_>, answer: &Answer) -> Result<Response> {
    let (view, sent) = (exchange.view, &exact::plain(&exchange.sent));
    let data: Value = answer
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default();
    let kind = answer.body.as_ref().map(|_| "application/json".to_owned());
    let headers = [
        ("Content-Type", kind),
        ("Allow", Some(view.allow())),
        ("ETag", answer.etag.clone()),
        ("Location", answer.location.clone()),
    ];
    let headers = headers
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let is_list = view.is_list(&ctx.method);
    let panel = panel::of(ctx, view, answer, (sent, &data));
    let mut response = ctx.render(
        "api.html",
        context! {
            title => &view.name,
            description => view.description,
            method => ctx.method.as_str(),
            url => ctx.uri.path(),
            path_and_query => ctx.uri.to_string(),
            crumbs => Serde(crumbs(ctx.uri.path())),
            status => answer.status.as_u16(),
            reason => answer.status.canonical_reason(),
            is_list,
            ok => answer.status.is_success(),
            headers => headers.collect::<Vec<_>>(),
            json => Serde(answer.body.as_ref().map(|_| highlight::pieces(&data))),
            json_url => links::url(ctx, &[("format", Some("json".to_owned()))]),
            controls => Serde(is_list.then(|| Controls::of(ctx, view, answer, &data)).flatten()),
            pager => Serde(is_list.then(|| Pager::of(ctx, view, &data)).flatten()),
            etag => &answer.etag,
            forms => Serde(forms(ctx, exchange, answer, sent, &data)),
            deletes => view.methods.contains(&Method::DELETE) && exchange.offers(&Method::DELETE) && answer.status != StatusCode::NO_CONTENT,
            actions => Serde(offered_actions(exchange)),
            panel => Serde(panel),
        },
    )?;
    // A browser shows nothing for a 204.
    *response.status_mut() = match answer.status {
        StatusCode::NO_CONTENT => StatusCode::OK,
        status => status,
    };
    Ok(response)
}

/// The forms of a page: with what was sent and refused, or with the record as it is.
fn forms(
    ctx: &Context,
    exchange: &Exchange<'_>,
    answer: &Answer,
    sent: &Value,
    data: &Value,
) -> Vec<Form> {
    let view = exchange.view;
    // A list's wrong parameters are not the forms' business.
    let failed = answer.status == StatusCode::BAD_REQUEST && ctx.method != Method::GET;
    // The second of two editors finds what was typed, and why it was refused.
    let late = answer.status == StatusCode::PRECONDITION_FAILED && sent.is_object();
    let Some((main, shape)) = &view.form else {
        let methods = view.methods.iter();
        let writing = methods.filter(|method| ![Method::GET, Method::DELETE].contains(method));
        let writing = writing.filter(|method| exchange.offers(method));
        return writing.map(|method| Form::raw(method, sent)).collect();
    };
    // A visitor who was logged out while typing finds the text again.
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
    let kept = refused && !sent.is_null();
    if answer.status.is_client_error() && !failed && !late && !kept {
        return Vec::new();
    }
    let broken = sent.as_str();
    let sent = if broken.is_some() { &Value::Null } else { sent };
    let methods = view.methods.iter();
    let methods = methods.filter(|method| *method == main || **method == Method::PATCH);
    let methods = methods.filter(|method| !late || ctx.method == **method);
    // Typed text is shown again, whether or not it may be sent.
    let methods =
        methods.filter(|method| exchange.offers(method) || kept && ctx.method == **method);
    methods
        .map(|method| {
            let is_sent = (failed || kept) && (ctx.method == method || main == Method::POST);
            let data = if kept { &Value::Null } else { data };
            let (values, errors) = match (is_sent, main == Method::POST) {
                (true, _) => (sent, data),
                (false, true) => (&Value::Null, &Value::Null),
                (false, false) if failed || late => (sent, &Value::Null),
                (false, false) => (data, &Value::Null),
            };
            let form = Form::new(method, shape, values, errors);
            match broken.filter(|_| ctx.method == *method) {
                Some(raw) => form.with_broken(raw),
                None => form,
            }
        })
        .collect()
}

/// The extra actions that the visitor may use.
fn offered_actions<'v>(exchange: &Exchange<'v>) -> Vec<&'v Below> {
    let actions = exchange.view.actions.iter();
    let actions = actions.filter(|action| {
        let method = Method::from_bytes(action.method.as_bytes());
        method.is_ok_and(|method| exchange.offers(&method))
    });
    actions.collect()
}

/// A step on the way from the site's root to the page.
#[derive(Serialize)]
struct Crumb {
    name: String,
    path: String,
}

fn crumbs(path: &str) -> Vec<Crumb> {
    let mut way = String::from("/");
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            way.push_str(part);
            way.push('/');
            Crumb {
                name: part.to_owned(),
                path: way.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crumbs_lead_to_the_page() {
        let paths: Vec<_> = crumbs("/api/tasks/1/")
            .into_iter()
            .map(|crumb| crumb.path)
            .collect();
        assert_eq!(paths, ["/api/", "/api/tasks/", "/api/tasks/1/"]);
    }
}
