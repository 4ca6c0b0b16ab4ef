//! The filters, the search and the order of a list, as a form.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::forms::words;
use crate::Context;
use crate::http::query::query_pairs;
use crate::query::Parameter;
use crate::query::pagination::links;
use crate::rest::answer::Answer;
use crate::rest::view::View;

/// A form that asks for the same list in another way.
#[derive(Debug, Serialize)]
pub(super) struct Controls {
    inputs: Vec<Control>,
    /// The other parameters, which stay as they are.
    kept: Vec<(String, String)>,
    /// The list without its filters, if there are any in this request.
    clear: Option<String>,
}

/// One parameter.
#[derive(Debug, Serialize)]
struct Control {
    name: String,
    label: String,
    /// A sentence about its effect.
    note: String,
    /// The type of the input in HTML.
    input: &'static str,
    value: String,
    /// The values of a select, after the empty one.
    choices: Vec<String>,
    errors: Vec<String>,
}

impl Controls {
    /// The form on the page of a list, if it has filters and the request got as far as them.
    pub fn of(ctx: &Context, view: &View, answer: &Answer, data: &Value) -> Option<Self> {
        let failed = answer.status == StatusCode::BAD_REQUEST;
        if view.filters.is_empty() || !(failed || answer.status.is_success()) {
            return None;
        }
        let errors = if failed { data } else { &Value::Null };
        let inputs = view.filters.iter();
        let inputs: Vec<_> = inputs
            .map(|filter| Control::new(filter, ctx.query(&filter.name), errors))
            .collect();
        let is_used = inputs.iter().any(|input| !input.value.trim().is_empty());
        Some(Self {
            kept: query_pairs(&ctx.uri)
                .filter(|(name, _)| survives_filtering(view, name))
                .collect(),
            clear: is_used.then(|| cleared(ctx, view)),
            inputs,
        })
    }
}

impl Control {
    fn new(filter: &Parameter, value: Option<String>, errors: &Value) -> Self {
        let errors = words(&errors[&filter.name]);
        let mut choices = filter.choices.clone();
        if filter.kind == "boolean" {
            choices = vec!["true".to_owned(), "false".to_owned()];
        }
        let input = match filter.kind {
            _ if filter.name == "ordering" => "select",
            // Such an input would not show what is wrong, nor several values.
            _ if filter.is_list || !errors.is_empty() => "text",
            _ if !choices.is_empty() => "select",
            _ if filter.name == "search" => "search",
            "integer" | "number" => "number",
            "date" => "date",
            "time" => "time",
            _ => "text",
        };
        let value = value.unwrap_or_default();
        // Such as `-id,title`, or `1` for `true`.
        if !value.is_empty() && !choices.contains(&value) {
            choices.push(value.clone());
        }
        Self {
            name: filter.name.clone(),
            label: filter.label.clone(),
            note: filter.description.clone(),
            input,
            value,
            choices,
            errors,
        }
    }
}

/// Returns whether a query parameter survives a change of filters: all but filters and the page position do.
fn survives_filtering(view: &View, name: &str) -> bool {
    let is_size = matches!(name, "page_size" | "limit");
    let mut changing = view.filters.iter().chain(&view.pages);
    is_size || !changing.any(|parameter| parameter.name == name)
}

fn cleared(ctx: &Context, view: &View) -> String {
    let asked: Vec<_> = query_pairs(&ctx.uri).map(|(name, _)| name).collect();
    let gone = asked.iter().filter(|name| !survives_filtering(view, name));
    let gone: Vec<_> = gone.map(|name| (name.as_str(), None)).collect();
    links::url(ctx, &gone)
}
