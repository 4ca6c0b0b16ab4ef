//! The document and its page, as a site serves them.

use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Serde;
use serde_json::Value;

use crate::openapi::{Format, document, text};
use crate::{Context, Error, Result, Routes};

/// The document at `schema/`, and a page to try it with at `docs/`.
pub fn routes() -> Routes {
    Routes::new().get("/schema/", schema).get("/docs/", docs)
}

/// JSON, or YAML if asked for by `?format=yaml` or the `Accept` header.
async fn schema(ctx: Context) -> Result<Response> {
    let ctx = admit(ctx).await?;
    let format = match ctx.query("format").as_deref() {
        Some("yaml") => Format::Yaml,
        Some(_) => Format::Json,
        None => accepted(&ctx),
    };
    let kind = match format {
        Format::Json => "application/vnd.oai.openapi+json;version=3.1",
        Format::Yaml => "application/vnd.oai.openapi;version=3.1",
    };
    let headers = [(CONTENT_TYPE, kind), (VARY, "Accept")];
    let body = text(&of_site(&ctx), format);
    Ok((headers, body).into_response())
}

/// Lets everyone see the document, or only staff where the settings say so.
///
/// # Errors
///
/// 401 or 403.
async fn admit(ctx: Context) -> Result<Context> {
    if ctx.settings().public_schema {
        return Ok(ctx);
    }
    let ctx = ctx.authenticate().await?;
    match ctx.user() {
        Some(user) if user.is_staff => Ok(ctx),
        Some(_) => Err(Error::permission_denied()),
        None => Err(ctx.not_authenticated()),
    }
}

fn accepted(ctx: &Context) -> Format {
    let accept = ctx
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let kinds = accept.unwrap_or_default().split(',');
    let mut kinds = kinds.map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let is_yaml = |kind: &str| kind == "application/vnd.oai.openapi" || kind.ends_with("yaml");
    match kinds.find(|kind| is_yaml(kind) || kind.ends_with("json")) {
        Some(kind) if is_yaml(kind) => Format::Yaml,
        _ => Format::Json,
    }
}

/// The page: every operation with a form to try it.
async fn docs(ctx: Context) -> Result<Response> {
    let ctx = admit(ctx).await?;
    let document = of_site(&ctx);
    let mut tags: Vec<(String, Vec<Value>)> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let mut operation = operation.clone();
            operation["path"] = path.as_str().into();
            operation["method"] = method.to_uppercase().into();
            resolve(&mut operation, &document, 0);
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            let sample = body.map(sample).unwrap_or_default();
            operation["sample"] = format!("{sample:#}").into();
            let tag = operation["tags"][0].as_str().unwrap_or_default().to_owned();
            match tags.iter_mut().find(|(other, _)| *other == tag) {
                Some((_, operations)) => operations.push(operation),
                None => tags.push((tag, vec![operation])),
            }
        }
    }
    let title = &document["info"]["title"];
    ctx.render(
        "docs.html",
        context! { title => Serde(title), tags => Serde(tags) },
    )
}

/// A body to begin with.
fn sample(schema: &Value) -> Value {
    if let Some(value) = schema.get("default").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    if let Some(properties) = schema["properties"].as_object() {
        let fields = properties.iter();
        return fields
            .map(|(name, field)| (name.clone(), sample(field)))
            .collect();
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => 1.into(),
        Some("boolean") => false.into(),
        Some("array") => Value::Array(Vec::new()),
        Some("string") => "".into(),
        _ => Value::Null,
    }
}

fn of_site(ctx: &Context) -> Value {
    document(ctx.site().name(), ctx.site().routes(), ctx.settings())
}

/// Puts schemas where they are referred to, some levels deep: people read them there.
fn resolve(value: &mut Value, document: &Value, depth: usize) {
    if let Some(path) = value.get("$ref").and_then(Value::as_str) {
        let found = path
            .strip_prefix('#')
            .and_then(|path| document.pointer(path));
        *value = found.cloned().unwrap_or_default();
    }
    if depth > 12 {
        return;
    }
    match value {
        Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| resolve(item, document, depth + 1));
        }
        Value::Object(entries) => {
            entries
                .values_mut()
                .for_each(|entry| resolve(entry, document, depth + 1));
        }
        _ => {}
    }
}
