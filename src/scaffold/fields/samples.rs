//! A value of each type, as JSON, for tests.

use super::field::{Field, Kind};

/// A value that is taken, of a field of `model`; `number` tells apart those that have to be unique.
pub(super) fn valid(model: &str, field: &Field, number: usize) -> String {
    match &field.kind {
        // There is no other row of its own kind yet.
        Kind::Fk(target) if target.app.is_none() && target.model == model => "null".to_owned(),
        Kind::Str(length) => text(&format!("A{number}"), *length as usize),
        Kind::Text => format!("\"Some words {number}.\""),
        Kind::Int | Kind::BigInt => (number + 6).to_string(),
        Kind::Float => format!("{number}.5"),
        Kind::Decimal(_, 0) => format!("\"{}\"", number % 10),
        Kind::Decimal(_, places) => format!(
            "\"{}.{:0places$}\"",
            number % 10,
            0,
            places = *places as usize
        ),
        Kind::Bool => "true".to_owned(),
        Kind::Date => format!("\"2030-01-{:02}\"", number + 10),
        Kind::Time => format!("\"12:{:02}:00\"", number + 10),
        Kind::DateTime => format!("\"2030-01-{:02}T12:30:00Z\"", number + 10),
        Kind::Uuid => format!("\"67e55044-10b1-426f-9247-bb680e5fe0c{}\"", number % 10),
        Kind::Json => format!("{{ \"a\": {number} }}"),
        Kind::Email => format!("\"ada{number}@example.com\""),
        Kind::Url => format!("\"https://example.com/{number}\""),
        Kind::Slug => format!("\"a-{number}\""),
        Kind::Enum(values) => format!("\"{}\"", values[0]),
        Kind::Fk(_) => number.to_string(),
        Kind::M2m(_) => format!("[{number}]"),
    }
}

/// A value that is refused, if there is one for the type.
pub(super) fn invalid(field: &Field) -> Option<&'static str> {
    Some(match field.kind {
        Kind::Int | Kind::BigInt | Kind::Float | Kind::Decimal(..) => "\"many\"",
        Kind::Bool => "\"maybe\"",
        Kind::Date | Kind::Time | Kind::DateTime => "\"some day\"",
        Kind::Uuid => "\"one\"",
        Kind::Email | Kind::Url => "\"nowhere\"",
        Kind::Slug => "\"a b\"",
        Kind::Enum(_) => "\"none of them\"",
        _ => return None,
    })
}

fn text(value: &str, length: usize) -> String {
    let value: String = value.chars().rev().take(length).collect();
    format!("\"{}\"", value.chars().rev().collect::<String>())
}
