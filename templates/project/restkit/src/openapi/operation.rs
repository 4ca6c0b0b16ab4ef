//! The operations of a resource.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::serializer::schemas::Schemas;
use crate::settings::Parser;

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
    /// The schema of the body, if it has one.
    pub body: Option<Value>,
    /// As what clients should send it. Others are taken as well, but a client that is made from a
    /// document with several sends all of them at once.
    pub parser: Option<Parser>,
    /// The status of a success, and the schema of its answer.
    pub success: (u16, Option<Value>),
    /// Whether the answer shows one record, and so has its `ETag`.
    pub is_record: bool,
    /// Whether it is about one record that exists, and so may ask for the state that it is in.
    pub is_conditional: bool,
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
fn parameter(name: &str, place: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

impl Operation<'_> {
    fn into_value(self, fixed: &[Value]) -> Value {
        let mut parameters = fixed.to_vec();
        parameters.extend(self.parameters.iter().cloned());
        if self.is_conditional {
            let header = if self.reads() {
                "If-None-Match"
            } else {
                "If-Match"
            };
            parameters.push(parameter(header, "header", &json!({ "type": "string" })));
        }
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "parameters": parameters,
            "responses": self.responses(),
            "security": self.security(),
        });
        if !self.description.is_empty() {
            operation["description"] = self.description.into();
        }
        if let Some(schema) = self.body {
            let content: Map<_, _> = self
                .parser
                .map(|parser| (parser.media_type().to_owned(), json!({ "schema": schema })))
                .into_iter()
                .collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation
    }

    pub(super) fn reads(&self) -> bool {
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
}
