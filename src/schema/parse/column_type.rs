//! Column types as models write them: `column_type = "..."` and the fields' own types.

use syn::{Expr, ExprLit, GenericArgument, Lit, LitStr, Path, PathArguments, Type, TypePath};

use crate::schema::ColumnType;

const SUPPORTED: &str = "String(StringLen::N(200)), Text, Char(Some(2)), TinyInteger, SmallInteger, \
    Integer, BigInteger, TinyUnsigned, SmallUnsigned, Unsigned, BigUnsigned, Float, Double, \
    Decimal(Some((10, 2))), Money(Some((19, 4))), Boolean, Date, Time, DateTime, Timestamp, \
    TimestampWithTimeZone, Uuid, Json, JsonBinary, Blob, Binary(16), VarBinary(StringLen::N(16)), \
    custom(\"name\")";

const SUPPORTED_RUST: &str = "bool, i8 to i64, u8 to u64, f32, f64, char, String, Vec<u8>, Date, Time, \
    DateTime, DateTimeUtc, DateTimeWithTimeZone, Decimal, Uuid, Json, Option of these, and enums and \
    wrappers in the models' files; or say it with #[sea_orm(column_type = \"...\")]";

const POSTGRES_ONLY: &[&str] = &[
    "Interval", "Year", "Bit", "VarBit", "Array", "Vector", "Cidr", "Inet", "MacAddr", "LTree",
];

/// Reads the string of `column_type = "..."`, which is a value of SeaORM's `ColumnType`.
pub(super) fn from_attribute(text: &LitStr) -> syn::Result<ColumnType> {
    let refuse = |message: String| Err(syn::Error::new(text.span(), message));
    let Ok(expression) = syn::parse_str::<Expr>(&text.value()) else {
        return refuse(format!(
            "column type `{}` is not valid; supported: {SUPPORTED}",
            text.value()
        ));
    };
    let (name, argument) = match &expression {
        Expr::Path(path) => (last(&path.path), None),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => (last(&path.path), call.args.first()),
            _ => (None, None),
        },
        Expr::Struct(value) => (last(&value.path), None),
        _ => (None, None),
    };
    let name = name.unwrap_or_default();
    if POSTGRES_ONLY.contains(&name.as_str()) {
        return refuse(format!(
            "`{name}` exists on PostgreSQL alone, and migrations are written for SQLite too; supported: {SUPPORTED}"
        ));
    }
    match named(&name, argument) {
        Some(column_type) => Ok(column_type),
        None => refuse(format!(
            "unknown column type `{}`; supported: {SUPPORTED}",
            text.value()
        )),
    }
}

fn named(name: &str, argument: Option<&Expr>) -> Option<ColumnType> {
    if let Some(argument) = argument {
        return match name {
            "Char" => Some(ColumnType::Char(optional(argument)?.and_then(number))),
            "String" => Some(ColumnType::String(length(argument)?)),
            "string" => Some(ColumnType::String(optional(argument)?.and_then(number))),
            "VarBinary" => Some(ColumnType::VarBinary(length(argument)?)),
            "var_binary" => Some(ColumnType::VarBinary(Some(number(argument)?))),
            "Binary" => Some(ColumnType::Binary(number(argument)?)),
            "Decimal" => Some(ColumnType::Decimal(optional(argument)?.and_then(pair))),
            "Money" => Some(ColumnType::Money(optional(argument)?.and_then(pair))),
            "Custom" | "custom" => Some(ColumnType::from_sqlite(&string(argument)?)),
            _ => None,
        };
    }
    Some(match name {
        "Text" => ColumnType::Text,
        "Blob" => ColumnType::Blob,
        "TinyInteger" => ColumnType::TinyInteger,
        "SmallInteger" => ColumnType::SmallInteger,
        "Integer" => ColumnType::Integer,
        "BigInteger" => ColumnType::BigInteger,
        "TinyUnsigned" => ColumnType::TinyUnsigned,
        "SmallUnsigned" => ColumnType::SmallUnsigned,
        "Unsigned" => ColumnType::Unsigned,
        "BigUnsigned" => ColumnType::BigUnsigned,
        "Float" => ColumnType::Float,
        "Double" => ColumnType::Double,
        "DateTime" => ColumnType::DateTime,
        "Timestamp" => ColumnType::Timestamp,
        "TimestampWithTimeZone" => ColumnType::TimestampWithTimeZone,
        "Time" => ColumnType::Time,
        "Date" => ColumnType::Date,
        "Boolean" => ColumnType::Boolean,
        "Json" => ColumnType::Json,
        "JsonBinary" => ColumnType::JsonBinary,
        "Uuid" => ColumnType::Uuid,
        _ => return None,
    })
}

/// `StringLen::N(1)`, `StringLen::Max` or `StringLen::None`.
fn length(expression: &Expr) -> Option<Option<u32>> {
    match expression {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if last(&path.path)? == "N" => Some(Some(number(call.args.first()?)?)),
            _ => None,
        },
        Expr::Path(path) if matches!(last(&path.path)?.as_str(), "Max" | "None") => Some(None),
        _ => None,
    }
}

/// `Some(x)` or `None`.
fn optional(expression: &Expr) -> Option<Option<&Expr>> {
    match expression {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.path.is_ident("Some") => Some(call.args.first()),
            _ => None,
        },
        Expr::Path(path) if path.path.is_ident("None") => Some(None),
        _ => None,
    }
}

fn pair(expression: &Expr) -> Option<(u32, u32)> {
    match expression {
        Expr::Tuple(tuple) if tuple.elems.len() == 2 => {
            Some((number(&tuple.elems[0])?, number(&tuple.elems[1])?))
        }
        _ => None,
    }
}

fn number(expression: &Expr) -> Option<u32> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        _ => None,
    }
}

/// `"text"`, with or without a conversion such as `.into()` behind it.
fn string(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        Expr::MethodCall(call) => string(&call.receiver),
        _ => None,
    }
}

fn last(path: &Path) -> Option<String> {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// What `Option<T>` wraps, if `field_type` is one.
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

/// The column type that a field's type stands for; `own` knows the user's types by name.
pub(super) fn from_rust(
    field_type: &Type,
    own: &dyn Fn(&str) -> Option<ColumnType>,
) -> syn::Result<ColumnType> {
    let found = match field_type {
        Type::Path(path) => from_path(path, own),
        _ => None,
    };
    found.ok_or_else(|| {
        let name = written(field_type);
        let span = syn::spanned::Spanned::span(field_type);
        syn::Error::new(
            span,
            match name.starts_with("Vec<") {
                true => format!(
                    "`{name}` is a list, which PostgreSQL alone can keep, and migrations are written for \
                     SQLite too; use Json"
                ),
                false => format!("unknown field type `{name}`; supported: {SUPPORTED_RUST}"),
            },
        )
    })
}

fn from_path(path: &TypePath, own: &dyn Fn(&str) -> Option<ColumnType>) -> Option<ColumnType> {
    let name = last(&path.path)?;
    if let Some(Type::Path(inner)) = generic(path, "Vec") {
        return (last(&inner.path)? == "u8").then_some(ColumnType::VarBinary(None));
    }
    if generic(path, "DateTime").is_some() {
        return Some(ColumnType::TimestampWithTimeZone);
    }
    if !path.path.segments.last()?.arguments.is_none() {
        return None;
    }
    own(&name).or_else(|| from_name(&name, &path.path))
}

fn from_name(name: &str, path: &Path) -> Option<ColumnType> {
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
        "Hyphenated" | "Simple" | "Braced" | "Urn" if is_within(path, "fmt") => ColumnType::Uuid,
        "Json" | "JsonValue" => ColumnType::Json,
        // `Value` alone is SeaORM's own.
        "Value" if path.segments.len() > 1 => ColumnType::Json,
        _ => return None,
    })
}

/// Whether the path goes through a module `module`.
fn is_within(path: &Path, module: &str) -> bool {
    path.segments.iter().any(|segment| segment.ident == module)
}

/// A type as it is written.
fn written(field_type: &Type) -> String {
    syn::spanned::Spanned::span(field_type)
        .source_text()
        .unwrap_or_default()
}
