//! Values that are written as texts: dates, times, UUIDs, decimals.

use serde_json::Value;

use super::is_space;
use crate::serializer::{exact, moment};

/// The types that are written as texts; they are known by what they expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Date,
    Time,
    /// With an offset from UTC, or without one.
    DateTime {
        has_offset: bool,
    },
    Uuid,
    Decimal,
}

impl Written {
    pub fn of(expectation: &str) -> Option<Self> {
        match expectation {
            "a formatted date string" => Some(Self::Date),
            "a formatted time string" => Some(Self::Time),
            "a formatted date and time string" => Some(Self::DateTime { has_offset: false }),
            "an RFC 3339 formatted date and time string" => {
                Some(Self::DateTime { has_offset: true })
            }
            text if text.contains("UUID") => Some(Self::Uuid),
            text if text.contains("Decimal") => Some(Self::Decimal),
            _ => None,
        }
    }

    /// The value as the type itself would write it, if it can be one.
    pub fn read(self, value: &Value) -> Option<String> {
        let text = match value {
            Value::String(_) if exact::text(value).is_some() => {
                let number = exact::text(value).filter(|_| self == Self::Decimal);
                number?.to_owned()
            }
            Value::String(text) => text.trim_matches(is_space).to_owned(),
            Value::Number(number) if self == Self::Decimal => number.to_string(),
            _ => return None,
        };
        match self {
            Self::Date => Some(moment::date(&text)?.to_string()),
            Self::Time => Some(moment::time(&text)?.to_string()),
            Self::DateTime { has_offset: true } => Some(moment::datetime(&text)?.to_rfc3339()),
            Self::DateTime { has_offset: false } => {
                let at = moment::datetime(&text)?.naive_utc();
                Some(at.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
            }
            Self::Uuid => Some(text),
            // Rust's own takes 1_000, which the rules about digits do not know.
            Self::Decimal => Some(text).filter(|text| !text.contains('_')),
        }
    }

    /// DRF's words for what cannot be one.
    pub fn words(self) -> &'static str {
        match self {
            Self::Date => "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
            Self::Time => {
                "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]]."
            }
            Self::DateTime { .. } => {
                "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
            }
            Self::Uuid => "Must be a valid UUID.",
            Self::Decimal => "A valid number is required.",
        }
    }
}
