//! `default_value` and `default_expr`.

use syn::{Expr, ExprLit, Lit};

use super::attribute::{Word, find, find_string};
use crate::schema::{ColumnType, DefaultValue, Dialect};

const SUPPORTED: &str = "Expr::current_timestamp(), Expr::current_date(), Expr::current_time(), Expr::value(1), Expr::cust(\"SQL\")";

/// The default that a field's words say it has.
pub(super) fn read(words: &[Word], column_type: &ColumnType) -> syn::Result<Option<DefaultValue>> {
    if let (Some(_), Some(word)) = (find(words, "default_value"), find(words, "default_expr")) {
        return Err(word.error("a column has one default: default_value or default_expr"));
    }
    if let Some(word) = find(words, "default_value") {
        let value = word
            .literal()
            .and_then(|(literal, minus)| from_literal(literal, minus));
        let value = value.ok_or_else(|| {
            word.error("write default_value = with a number, a string, true or false")
        })?;
        return match value.check(column_type) {
            Ok(()) => Ok(Some(value)),
            Err(hint) => Err(word.error(format!(
                "{} cannot be the default of a column of type {column_type:?}: {hint}",
                value.sql(column_type, Dialect::Postgres)
            ))),
        };
    }
    let Some(text) = find_string(words, "default_expr")? else {
        return Ok(None);
    };
    let read = syn::parse_str::<Expr>(&text.value())
        .ok()
        .and_then(|expression| from_expression(&expression, column_type));
    let refuse = || {
        syn::Error::new(
            text.span(),
            format!(
                "unknown expression `{}`; supported: {SUPPORTED}",
                text.value()
            ),
        )
    };
    read.map(Some).ok_or_else(refuse)
}

fn from_literal(literal: &Lit, minus: bool) -> Option<DefaultValue> {
    let sign = if minus { "-" } else { "" };
    match literal {
        Lit::Bool(value) => Some(DefaultValue::Boolean(value.value())),
        Lit::Int(number) => Some(DefaultValue::Number(format!(
            "{sign}{}",
            number.base10_digits()
        ))),
        Lit::Float(number) => Some(DefaultValue::Number(format!(
            "{sign}{}",
            number.base10_digits()
        ))),
        Lit::Str(text) => Some(DefaultValue::Text(text.value())),
        Lit::Char(letter) => Some(DefaultValue::Text(letter.value().to_string())),
        _ => None,
    }
}

fn from_expression(expression: &Expr, column_type: &ColumnType) -> Option<DefaultValue> {
    let call = match expression {
        Expr::Call(call) => call,
        Expr::MethodCall(call) => return from_expression(&call.receiver, column_type),
        Expr::Lit(ExprLit { lit, .. }) => return from_literal(lit, false),
        _ => return None,
    };
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "current_timestamp" => Some(DefaultValue::CurrentTimestamp),
        "current_date" => Some(DefaultValue::CurrentDate),
        "current_time" => Some(DefaultValue::CurrentTime),
        "value" | "val" => from_expression(call.args.first()?, column_type),
        "cust" => match call.args.first()? {
            Expr::Lit(ExprLit {
                lit: Lit::Str(sql), ..
            }) => Some(DefaultValue::from_sql(&sql.value(), column_type)),
            _ => None,
        },
        _ => None,
    }
}
