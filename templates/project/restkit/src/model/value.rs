//! Values as texts: what people read in lists, and what they type into forms and queries.

pub(crate) mod sql;

use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use sea_orm::Value;
use sea_orm::prelude::{Decimal, Uuid};
use sea_orm::sea_query::ArrayType;

/// The format that people write and browsers send.
const DATETIME: &str = "%Y-%m-%dT%H:%M:%S%.f";

/// How a kind of value is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Integer,
    Number,
    Text,
    Date,
    Time,
    DateTime,
    Uuid,
    Json,
    /// A value without a form: bytes, arrays.
    Other,
}

/// No value, of this type.
pub(crate) fn null_of(kind: &ArrayType) -> Value {
    match kind {
        ArrayType::Bool => Value::Bool(None),
        ArrayType::TinyInt => Value::TinyInt(None),
        ArrayType::SmallInt => Value::SmallInt(None),
        ArrayType::Int => Value::Int(None),
        ArrayType::BigInt => Value::BigInt(None),
        ArrayType::TinyUnsigned => Value::TinyUnsigned(None),
        ArrayType::SmallUnsigned => Value::SmallUnsigned(None),
        ArrayType::Unsigned => Value::Unsigned(None),
        ArrayType::BigUnsigned => Value::BigUnsigned(None),
        ArrayType::Float => Value::Float(None),
        ArrayType::Double => Value::Double(None),
        ArrayType::Char => Value::Char(None),
        ArrayType::Json => Value::Json(None),
        ArrayType::ChronoDate => Value::ChronoDate(None),
        ArrayType::ChronoTime => Value::ChronoTime(None),
        ArrayType::ChronoDateTime => Value::ChronoDateTime(None),
        ArrayType::ChronoDateTimeUtc => Value::ChronoDateTimeUtc(None),
        ArrayType::ChronoDateTimeWithTimeZone => Value::ChronoDateTimeWithTimeZone(None),
        ArrayType::Uuid => Value::Uuid(None),
        ArrayType::Decimal => Value::Decimal(None),
        ArrayType::String => Value::String(None),
        ArrayType::Enum(_) => Value::String(None),
        _ => Value::Bytes(None),
    }
}

/// The least and the greatest whole number of the type of `null`.
pub(crate) fn integer_range(null: &Value) -> Option<(i64, i64)> {
    Some(match null {
        Value::TinyInt(_) => (i8::MIN.into(), i8::MAX.into()),
        Value::SmallInt(_) => (i16::MIN.into(), i16::MAX.into()),
        Value::Int(_) => (i32::MIN.into(), i32::MAX.into()),
        Value::TinyUnsigned(_) => (0, u8::MAX.into()),
        Value::SmallUnsigned(_) => (0, u16::MAX.into()),
        Value::Unsigned(_) => (0, u32::MAX.into()),
        // No database keeps more than this in a column.
        Value::BigUnsigned(_) => (0, i64::MAX),
        Value::BigInt(_) => (i64::MIN, i64::MAX),
        _ => return None,
    })
}

/// The value of the type of `sample` that a JSON value means; nothing if it means none of this
/// type.
pub(crate) fn of_json(sample: &Value, json: &serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    match (sample, json) {
        (_, Json::Null) => Some(sample.as_null()),
        (Value::Json(_), json) => Some(json.clone().into()),
        (Value::String(_), Json::String(text)) => Some(text.as_str().into()),
        (_, Json::String(text)) => parse(sample, text.trim()).ok(),
        (_, Json::Number(_) | Json::Bool(_)) => parse(sample, &json.to_string()).ok(),
        _ => None,
    }
}

/// The JSON value that request types read this one from. SeaORM's own writes moments in the
/// quotation marks of SQL, rounds decimals and panics about bytes.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::ChronoDate(Some(day)) => day.to_string().into(),
        Value::ChronoTime(Some(time)) => time.to_string().into(),
        Value::ChronoDateTime(Some(at)) => at.format(DATETIME).to_string().into(),
        Value::ChronoDateTimeUtc(Some(at)) => at.to_rfc3339().into(),
        Value::ChronoDateTimeWithTimeZone(Some(at)) => at.to_rfc3339().into(),
        Value::Decimal(Some(number)) => number.to_string().into(),
        Value::Bytes(Some(bytes)) => bytes.as_slice().into(),
        other => sea_orm::sea_query::sea_value_to_json_value(other),
    }
}

/// The key that a JSON value means: as a key that is a number, 1.0 is 1.
pub(crate) fn key_of_json(sample: &Value, json: &serde_json::Value) -> Option<Value> {
    let is_number = kind(sample) == Kind::Integer;
    let whole = json.as_f64().filter(|it| is_number && it.fract() == 0.0);
    match whole.filter(|number| json.is_f64() && number.abs() < 9e15) {
        Some(whole) => of_json(sample, &(whole as i64).into()),
        None => of_json(sample, json),
    }
}

/// The kind of values like `sample`.
pub(crate) fn kind(sample: &Value) -> Kind {
    match sample {
        Value::Bool(_) => Kind::Bool,
        Value::TinyInt(_) | Value::SmallInt(_) | Value::Int(_) | Value::BigInt(_) => Kind::Integer,
        Value::TinyUnsigned(_)
        | Value::SmallUnsigned(_)
        | Value::Unsigned(_)
        | Value::BigUnsigned(_) => Kind::Integer,
        Value::Float(_) | Value::Double(_) | Value::Decimal(_) => Kind::Number,
        Value::String(_) | Value::Char(_) | Value::Enum(_) => Kind::Text,
        Value::ChronoDate(_) => Kind::Date,
        Value::ChronoTime(_) => Kind::Time,
        Value::ChronoDateTime(_)
        | Value::ChronoDateTimeUtc(_)
        | Value::ChronoDateTimeWithTimeZone(_) => Kind::DateTime,
        Value::Uuid(_) => Kind::Uuid,
        Value::Json(_) => Kind::Json,
        _ => Kind::Other,
    }
}

/// A value as it is in a form; no value is an empty text. Times of day in UTC.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Bool(value) => show(value.as_ref()),
        Value::TinyInt(value) => show(value.as_ref()),
        Value::SmallInt(value) => show(value.as_ref()),
        Value::Int(value) => show(value.as_ref()),
        Value::BigInt(value) => show(value.as_ref()),
        Value::TinyUnsigned(value) => show(value.as_ref()),
        Value::SmallUnsigned(value) => show(value.as_ref()),
        Value::Unsigned(value) => show(value.as_ref()),
        Value::BigUnsigned(value) => show(value.as_ref()),
        Value::Float(value) => show(value.as_ref()),
        Value::Double(value) => show(value.as_ref()),
        Value::Decimal(value) => show(value.as_ref()),
        Value::String(value) => show(value.as_ref()),
        Value::Char(value) => show(value.as_ref()),
        Value::ChronoDate(value) => show(value.as_ref()),
        Value::ChronoTime(value) => show(value.as_ref()),
        Value::ChronoDateTime(value) => moment(value.as_ref().map(|at| *at)),
        Value::ChronoDateTimeUtc(value) => moment(value.as_ref().map(|at| at.naive_utc())),
        Value::ChronoDateTimeWithTimeZone(value) => moment(value.as_ref().map(|at| at.naive_utc())),
        Value::Uuid(value) => show(value.as_ref()),
        Value::Json(Some(value)) => format!("{value:#}"),
        Value::Bytes(Some(bytes)) => format!("({} bytes)", bytes.len()),
        Value::Enum(sea_orm::sea_query::OptionEnum::Some(value)) => value.value.to_string(),
        _ => String::new(),
    }
}

fn show<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

fn moment(at: Option<NaiveDateTime>) -> String {
    at.map(|at| at.format(DATETIME).to_string())
        .unwrap_or_default()
}

/// The value of the type of `sample` that a text means; no text at all is not a value.
///
/// # Errors
///
/// In Django's words, if the text means nothing of this type.
pub(crate) fn parse(sample: &Value, text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(sample.as_null());
    }
    let whole = "Enter a whole number.";
    let number = "Enter a number.";
    match sample {
        Value::Bool(_) => match text {
            "true" | "on" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err("Select a valid choice.".to_owned()),
        },
        Value::TinyInt(_) => integer(text).map(|n| Value::TinyInt(Some(n))),
        Value::SmallInt(_) => integer(text).map(|n| Value::SmallInt(Some(n))),
        Value::Int(_) => integer(text).map(|n| Value::Int(Some(n))),
        Value::BigInt(_) => integer(text).map(|n| Value::BigInt(Some(n))),
        Value::TinyUnsigned(_) => integer(text).map(|n| Value::TinyUnsigned(Some(n))),
        Value::SmallUnsigned(_) => integer(text).map(|n| Value::SmallUnsigned(Some(n))),
        Value::Unsigned(_) => integer(text).map(|n| Value::Unsigned(Some(n))),
        Value::BigUnsigned(_) => integer(text).map(|n| Value::BigUnsigned(Some(n))),
        Value::Float(_) => parsed::<f32>(text, number).and_then(|n| finite(n.is_finite(), n)),
        Value::Double(_) => parsed::<f64>(text, number).and_then(|n| finite(n.is_finite(), n)),
        Value::Decimal(_) => parsed::<Decimal>(text, number).map(Value::from),
        Value::Char(_) => parsed::<char>(text, "Enter one character.").map(Value::from),
        Value::ChronoDate(_) => parsed::<NaiveDate>(text, "Enter a valid date.").map(Value::from),
        Value::ChronoTime(_) => time(text).map(Value::from),
        Value::ChronoDateTime(_) => datetime(text).map(Value::from),
        Value::ChronoDateTimeUtc(_) => datetime(text).map(|at| at.and_utc().into()),
        Value::ChronoDateTimeWithTimeZone(_) => {
            datetime(text).map(|at| at.and_utc().fixed_offset().into())
        }
        Value::Uuid(_) => parsed::<Uuid>(text, "Enter a valid UUID.").map(Value::from),
        Value::Json(_) => json(text),
        Value::String(_) if text.contains('\0') => {
            Err("Null characters are not allowed.".to_owned())
        }
        Value::String(_) => Ok(text.into()),
        _ => Err(whole.to_owned()),
    }
}

fn parsed<T: FromStr>(text: &str, problem: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| problem.to_owned())
}

fn finite<T: Into<Value>>(is_finite: bool, number: T) -> Result<Value, String> {
    if is_finite {
        Ok(number.into())
    } else {
        Err("Enter a number.".to_owned())
    }
}

/// A number that is whole but does not fit is not told to be no number.
fn integer<T: FromStr>(text: &str) -> Result<T, String> {
    let text = text.trim();
    text.parse().map_err(|_| match text.parse::<i128>() {
        Ok(number) if number < 0 => "Ensure this value is not that small.".to_owned(),
        Ok(_) => "Ensure this value is not that large.".to_owned(),
        Err(_) => "Enter a whole number.".to_owned(),
    })
}

fn time(text: &str) -> Result<NaiveTime, String> {
    let text = text.trim();
    ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
        .ok_or_else(|| "Enter a valid time.".to_owned())
}

fn datetime(text: &str) -> Result<NaiveDateTime, String> {
    let text = text.trim().trim_end_matches('Z').replacen(' ', "T", 1);
    [DATETIME, "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .ok_or_else(|| "Enter a valid date/time.".to_owned())
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str::<serde_json::Value>(text)
        .map(Value::from)
        .map_err(|error| format!("Enter a valid JSON: {error}."))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn what_is_shown_can_be_typed() {
        for (sample, typed) in [
            (Value::Bool(None), "true"),
            (Value::Int(None), "-7"),
            (Value::BigInt(None), "9223372036854775807"),
            (Value::Double(None), "0.5"),
            (Decimal::ZERO.into(), "7.00"),
            (Value::String(None), "  é\n<b> "),
            (NaiveDate::default().into(), "2026-02-28"),
            (NaiveTime::default().into(), "23:59:59"),
            (NaiveDateTime::default().into(), "2026-02-28T23:59:59"),
            (
                DateTime::<Utc>::default().into(),
                "2026-02-28T23:59:59.123456",
            ),
            (Uuid::nil().into(), "67e55044-10b1-426f-9247-bb680e5fe0c8"),
            (
                serde_json::Value::Null.into(),
                "{\n  \"b\": 1,\n  \"a\": []\n}",
            ),
        ] {
            let value = parse(&sample, typed).unwrap();
            assert_eq!(text(&value), typed);
            assert_eq!(
                std::mem::discriminant(&value),
                std::mem::discriminant(&sample)
            );
            assert_eq!(text(&parse(&sample, "").unwrap()), "");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_djangos_words() {
        for (sample, typed, problem) in [
            (Value::Int(None), "1.5", "Enter a whole number."),
            (
                Value::Int(None),
                "3000000000",
                "Ensure this value is not that large.",
            ),
            (
                Value::Unsigned(None),
                "-1",
                "Ensure this value is not that small.",
            ),
            (Value::Double(None), "NaN", "Enter a number."),
            (Decimal::ZERO.into(), "x", "Enter a number."),
            (
                NaiveDate::default().into(),
                "2026-02-29",
                "Enter a valid date.",
            ),
            (NaiveTime::default().into(), "25:00", "Enter a valid time."),
            (
                NaiveDateTime::default().into(),
                "today",
                "Enter a valid date/time.",
            ),
            (Uuid::nil().into(), "x", "Enter a valid UUID."),
            (
                Value::String(None),
                "a\0b",
                "Null characters are not allowed.",
            ),
        ] {
            assert_eq!(parse(&sample, typed), Err(problem.to_owned()), "{typed}");
        }
        let json = parse(&serde_json::Value::Null.into(), "{").unwrap_err();
        assert!(json.starts_with("Enter a valid JSON: "), "{json}");
    }
}
