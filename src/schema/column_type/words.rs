//! Types in words, for messages.

use std::fmt;

use super::ColumnType;

/// Describes the contents of such a column, for example "text of up to 200 characters".
impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(None) => f.write_str("single characters"),
            Self::Char(Some(n)) => write!(f, "text of {n} characters"),
            Self::String(Some(n)) => write!(f, "text of up to {n} characters"),
            Self::String(None) | Self::Text => f.write_str("text"),
            Self::Float => f.write_str("numbers (f32)"),
            Self::Double => f.write_str("numbers (f64)"),
            Self::Decimal(None) => f.write_str("decimal numbers"),
            Self::Money(None) => f.write_str("sums of money"),
            Self::Decimal(Some((digits, after))) | Self::Money(Some((digits, after))) => {
                write!(
                    f,
                    "decimal numbers of {digits} digits, {after} of them after the point"
                )
            }
            Self::DateTime | Self::Timestamp => f.write_str("dates with a time"),
            Self::TimestampWithTimeZone => f.write_str("dates with a time and its zone"),
            Self::Time => f.write_str("times"),
            Self::Date => f.write_str("dates"),
            Self::Blob | Self::VarBinary(None) => f.write_str("bytes"),
            Self::Binary(n) => write!(f, "{n} bytes"),
            Self::VarBinary(Some(n)) => write!(f, "up to {n} bytes"),
            Self::Boolean => f.write_str("true or false"),
            Self::Json | Self::JsonBinary => f.write_str("JSON"),
            Self::Uuid => f.write_str("UUIDs"),
            Self::Enum { name, .. } => write!(f, "values of the enum `{name}`"),
            Self::Custom(name) => write!(f, "`{name}`"),
            number => write!(
                f,
                "whole numbers ({})",
                number.rust_integer().unwrap_or("i64")
            ),
        }
    }
}
