//! Reads the values of filters; mistakes are told in django-filter's words.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use sea_orm::Value;
use sea_orm::prelude::Decimal;

use crate::model::Column;
use crate::model::value::Kind;
use crate::model::value::{self, integer_range};
use crate::serializer::moment;

/// Longer texts are not looked for: databases refuse long patterns.
const MAX_LENGTH: usize = 1000;

/// The most values that one list may have.
const MAX_ITEMS: usize = 1000;

/// The value of the column's type that `text` means.
///
/// # Errors
///
/// In django-filter's words, if it means none.
pub(crate) fn parse(column: &Column, text: &str) -> Result<Value, String> {
    let text = text.trim();
    let value = match column.kind {
        Kind::Integer if column.refers.is_some() => {
            integer(&column.null, text).map_err(|_| no_row())
        }
        _ if column.refers.is_some() => value::parse(&column.null, text).map_err(|_| no_row()),
        Kind::Bool => boolean(text).map(Value::from),
        Kind::Integer => integer(&column.null, text),
        Kind::Number => number(&column.null, text),
        Kind::Date => date(text).map(Value::from),
        Kind::DateTime => datetime(text).and_then(|at| of_moment(&column.null, at)),
        Kind::Time => time(text).map(Value::from),
        Kind::Uuid => value::parse(&column.null, text),
        Kind::Text if matches!(column.null, Value::Char(_)) => value::parse(&column.null, text),
        Kind::Text | Kind::Json | Kind::Other => plain(text).map(Value::from),
    }?;
    let is_typed = !matches!(column.kind, Kind::Json | Kind::Other);
    if is_typed && !column.takes(value.clone()) {
        Err(format!(
            "Select a valid choice. {text} is not one of the available choices."
        ))
    } else {
        Ok(value)
    }
}

/// The message for a row that does not exist.
pub(super) fn no_row() -> String {
    "Select a valid choice. That choice is not one of the available choices.".to_owned()
}

/// The values of a list with commas; empty places in it count for nothing.
///
/// # Errors
///
/// If one of them means nothing, or there are too many.
pub(super) fn parse_list(column: &Column, text: &str) -> Result<Vec<Value>, String> {
    let items: Vec<_> = text.split(',').filter(|item| !item.is_empty()).collect();
    if items.len() > MAX_ITEMS {
        let many = items.len();
        return Err(format!(
            "Ensure this list has at most {MAX_ITEMS} items (it has {many})."
        ));
    }
    items.into_iter().map(|item| parse(column, item)).collect()
}

/// A piece of text.
///
/// # Errors
///
/// If no database takes it.
pub(super) fn plain(text: &str) -> Result<&str, String> {
    let length = text.chars().count();
    if text.contains('\0') {
        Err("Null characters are not allowed.".to_owned())
    } else if length > MAX_LENGTH {
        Err(format!(
            "Ensure this value has at most {MAX_LENGTH} characters (it has {length})."
        ))
    } else {
        Ok(text)
    }
}

/// Yes or no.
///
/// # Errors
///
/// django-filter takes other words for no filter at all; here they are a mistake.
pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("Must be a valid boolean.".to_owned()),
    }
}

/// A whole number from `min` to `max`.
///
/// # Errors
///
/// If it is none, or beyond these.
pub(super) fn whole(text: &str, min: i64, max: i64) -> Result<i64, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let too_small = || format!("Ensure this value is greater than or equal to {min}.");
    let too_large = || format!("Ensure this value is less than or equal to {max}.");
    match text.parse::<i64>() {
        Ok(number) if number < min => Err(too_small()),
        Ok(number) if number > max => Err(too_large()),
        Ok(number) => Ok(number),
        Err(_) if is_whole && text.starts_with('-') => Err(too_small()),
        Err(_) if is_whole => Err(too_large()),
        Err(_) => Err(not_whole(text)),
    }
}

fn not_whole(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => "Enter a whole number.".to_owned(),
        _ => not_a_number(),
    }
}

fn not_a_number() -> String {
    "Enter a number.".to_owned()
}

fn integer(null: &Value, text: &str) -> Result<Value, String> {
    let (min, max) = integer_range(null).ok_or_else(not_a_number)?;
    let number = whole(text, min, max)?;
    value::parse(null, &number.to_string())
}

fn number(null: &Value, text: &str) -> Result<Value, String> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !text.bytes().all(is_plain) {
        return Err(not_a_number());
    }
    let Value::Decimal(_) = null else {
        return value::parse(null, text);
    };
    let decimal = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
    match decimal {
        Ok(decimal) => Ok(decimal.into()),
        Err(_) if text.parse::<f64>().is_ok() => {
            Err("Ensure that there are no more than 28 digits in total.".to_owned())
        }
        Err(_) => Err(not_a_number()),
    }
}

/// A day of the years that have four digits.
///
/// # Errors
///
/// If it is none.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    moment::date(text).ok_or_else(|| "Enter a valid date.".to_owned())
}

/// A moment in UTC; a day alone is its first moment. A `+` that was not written as `%2B` has
/// become a space on its way.
fn datetime(text: &str) -> Result<NaiveDateTime, String> {
    let repaired = || {
        let (moment, offset) = text.rsplit_once(' ')?;
        moment::datetime(&format!("{moment}+{offset}"))
    };
    let at = moment::datetime(text).or_else(repaired);
    at.map(|at| at.naive_utc())
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| "Enter a valid date/time.".to_owned())
}

fn time(text: &str) -> Result<NaiveTime, String> {
    moment::time(text).ok_or_else(|| "Enter a valid time.".to_owned())
}

/// A moment as a value of the column's type.
///
/// # Errors
///
/// If the column is for something else.
pub(super) fn of_moment(null: &Value, at: NaiveDateTime) -> Result<Value, String> {
    match null {
        Value::ChronoDate(_) => Ok(at.date().into()),
        Value::ChronoDateTime(_) => Ok(at.into()),
        Value::ChronoDateTimeUtc(_) => Ok(at.and_utc().into()),
        Value::ChronoDateTimeWithTimeZone(_) => Ok(at.and_utc().fixed_offset().into()),
        _ => Err("Enter a valid date/time.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn column(null: Value) -> Column {
        Column {
            takes: |_, value| value != Value::from("drama"),
            ..Column::plain("book", "it", null)
        }
    }

    #[track_caller]
    fn refused(null: Value, text: &str, words: &str) {
        assert_eq!(parse(&column(null), text), Err(words.to_owned()), "{text}");
    }

    #[track_caller]
    fn taken(null: Value, text: &str, value: impl Into<Value>) {
        assert_eq!(parse(&column(null), text), Ok(value.into()), "{text}");
    }

    #[test]
    fn numbers() {
        taken(Value::Int(None), " +7 ", 7);
        refused(Value::Int(None), "x", "Enter a number.");
        refused(Value::Int(None), "1.5", "Enter a whole number.");
        for huge in ["2147483648", &"9".repeat(100)] {
            let words = "Ensure this value is less than or equal to 2147483647.";
            refused(Value::Int(None), huge, words);
        }
        let words = "Ensure this value is less than or equal to 9223372036854775807.";
        refused(Value::BigUnsigned(None), &u64::MAX.to_string(), words);
        let words = "Ensure this value is greater than or equal to 0.";
        refused(Value::Unsigned(None), "-1", words);
        for wrong in ["NaN", "inf", "1e400", "0x1", "1_000", "--1", "e"] {
            refused(Value::Double(None), wrong, "Enter a number.");
        }
        taken(Value::Double(None), "1e3", 1000.0);
        taken(Value::Decimal(None), "7.50", Decimal::new(750, 2));
        taken(Value::Decimal(None), "1e2", Decimal::new(100, 0));
        refused(Value::Decimal(None), "1_0", "Enter a number.");
        let words = "Ensure that there are no more than 28 digits in total.";
        refused(Value::Decimal(None), &"9".repeat(40), words);
        refused(Value::Decimal(None), "1e400", words);
    }

    #[test]
    fn texts() {
        taken(Value::String(None), " a ", "a");
        refused(
            Value::String(None),
            "a\0",
            "Null characters are not allowed.",
        );
        let words = "Select a valid choice. drama is not one of the available choices.";
        refused(Value::String(None), "drama", words);
        let words = "Ensure this value has at most 1000 characters (it has 1001).";
        refused(Value::String(None), &"é".repeat(1001), words);
        let many = parse_list(&column(Value::Int(None)), &"1,".repeat(1001));
        assert!(many.unwrap_err().contains("at most 1000 items"));
        let some = parse_list(&column(Value::Int(None)), "1,, 2,");
        assert_eq!(some, Ok(vec![1.into(), 2.into()]));
    }

    #[test]
    fn booleans() {
        for (text, value) in [
            ("true", true),
            ("True", true),
            ("1", true),
            ("False", false),
        ] {
            taken(Value::Bool(None), text, value);
        }
        refused(Value::Bool(None), "yes", "Must be a valid boolean.");
    }

    #[test]
    fn days_and_moments() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        taken(Value::ChronoDate(None), "2024-02-29", day);
        for wrong in [
            "2023-02-29",
            "+12024-01-01",
            "0000-01-01",
            "1.2.2024",
            "now",
        ] {
            refused(Value::ChronoDate(None), wrong, "Enter a valid date.");
        }
        let null = || Value::ChronoDateTimeUtc(None);
        let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
        for text in [
            "2024-02-29T12:00:00Z",
            "2024-02-29 12:00",
            "2024-02-29T14:00:00+02:00",
            "2024-02-29T14:00:00 02:00",
            "2024-02-29T14:00 0200",
        ] {
            taken(null(), text, noon);
        }
        let start = DateTime::<Utc>::from_naive_utc_and_offset(day.into(), Utc);
        taken(null(), "2024-02-29", start);
        for wrong in [
            "today",
            "2024-02-30T00:00",
            "9999-12-31T23:59:59-01:00",
            " ",
        ] {
            refused(null(), wrong, "Enter a valid date/time.");
        }
    }

    #[test]
    fn keys_of_other_rows() {
        let mut column = column(Value::BigInt(None));
        column.refers = Some(("author".to_owned(), "id".to_owned()));
        assert_eq!(parse(&column, "x"), Err(no_row()));
        assert_eq!(parse(&column, "7"), Ok(7_i64.into()));
    }
}
