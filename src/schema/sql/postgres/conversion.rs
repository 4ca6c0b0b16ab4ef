//! Values of PostgreSQL that get another type.

use crate::schema::ColumnType;
use crate::schema::sql::quote;

/// The old value as one of the new type, if PostgreSQL knows a way.
pub(super) fn convert(name: &str, from: &ColumnType, to: &ColumnType) -> Option<String> {
    // PostgreSQL converts money only to and from exact numbers.
    let is_money = |column_type: &ColumnType| *column_type == ColumnType::Money(None);
    let exact = match is_money(from) != is_money(to) && Kind::of(to) != Kind::Text {
        true if Kind::of(from) == Kind::Boolean => "::integer::numeric",
        true if Kind::of(from) == Kind::Number => "::numeric",
        _ => "",
    };
    let column = format!("{}{exact}", quote(name));
    let cast = match (from, to) {
        (ColumnType::Enum { .. }, ColumnType::Enum { .. }) => {
            format!("{column}::text::{}", to.postgres())
        }
        _ => format!("{column}::{}", to.postgres()),
    };
    match (Kind::of(from), Kind::of(to)) {
        (Kind::Number, Kind::Boolean) => Some(format!("{column} <> 0")),
        (Kind::Boolean, Kind::Number) if exact.is_empty() => {
            Some(format!("{column}::integer::{}", to.postgres()))
        }
        (Kind::Boolean, Kind::Number) => Some(cast),
        // A cast would cut a text off that is too long: this refuses it.
        (Kind::Text, Kind::Text) if to.postgres().starts_with("varchar(") => {
            Some(format!("{column}::text"))
        }
        (Kind::Text, _) | (_, Kind::Text) => Some(cast),
        (Kind::Moment, Kind::Time) => Some(cast),
        (from, to) => (from == to).then_some(cast),
    }
}

/// Types between which PostgreSQL converts.
#[derive(PartialEq)]
enum Kind {
    Number,
    Boolean,
    Text,
    Moment,
    Time,
    Bytes,
    Json,
    Uuid,
    Enum,
}

impl Kind {
    fn of(column_type: &ColumnType) -> Self {
        match column_type {
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date
            | ColumnType::DateTime
            | ColumnType::Timestamp
            | ColumnType::TimestampWithTimeZone => Self::Moment,
            ColumnType::Time => Self::Time,
            ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => Self::Bytes,
            ColumnType::Json | ColumnType::JsonBinary => Self::Json,
            ColumnType::Uuid => Self::Uuid,
            ColumnType::Enum { .. } => Self::Enum,
            number if number.is_integer() || number.is_fraction() => Self::Number,
            _ => Self::Text,
        }
    }
}
