//! The browsable API: an answer as a page, with the form that makes the next request.

use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::Value;

use crate::rest::metadata::Field;
use crate::rest::respond::{Answer, View};
use crate::{Context, Result};

/// The page of an answer.
pub(super) fn page(ctx: &Context, view: &View, answer: &Answer, sent: &Value) -> Result<Response> {
    let data: Value = answer
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default();
    let pretty = serde_json::to_string_pretty(&data).unwrap_or_default();
    let failed = answer.status.is_client_error();
    let shown = if failed { sent } else { &data };
    let form = view
        .form
        .as_ref()
        .filter(|(method, _)| method == "POST")
        .map(|(method, form)| {
            let fields = form.fields.iter().cloned();
            let fields = fields.filter(|field| !field.read_only);
            let sent = if failed { shown } else { &Value::Null };
            let errors = if failed { &data } else { &Value::Null };
            Form {
                method: method.to_string(),
                inputs: fields.map(|field| Input::of(field, sent, errors)).collect(),
                errors: words(&data["non_field_errors"]),
            }
        });
    let methods: Vec<_> = view.methods.iter().map(ToString::to_string).collect();
    let mut response = ctx.render(
        "api.html",
        context! {
            title => &view.name,
            method => ctx.method.as_str(),
            path_and_query => ctx.uri.to_string(),
            crumbs => Serde(crumbs(ctx.uri.path())),
            status => answer.status.as_u16(),
            reason => answer.status.canonical_reason(),
            ok => answer.status.is_success(),
            allow => methods.join(", "),
            json => Serde(linked(&pretty)),
            next => data.get("next").and_then(Value::as_str),
            previous => data.get("previous").and_then(Value::as_str),
            form => Serde(form),
        },
    )?;
    *response.status_mut() = answer.status;
    Ok(response)
}

/// The form on a page.
#[derive(Serialize)]
struct Form {
    method: String,
    inputs: Vec<Input>,
    /// What is wrong with the form as a whole.
    errors: Vec<String>,
}

/// One field of a form.
#[derive(Serialize)]
struct Input {
    #[serde(flatten)]
    field: Field,
    name: String,
    /// What HTML calls the kind of input.
    input: &'static str,
    value: String,
    checked: bool,
    errors: Vec<String>,
}

impl Input {
    fn of(field: Field, sent: &Value, errors: &Value) -> Self {
        let sent = &sent[&field.name];
        let input = match field.kind {
            "boolean" => "checkbox",
            "integer" | "float" | "decimal" => "number",
            "date" => "date",
            "time" => "time",
            "choice" => "select",
            _ => "text",
        };
        Self {
            name: field.name.clone(),
            input,
            value: sent.as_str().map_or_else(
                || {
                    if sent.is_null() {
                        String::new()
                    } else {
                        sent.to_string()
                    }
                },
                str::to_owned,
            ),
            checked: matches!(sent.as_str(), Some("on" | "true" | "1"))
                || sent == &Value::Bool(true),
            errors: words(&errors[&field.name]),
            field,
        }
    }
}

fn words(errors: &Value) -> Vec<String> {
    let errors = errors.as_array().into_iter().flatten();
    errors
        .filter_map(|error| error.as_str().map(str::to_owned))
        .collect()
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

/// A piece of the shown JSON: text, or a URL to click on.
#[derive(Serialize)]
struct Piece {
    text: String,
    link: bool,
}

/// Cuts out the strings that are URLs of this or another site.
fn linked(json: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = json;
    while let Some(start) = rest.find("\"http").map(|quote| quote + 1) {
        let Some(length) = rest[start..].find('"') else {
            break;
        };
        let (text, url) = (&rest[..start], &rest[start..start + length]);
        let link =
            (url.starts_with("http://") || url.starts_with("https://")) && !url.contains('\\');
        pieces.push(Piece {
            text: text.to_owned(),
            link: false,
        });
        pieces.push(Piece {
            text: url.to_owned(),
            link,
        });
        rest = &rest[start + length..];
    }
    pieces.push(Piece {
        text: rest.to_owned(),
        link: false,
    });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_in_json_are_found() {
        let pieces = linked(r#"{"next": "http://a/?page=2", "title": "http", "x": "httpx"}"#);
        let links: Vec<_> = pieces
            .iter()
            .filter(|piece| piece.link)
            .map(|piece| &piece.text)
            .collect();
        assert_eq!(links, ["http://a/?page=2"]);
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(whole.ends_with("\"httpx\"}"));
    }

    #[test]
    fn crumbs_lead_to_the_page() {
        let paths: Vec<_> = crumbs("/api/tasks/1/")
            .into_iter()
            .map(|crumb| crumb.path)
            .collect();
        assert_eq!(paths, ["/api/", "/api/tasks/", "/api/tasks/1/"]);
    }
}
