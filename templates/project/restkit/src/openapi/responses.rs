//! The answers of an operation.

use serde_json::{Map, Value, json};

use crate::openapi::Operation;
use crate::serializer::schemas::widen;

/// A status code, what it means, and whether an operation may answer it.
type Failure = (u16, &'static str, fn(&Operation<'_>) -> bool);

const FAILURES: [Failure; 11] = [
    (400, "What was sent is not valid.", |_| true),
    (401, "Nobody is logged in, or not rightly.", |_| true),
    (403, "This user may not.", |_| true),
    (404, "There is no such thing, or no such format.", |_| true),
    (406, "Not in a format that the client accepts.", |_| true),
    (409, "The state of the data does not allow it.", |it| {
        !it.reads()
    }),
    (412, "The record has changed meanwhile.", |it| {
        !it.reads() && it.is_conditional
    }),
    (413, "The body is too large.", |it| it.body.is_some()),
    (415, "The body is of a kind that is not understood.", |it| {
        it.body.is_some()
    }),
    (428, "A change must name the state it is meant for.", |it| {
        !it.reads() && it.is_conditional
    }),
    (429, "Too often.", |_| true),
];

impl Operation<'_> {
    /// By status code.
    pub(super) fn responses(&self) -> Value {
        let (status, shown) = &self.success;
        let mut responses = Map::new();
        responses.insert(status.to_string(), self.success(*status, shown.as_ref()));
        if self.is_conditional && self.reads() {
            let known = json!({ "description": "The client has it already." });
            responses.insert("304".to_owned(), known);
        }
        for (status, words, may) in FAILURES {
            if may(self) {
                responses.insert(status.to_string(), failure(status, words));
            }
        }
        responses.sort_keys();
        responses.into()
    }

    fn success(&self, status: u16, shown: Option<&Value>) -> Value {
        let mut success = match shown {
            Some(schema) => json!({ "description": "Done.", "content": content(schema) }),
            None => json!({ "description": "Done; there is nothing to show." }),
        };
        success["headers"]["Allow"] = header("The methods that there are here.");
        if self.is_record && shown.is_some() {
            success["headers"]["ETag"] = header("The state of the record, for If-Match.");
        }
        if status == 201 {
            success["headers"]["Location"] = header("The URL of what was made.");
        }
        success
    }
}

fn failure(status: u16, words: &str) -> Value {
    let schema = match status {
        400 => "Errors",
        _ => "Detail",
    };
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    let mut failure = json!({ "description": words, "content": content(&schema) });
    match status {
        401 => failure["headers"]["WWW-Authenticate"] = header("How one can log in."),
        429 => failure["headers"]["Retry-After"] = header("In how many seconds to ask again."),
        _ => {}
    }
    failure
}

/// As JSON. The pages for browsers are left out: a client that is made from the document would have
/// to take every answer for a page or for data.
fn content(schema: &Value) -> Value {
    let mut schema = schema.clone();
    widen(&mut schema);
    json!({ "application/json": { "schema": schema } })
}

fn header(words: &str) -> Value {
    json!({ "description": words, "schema": { "type": "string" } })
}
