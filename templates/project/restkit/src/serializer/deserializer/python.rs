//! JSON values in DRF's language, for its words about them.

use serde_json::Value;

use crate::serializer::exact;

/// The name of a JSON value's type in DRF's language.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) if exact::text(value).is_some() => type_name(&exact::plain(value)),
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// A JSON value as DRF's language writes it.
pub fn text(value: &Value) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match exact::text(value) {
            Some(number) => number.to_owned(),
            None => format!("'{text}'"),
        },
        Value::Array(items) => format!("[{}]", joined(items.iter().map(text).collect())),
        Value::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(name, value)| format!("'{name}': {}", text(value)));
            format!("{{{}}}", joined(entries.collect()))
        }
    }
}
