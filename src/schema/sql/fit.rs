//! Values of SQLite that get another type: PostgreSQL converts them or refuses, SQLite would keep
//! whatever there is.

use super::quote;
use crate::schema::ColumnType;
use crate::schema::operation::holds_all_of;

/// The value of the column `name`, of the type `from`, as one of the type `to`.
pub(super) fn converted(name: &str, from: &ColumnType, to: &ColumnType) -> String {
    use Kind as K;
    let value = quote(name);
    match (Kind::of(from), Kind::of(to)) {
        _ if from == to => value,
        (K::Boolean, K::Text(_)) => {
            format!("CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")
        }
        (K::Integer(..) | K::Fraction, K::Boolean) => format!("{value} <> 0"),
        (K::Text(_), K::Boolean) => format!(
            "CASE WHEN lower(trim({value})) IN ('t', 'true', 'y', 'yes', 'on', '1') THEN 1 \
             WHEN lower(trim({value})) IN ('f', 'false', 'n', 'no', 'off', '0') THEN 0 ELSE {value} END"
        ),
        (K::Fraction, K::Integer(..)) => format!("CAST(round({value}) AS integer)"),
        (K::Text(_), K::Uuid) => format!("coalesce(unhex(replace({value}, '-', '')), {value})"),
        (K::Uuid, K::Text(_)) => {
            let part = |start: u8, length: u8| format!("substr(hex({value}), {start}, {length})");
            let parts = [
                part(1, 8),
                part(9, 4),
                part(13, 4),
                part(17, 4),
                part(21, 12),
            ];
            format!("lower({})", parts.join(" || '-' || "))
        }
        (K::Moment, K::Date) => format!("date({value})"),
        (K::Moment, K::Time) => format!("time({value})"),
        (K::Date, K::Moment) => format!("{value} || ' 00:00:00'"),
        _ => value,
    }
}

/// The statements that refuse rows of `table` in which the column `name` of `original` has a value that
/// is none of its new type.
pub(super) fn check(
    (table, original): (&str, &str),
    name: &str,
    from: &ColumnType,
    to: &ColumnType,
) -> Vec<String> {
    let value = quote(name);
    let misfit = match Kind::of(to) {
        _ if holds_all_of(to, from) => return Vec::new(),
        Kind::Integer(least, greatest) => {
            format!("typeof({value}) <> 'integer' OR {value} NOT BETWEEN {least} AND {greatest}")
        }
        Kind::Fraction => format!("typeof({value}) NOT IN ('integer', 'real')"),
        Kind::Boolean => format!("{value} NOT IN (0, 1)"),
        Kind::Text(Some(length)) => format!("length({value}) > {length}"),
        Kind::Date => format!("date({value}) IS NOT {value}"),
        Kind::Time => format!("time({value}) IS NULL"),
        Kind::Moment => format!("datetime({value}) IS NULL"),
        Kind::Uuid => format!("typeof({value}) <> 'blob' OR length({value}) <> 16"),
        Kind::Json => format!("NOT json_valid({value})"),
        Kind::Text(None) | Kind::Other => return Vec::new(),
    };
    let words = format!("a value of {original}.{name} is none of its new type, {to}");
    let words = quote(&words.replace('`', ""));
    vec![
        format!(
            "-- PostgreSQL refuses values that do not fit, and so does this.\n\
             CREATE TEMP TABLE \"_misfits\" (\n    \"row\" integer CONSTRAINT {words} CHECK (FALSE)\n);"
        ),
        format!(
            "INSERT INTO \"_misfits\" SELECT 0 FROM {} WHERE {value} IS NOT NULL AND ({misfit});",
            quote(table)
        ),
        "DROP TABLE \"_misfits\";".to_owned(),
    ]
}

/// Types that SQLite's values are alike in.
enum Kind {
    /// From the least to the greatest.
    Integer(i64, i64),
    Fraction,
    Boolean,
    /// Of at most so many letters.
    Text(Option<u32>),
    Date,
    Time,
    Moment,
    Uuid,
    Json,
    Other,
}

impl Kind {
    fn of(column_type: &ColumnType) -> Self {
        use ColumnType as C;
        if let Some(rust) = column_type.rust_integer() {
            let bits: u32 = rust[1..].parse().unwrap_or(64);
            if rust.starts_with('u') {
                // SQLite has no room for the upper half of u64.
                return Self::Integer(0, i64::MAX >> 63_u32.saturating_sub(bits));
            }
            return Self::Integer(i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
        }
        match column_type {
            C::Float | C::Double | C::Decimal(_) | C::Money(_) => Self::Fraction,
            C::Boolean => Self::Boolean,
            C::Char(None) => Self::Text(Some(1)),
            C::Char(Some(n)) | C::String(Some(n)) => Self::Text(Some(*n)),
            C::String(None) | C::Text => Self::Text(None),
            C::Date => Self::Date,
            C::Time => Self::Time,
            C::DateTime | C::Timestamp | C::TimestampWithTimeZone => Self::Moment,
            C::Uuid => Self::Uuid,
            C::Json | C::JsonBinary => Self::Json,
            _ => Self::Other,
        }
    }
}
