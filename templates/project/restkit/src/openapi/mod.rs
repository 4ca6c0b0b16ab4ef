//! OpenAPI 3.1: what the site's API is, told by the code that is the API.
//!
//! Types are described by schemars, whose JSON Schema is OpenAPI 3.1's own dialect and which reads
//! serde's and garde's attributes; models add the rules of their columns.

mod operation;
mod pages;
mod responses;
mod yaml;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::serializer::schemas::Schemas;
use crate::{Routes, Settings};

pub(crate) use operation::{Described, Operation, describe};
pub use pages::routes;

/// A way to write the document down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// The document that describes the routes of a site called `title`.
pub fn document(title: &str, routes: &Routes, settings: &Settings) -> Value {
    let mut schemas = Schemas::new(settings);
    let mut paths = Map::new();
    let mut ids = BTreeSet::new();
    for route in routes.list() {
        let Some(describe) = route.note::<Described>() else {
            continue;
        };
        let mut item = describe(&mut schemas, &route.path);
        for operation in item.values_mut() {
            unique_id(operation, &route.path, &mut ids);
        }
        paths.insert(route.path.clone(), Value::Object(item));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": title, "version": "1.0.0" },
        "paths": paths,
        "components": {
            "schemas": schemas.into_definitions(),
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "sessionid",
                    "description": "What writes needs the token of the cookie `csrftoken` as `X-CSRFToken`, too",
                },
                "basic": { "type": "http", "scheme": "basic" },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `createtoken` has made, after `Bearer` or `Token`",
                },
            },
        },
    })
}

/// The document as a text.
pub fn text(document: &Value, format: Format) -> String {
    match format {
        Format::Json => format!("{document:#}\n"),
        Format::Yaml => yaml::write(document),
    }
}

/// Two apps may both have tasks: the later one is called by its whole path.
fn unique_id(operation: &mut Value, path: &str, ids: &mut BTreeSet<String>) {
    let Some(Value::String(id)) = operation.get_mut("operationId") else {
        return;
    };
    if ids.contains(id.as_str()) {
        let parts = path.split('/').filter(|part| !part.starts_with('{'));
        let prefix: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        *id = format!("{}_{id}", prefix.join("_"));
    }
    ids.insert(id.clone());
}
