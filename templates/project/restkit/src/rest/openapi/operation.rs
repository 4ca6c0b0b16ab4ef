//! The operations of a resource.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::rest::body;
use crate::rest::openapi::Schemas;

/// Tells the operations at a path, by their methods.
pub(crate) type Described = Arc<dyn Fn(&mut Schemas, &str) -> Map<String, Value> + Send + Sync>;

/// One operation, in the making.
pub(crate) struct Operation<'o> {
    pub method: &'o Method,
    /// `tasks_list`
    pub id: String,
    pub tag: &'o str,
    pub description: &'o str,
    /// Other than those in the path.
    pub parameters: Vec<Value>,
    /// What is sent, if anything is.
    pub body: Option<Value>,
    /// What is answered when it went well, and what with it.
    pub success: (u16, Option<Value>),
    /// Whether the answer shows one record.
    pub is_record: bool,
    /// Whether everybody may.
    pub is_open: bool,
}

/// The item of a path with these operations; `key` is the schema of `{id}`, `above` of `{parent}`.
pub(crate) fn describe(
    path: &str,
    key: &Value,
    above: Option<&Value>,
    operations: Vec<Operation<'_>>,
) -> Map<String, Value> {
    let mut fixed = Vec::new();
    for (name, schema) in [("parent", above), ("id", Some(key))] {
        if let (Some(schema), true) = (schema, path.contains(&format!("{{{name}}}"))) {
            fixed.push(parameter(name, "path", schema));
        }
    }
    operations
        .into_iter()
        .map(|operation| {
            let method = operation.method.as_str().to_lowercase();
            (method, operation.into_value(&fixed))
        })
        .collect()
}

/// A parameter of an operation.
pub(crate) fn parameter(name: &str, place: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

impl Operation<'_> {
    fn into_value(self, fixed: &[Value]) -> Value {
        let mut parameters = fixed.to_vec();
        let format = json!({ "type": "string", "enum": ["json", "api"] });
        parameters.push(parameter("format", "query", &format));
        parameters.extend(self.parameters.iter().cloned());
        if self.is_record {
            let header = match self.reads() {
                true => "If-None-Match",
                false => "If-Match",
            };
            parameters.push(parameter(header, "header", &json!({ "type": "string" })));
        }
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "parameters": parameters,
            "responses": self.responses(!fixed.is_empty()),
            "security": self.security(),
        });
        if !self.description.is_empty() {
            operation["description"] = self.description.into();
        }
        if let Some(schema) = self.body {
            let kinds = body::MEDIA_TYPES.iter();
            let content: Map<_, _> = kinds
                .map(|kind| ((*kind).to_owned(), json!({ "schema": schema })))
                .collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation
    }

    fn reads(&self) -> bool {
        self.method == Method::GET
    }

    fn security(&self) -> Value {
        let mut ways = vec![
            json!({ "session": [] }),
            json!({ "basic": [] }),
            json!({ "token": [] }),
        ];
        if self.is_open {
            ways.insert(0, json!({}));
        }
        ways.into()
    }

    fn responses(&self, has_key: bool) -> Value {
        let (status, shown) = &self.success;
        let mut responses = Map::new();
        let mut well = match shown {
            Some(schema) => json!({
                "description": "Done.",
                "content": { "application/json": { "schema": schema }, "text/html": {} },
            }),
            None => json!({ "description": "Done; there is nothing to show." }),
        };
        let text = json!({ "schema": { "type": "string" } });
        if self.is_record && shown.is_some() {
            well["headers"]["ETag"] = text.clone();
        }
        if *status == 201 {
            well["headers"]["Location"] = text.clone();
        }
        responses.insert(status.to_string(), well);
        if self.is_record && self.reads() {
            let known = json!({ "description": "The client has it already." });
            responses.insert("304".to_owned(), known);
        }
        for (status, schema, words) in self.failures(has_key) {
            let mut failure = json!({
                "description": words,
                "content": {
                    "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } },
                    "text/html": {},
                },
            });
            match status {
                401 => failure["headers"]["WWW-Authenticate"] = text.clone(),
                429 => failure["headers"]["Retry-After"] = text.clone(),
                _ => {}
            }
            responses.insert(status.to_string(), failure);
        }
        responses.sort_keys();
        responses.into()
    }

    fn failures(&self, has_key: bool) -> Vec<(u16, &'static str, &'static str)> {
        let writes = !self.reads();
        [
            (true, 400, "Errors", "What was sent is not valid."),
            (
                true,
                401,
                "Detail",
                "Nobody is logged in, or not in a way that is right.",
            ),
            (true, 403, "Detail", "This user may not."),
            (has_key || !writes, 404, "Detail", "There is no such thing."),
            (
                true,
                406,
                "Detail",
                "Not in a format that the client accepts.",
            ),
            (
                writes,
                409,
                "Detail",
                "The state of the data does not allow it.",
            ),
            (
                writes && self.is_record,
                412,
                "Detail",
                "The record has changed meanwhile.",
            ),
            (self.body.is_some(), 413, "Detail", "The body is too large."),
            (
                self.body.is_some(),
                415,
                "Detail",
                "The body is of a kind that is not understood.",
            ),
            (
                writes && self.is_record,
                428,
                "Detail",
                "A change must name the state it is meant for.",
            ),
            (true, 429, "Detail", "Too often."),
        ]
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, status, schema, words)| (status, schema, words))
        .collect()
    }
}
