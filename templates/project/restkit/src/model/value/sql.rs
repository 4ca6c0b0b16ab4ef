//! Columns of PostgreSQL's own enums in SQL: such a type compares with nothing but itself.

use sea_orm::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait};

use crate::model::value::Kind;

/// A column as a text. `enum_name` is that of the database's type, if that is an enum.
pub(crate) fn as_text(column: Expr, kind: Kind, enum_name: Option<&str>) -> Expr {
    match (kind, enum_name) {
        (Kind::Text, None) => column,
        _ => column.cast_as("text"),
    }
}

/// A value to compare such a column with. One that the enum does not have is an error of the database.
pub(crate) fn bound(value: Value, enum_name: Option<&str>) -> Expr {
    match enum_name {
        Some(name) => Expr::val(value).as_enum(Alias::new(name)),
        None => Expr::val(value),
    }
}
