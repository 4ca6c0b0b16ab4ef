//! `default_value` and `default_expr`.

use proc_macro2::Span;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::attribute::{Word, find, find_string};
use super::body::{bare, converted, last, path_of, string};
use crate::schema::{ColumnType, DefaultValue, Dialect};

const SUPPORTED: &str = "Expr::current_timestamp(), Expr::current_date(), Expr::current_time(), Expr::value(1), Expr::cust(\"SQL\")";

/// The word for `.default(...)` in code, which no attribute has.
pub(super) const AS_CODE: &str = ".default";

/// The default that a field's words say it has.
pub(super) fn read(words: &[Word], column_type: &ColumnType) -> syn::Result<Option<DefaultValue>> {
    let mut said = words
        .iter()
        .filter(|word| ["default_value", "default_expr", AS_CODE].contains(&&*word.name));
    if let (Some(_), Some(word)) = (said.next(), said.next()) {
        return Err(word.error("a column has one default: default_value or default_expr"));
    }
    if let Some(word) = find(words, "default_value") {
        let value = word.value.as_ref().and_then(from_value);
        let value = value.ok_or_else(|| {
            word.error("write default_value = with a number, a string, true or false")
        })?;
        return checked(value, column_type, word.span).map(Some);
    }
    if let Some(word) = find(words, AS_CODE) {
        let value = word
            .value
            .as_ref()
            .and_then(|value| from_expression(value, column_type));
        let value = value.ok_or_else(|| {
            word.error(format!(
                "this default cannot be read; supported: {SUPPORTED}"
            ))
        })?;
        return checked(value, column_type, word.span).map(Some);
    }
    let Some(text) = find_string(words, "default_expr")? else {
        return Ok(None);
    };
    let read = syn::parse_str::<Expr>(&text.value())
        .ok()
        .and_then(|expression| from_expression(&expression, column_type));
    let value = read.ok_or_else(|| {
        syn::Error::new(
            text.span(),
            format!(
                "unknown expression `{}`; supported: {SUPPORTED}",
                text.value()
            ),
        )
    })?;
    checked(value, column_type, text.span()).map(Some)
}

fn checked(value: DefaultValue, column_type: &ColumnType, span: Span) -> syn::Result<DefaultValue> {
    let wrong = |hint: String| {
        let value = value.sql(column_type, Dialect::Postgres);
        // `now` is for the command line.
        let hint = str::replace(
            &hint,
            "`now` or",
            "default_expr = \"Expr::current_timestamp()\" or",
        );
        let message = format!("{value} cannot be the default of a column of {column_type}: {hint}");
        syn::Error::new(span, message)
    };
    value.check(column_type).map_err(wrong)?;
    Ok(value)
}

/// A literal, with or without a minus before it.
fn from_value(value: &Expr) -> Option<DefaultValue> {
    match converted(value) {
        Expr::Lit(literal) => from_literal(&literal.lit, false),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match bare(expr) {
            Expr::Lit(ExprLit {
                lit: lit @ (Lit::Int(_) | Lit::Float(_)),
                ..
            }) => from_literal(lit, true),
            _ => None,
        },
        _ => None,
    }
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
    let Expr::Call(call) = converted(expression) else {
        return from_value(expression);
    };
    match last(path_of(&call.func)?)?.as_str() {
        "current_timestamp" => Some(DefaultValue::CurrentTimestamp),
        "current_date" => Some(DefaultValue::CurrentDate),
        "current_time" => Some(DefaultValue::CurrentTime),
        "value" | "val" => from_expression(call.args.first()?, column_type),
        "cust" => {
            let sql = string(call.args.first()?)?;
            Some(DefaultValue::from_sql(&sql, column_type))
        }
        _ => None,
    }
}
