//! The forms on a page: what can be sent from here.

use axum::http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::serializer::form::Form as Shape;
use crate::serializer::metadata::{Choice, Content, Field};

/// A form that sends one method.
#[derive(Debug, Serialize)]
pub(super) struct Form {
    pub method: String,
    pub inputs: Vec<Input>,
    /// The mistakes of the form as a whole.
    pub errors: Vec<String>,
    /// The same as JSON, to be edited as it is.
    pub raw: String,
    /// Whether that was sent and is not JSON.
    pub is_broken: bool,
}

/// One field of a form.
#[derive(Debug, Serialize)]
pub(super) struct Input {
    #[serde(flatten)]
    field: Field,
    name: String,
    is_list: bool,
    /// The type of the input in HTML.
    input: &'static str,
    value: String,
    checked: bool,
    errors: Vec<String>,
}

impl Form {
    /// A form with `values` in it, and what is wrong with them.
    pub fn new(method: &Method, shape: &Shape, values: &Value, errors: &Value) -> Self {
        let fields: Vec<_> = shape.fields.iter().filter(|it| !it.read_only).collect();
        let raw: Map<_, _> = fields
            .iter()
            .map(|field| (field.name.clone(), raw(field, &values[&field.name])))
            .collect();
        let inputs = fields.into_iter().cloned();
        Self {
            method: method.to_string(),
            inputs: inputs
                .map(|field| Input::new(field, values, errors))
                .collect(),
            errors: words(&errors["non_field_errors"]),
            raw: serde_json::to_string_pretty(&raw).unwrap_or_default(),
            is_broken: false,
        }
    }

    /// The same form with the text that was sent as JSON and is none.
    pub fn with_broken(self, raw: &str) -> Self {
        Self {
            raw: raw.to_owned(),
            is_broken: true,
            ..self
        }
    }
}

impl Form {
    /// A form for a body of which nothing is known.
    pub fn raw(method: &Method, sent: &Value) -> Self {
        let raw = match sent {
            Value::Null => "{}".to_owned(),
            sent => serde_json::to_string_pretty(sent).unwrap_or_default(),
        };
        Self {
            method: method.to_string(),
            inputs: Vec::new(),
            errors: Vec::new(),
            raw,
            is_broken: false,
        }
    }
}

impl Input {
    fn new(mut field: Field, values: &Value, errors: &Value) -> Self {
        let value = key(&field, &values[&field.name]);
        if field.kind == "boolean" && field.is_nullable {
            field.choices = vec![Choice::new("true"), Choice::new("false")];
        }
        let input = match field.kind {
            "boolean" if field.choices.is_empty() => "checkbox",
            "integer" | "float" | "decimal" => "number",
            "date" => "date",
            "time" => "time",
            "choice" => "select",
            // An input of one line would take every line break out of what is sent back.
            _ if field.is_long || field.content == Content::Json => "textarea",
            _ if value
                .as_str()
                .is_some_and(|text| text.contains(['\n', '\r'])) =>
            {
                "textarea"
            }
            _ if field.kind == "nested object" => "textarea",
            _ if field.choices.is_empty() => "text",
            _ => "select",
        };
        Self {
            name: field.name.clone(),
            is_list: field.is_list,
            input,
            value: text(&field, &value),
            checked: matches!(value.as_str(), Some("on" | "true" | "1")) || value == true,
            errors: words(&errors[&field.name]),
            field,
        }
    }
}

/// Returns the key of a nested object, which is what is sent.
fn key(field: &Field, shown: &Value) -> Value {
    match shown {
        shown if field.content == Content::Json => shown.clone(),
        Value::Object(row) => row.get("id").cloned().unwrap_or_else(|| shown.clone()),
        Value::Array(rows) => rows.iter().map(|row| key(field, row)).collect(),
        other => other.clone(),
    }
}

fn text(field: &Field, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        value if field.content == Content::Json => format!("{value:#}"),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| text(field, item)).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

fn raw(field: &Field, value: &Value) -> Value {
    match (key(field, value), field.kind) {
        (Value::Null, "boolean") if !field.is_nullable => false.into(),
        (Value::Null, "string") if field.required => "".into(),
        (Value::Null, _) if field.is_list => Value::Array(Vec::new()),
        (value, _) => value,
    }
}

/// The messages about a field; those about fields within it, too.
pub(super) fn words(errors: &Value) -> Vec<String> {
    match errors {
        Value::String(words) => vec![words.clone()],
        Value::Array(items) => items.iter().flat_map(self::words).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, errors)| {
                let errors = self::words(errors).into_iter();
                errors.map(move |words| format!("{name}: {words}"))
            })
            .collect(),
        _ => Vec::new(),
    }
}
