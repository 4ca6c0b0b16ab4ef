//! Column types as SeaORM's own values: `column_type = "..."` and `ColumnType::Integer.def()`.

use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Type, TypePath};

use super::body::{bare, converted, last, path_of, string, written};
use crate::schema::ColumnType;

const SUPPORTED: &str = "String(StringLen::N(200)), Text, Char(Some(2)), TinyInteger, SmallInteger, \
    Integer, BigInteger, TinyUnsigned, SmallUnsigned, Unsigned, BigUnsigned, Float, Double, \
    Decimal(Some((10, 2))), Money(Some((19, 4))), Boolean, Date, Time, DateTime, Timestamp, \
    TimestampWithTimeZone, Uuid, Json, JsonBinary, Blob, Binary(16), VarBinary(StringLen::N(16)), \
    custom(\"name\")";

const POSTGRES_ONLY: &[&str] = &[
    "Interval", "Year", "Bit", "VarBit", "Array", "Vector", "Cidr", "Inet", "MacAddr", "LTree",
];

/// Reads the string of `column_type = "..."`, which is a value of SeaORM's `ColumnType`.
pub(super) fn from_attribute(text: &LitStr) -> syn::Result<ColumnType> {
    let read = match syn::parse_str::<Expr>(&text.value()) {
        Ok(expression) => from_value(&expression),
        Err(_) => Err(format!(
            "column type `{}` is not valid; supported: {SUPPORTED}",
            text.value()
        )),
    };
    read.map_err(|message| syn::Error::new(text.span(), message))
}

/// Reads a value of SeaORM's `ColumnType`, or the type of a column that a Rust type knows:
/// `Tea::db_type()`, `<Tea as ValueType>::column_type()`. `of_type` knows those.
pub(super) fn from_expression(
    expression: &Expr,
    of_type: &dyn Fn(&Type) -> Result<ColumnType, String>,
) -> Result<ColumnType, String> {
    match converted(expression) {
        Expr::MethodCall(call) if call.method == "get_column_type" || call.method == "def" => {
            from_expression(&call.receiver, of_type)
        }
        Expr::Call(call) => match asked_type(&call.func) {
            Some(asked) if call.args.is_empty() => of_type(&asked),
            _ => from_value(expression),
        },
        other => from_value(other),
    }
}

/// `Tea` in `Tea::db_type` and in `<Tea as ActiveEnum>::db_type`.
fn asked_type(function: &Expr) -> Option<Type> {
    let Expr::Path(ExprPath { qself, path, .. }) = bare(function) else {
        return None;
    };
    if !["db_type", "column_type"].contains(&last(path)?.as_str()) {
        return None;
    }
    if let Some(qself) = qself {
        return Some((*qself.ty).clone());
    }
    let mut path = path.clone();
    path.segments.pop();
    path.segments.pop_punct();
    Some(Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path,
    }))
}

fn from_value(expression: &Expr) -> Result<ColumnType, String> {
    let (name, argument) = match converted(expression) {
        Expr::Path(path) => (last(&path.path), None),
        Expr::Call(call) => (path_of(&call.func).and_then(last), call.args.first()),
        Expr::Struct(value) => (last(&value.path), None),
        _ => (None, None),
    };
    let name = name.unwrap_or_default();
    if POSTGRES_ONLY.contains(&name.as_str()) {
        return Err(format!(
            "only PostgreSQL has `{name}`, and migrations are written for SQLite too; supported: {SUPPORTED}"
        ));
    }
    named(&name, argument).ok_or_else(|| {
        let written = written(expression);
        format!("unknown column type `{written}`; supported: {SUPPORTED}")
    })
}

fn named(name: &str, argument: Option<&Expr>) -> Option<ColumnType> {
    if let Some(argument) = argument {
        return match name {
            "Char" => Some(ColumnType::Char(optional(argument, number)?)),
            "String" => Some(ColumnType::String(length(argument)?)),
            "string" => Some(ColumnType::String(optional(argument, number)?)),
            "VarBinary" => Some(ColumnType::VarBinary(length(argument)?)),
            "var_binary" => Some(ColumnType::VarBinary(Some(number(argument)?))),
            "Binary" => Some(ColumnType::Binary(number(argument)?)),
            "Decimal" => Some(ColumnType::Decimal(optional(argument, pair)?)),
            "Money" => Some(ColumnType::Money(optional(argument, pair)?)),
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
    match bare(expression) {
        Expr::Call(call) if last(path_of(&call.func)?)? == "N" => {
            Some(Some(number(call.args.first()?)?))
        }
        Expr::Path(path) if matches!(last(&path.path)?.as_str(), "Max" | "None") => Some(None),
        _ => None,
    }
}

/// `Some(x)` or `None`; nothing if `read` cannot read x.
fn optional<T>(expression: &Expr, read: fn(&Expr) -> Option<T>) -> Option<Option<T>> {
    match bare(expression) {
        Expr::Call(call) if last(path_of(&call.func)?)? == "Some" => {
            read(call.args.first()?).map(Some)
        }
        Expr::Path(path) if last(&path.path)? == "None" => Some(None),
        _ => None,
    }
}

fn pair(expression: &Expr) -> Option<(u32, u32)> {
    match bare(expression) {
        Expr::Tuple(tuple) if tuple.elems.len() == 2 => {
            Some((number(&tuple.elems[0])?, number(&tuple.elems[1])?))
        }
        _ => None,
    }
}

fn number(expression: &Expr) -> Option<u32> {
    match bare(expression) {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        _ => None,
    }
}
