//! The Rust types that a field can have, and the column types that they stand for.

use syn::{GenericArgument, PathArguments, Type, TypePath};

use super::body::{last, written};
use super::user_types::Scope;
use crate::nearest::intended;
use crate::schema::ColumnType;

const SUPPORTED: &str = "bool, i8 to i64, u8 to u64, f32, f64, char, String, Vec<u8>, Date, Time, \
    DateTime, DateTimeUtc, DateTimeWithTimeZone, Decimal, Uuid, Json, Option of these, and enums and \
    wrappers in the models' files; or say it with #[sea_orm(column_type = \"...\")]";

const NAMES: &[&str] = &[
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "f32",
    "f64",
    "char",
    "String",
    "Date",
    "Time",
    "DateTime",
    "DateTimeUtc",
    "DateTimeWithTimeZone",
    "Decimal",
    "Uuid",
    "Json",
];

const POSTGRES_ONLY: &[&str] = &[
    "PgVector",
    "IpNetwork",
    "IpAddr",
    "MacAddress",
    "PgInterval",
];

/// Returns the `T` of `Option<T>`. SeaORM's derive knows it only by this name, and makes
/// `std::option::Option<T>` NOT NULL, which no program could use: here both are the same.
pub(super) fn optional_type(field_type: &Type) -> Option<&Type> {
    match field_type {
        Type::Path(path) => generic(path, "Option"),
        _ => None,
    }
}

fn generic<'a>(path: &'a TypePath, name: &str) -> Option<&'a Type> {
    let segment = path.path.segments.last().filter(|it| it.ident == name)?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The column type that `field_type` stands for where it is written.
///
/// # Errors
///
/// If it stands for none, in words without a place.
pub(super) fn column_type(field_type: &Type, scope: &Scope<'_, '_>) -> Result<ColumnType, String> {
    if let Type::Path(path) = field_type
        && let Some(found) = from_path(path, scope)?
    {
        return Ok(found);
    }
    let name = written(field_type);
    Err(match field_type {
        Type::Path(path) if generic(path, "Vec").is_some() => format!(
            "`{name}` is a list, which only PostgreSQL can keep, and migrations are written for \
             SQLite too; use Json"
        ),
        Type::Path(path) if last(&path.path).is_some_and(|it| POSTGRES_ONLY.contains(&&*it)) => {
            format!(
                "only PostgreSQL can keep `{name}`, and migrations are written for SQLite too; \
                 supported: {SUPPORTED}"
            )
        }
        _ => match intended(&name, NAMES) {
            Some(known) => format!("unknown field type `{name}`; did you mean `{known}`?"),
            None => format!("unknown field type `{name}`; supported: {SUPPORTED}"),
        },
    })
}

fn from_path(path: &TypePath, scope: &Scope<'_, '_>) -> Result<Option<ColumnType>, String> {
    if let Some(Type::Path(inner)) = generic(path, "Vec") {
        let is_bytes = inner.path.is_ident("u8");
        return Ok(is_bytes.then_some(ColumnType::VarBinary(None)));
    }
    if generic(path, "DateTime").is_some() {
        return Ok(Some(ColumnType::TimestampWithTimeZone));
    }
    let plain = path.path.segments.last();
    if plain.is_none_or(|segment| !segment.arguments.is_none()) {
        return Ok(None);
    }
    scope.column_type(&path.path)
}

/// The column type of a type that SeaORM knows, by the last name of its path.
pub(super) fn known(name: &str, path: &[String]) -> Option<ColumnType> {
    if let Some(integer) = ColumnType::from_rust_integer(name) {
        return Some(integer);
    }
    Some(match name {
        "bool" => ColumnType::Boolean,
        "f32" => ColumnType::Float,
        "f64" => ColumnType::Double,
        "char" => ColumnType::Char(None),
        "String" | "TextUuid" => ColumnType::String(None),
        "Date" | "ChronoDate" | "NaiveDate" | "TimeDate" => ColumnType::Date,
        "Time" | "ChronoTime" | "NaiveTime" | "TimeTime" => ColumnType::Time,
        "DateTime" | "ChronoDateTime" | "NaiveDateTime" | "TimeDateTime" | "PrimitiveDateTime" => {
            ColumnType::DateTime
        }
        "DateTimeUtc"
        | "DateTimeLocal"
        | "DateTimeWithTimeZone"
        | "ChronoDateTimeUtc"
        | "ChronoDateTimeLocal"
        | "ChronoDateTimeWithTimeZone"
        | "TimeDateTimeWithTimeZone"
        | "OffsetDateTime" => ColumnType::TimestampWithTimeZone,
        "ChronoUnixTimestamp"
        | "ChronoUnixTimestampMillis"
        | "TimeUnixTimestamp"
        | "TimeUnixTimestampMillis" => ColumnType::BigInteger,
        "Decimal" | "BigDecimal" => ColumnType::Decimal(None),
        "Uuid" => ColumnType::Uuid,
        "Hyphenated" | "Simple" | "Braced" | "Urn" if path.iter().any(|it| it == "fmt") => {
            ColumnType::Uuid
        }
        "Json" | "JsonValue" => ColumnType::Json,
        // Only `Value` is SeaORM's own.
        "Value" if path.len() > 1 => ColumnType::Json,
        _ => return None,
    })
}
