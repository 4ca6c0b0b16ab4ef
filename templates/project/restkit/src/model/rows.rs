//! Rows as they are in the database.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, Iterable, ModelTrait, Value};

use crate::Result;
use crate::db::Connection;
use crate::model::Entity;
use crate::model::columns::Columns;

/// Gives decimals all places of their columns, as PostgreSQL does: SQLite keeps `9.50` as 9.5, and a
/// row is the same whatever it comes from.
pub(crate) fn normalize<'r, E: Entity>(rows: impl IntoIterator<Item = &'r mut E::Model>) {
    let columns = Columns::of::<E>();
    if columns.all.iter().all(|column| column.decimal.is_none()) {
        return;
    }
    for row in rows {
        for (column, facts) in E::Column::iter().zip(&columns.all) {
            let Some((_, places)) = facts.decimal else {
                continue;
            };
            if let Value::Decimal(Some(mut decimal)) = row.get(column)
                && decimal.scale() < places
            {
                decimal.rescale(places);
                row.set(column, decimal.into());
            }
        }
    }
}

/// Returns what a row has in each of its columns.
pub(crate) fn values<E: Entity>(row: &E::Model) -> Vec<Value> {
    E::Column::iter().map(|column| row.get(column)).collect()
}

/// Returns whether a table has a row with these values, and without those.
pub(crate) async fn exists(
    db: &Connection,
    table: &str,
    with: &[(&str, Value)],
    without: &[(&str, Value)],
) -> Result<bool, DbErr> {
    let mut select = SelectStatement::new();
    select.expr(Expr::val(1)).from(Alias::new(table)).limit(1);
    for (column, value) in with {
        select.and_where(Expr::col(Alias::new(*column)).eq(value.clone()));
    }
    for (column, value) in without {
        select.and_where(Expr::col(Alias::new(*column)).ne(value.clone()));
    }
    Ok(db.query_one(&select).await?.is_some())
}

/// How many of `values` are in a column whose values differ.
pub(crate) async fn count_of(
    db: &Connection,
    table: &str,
    column: &str,
    values: &[Value],
) -> Result<usize> {
    if values.is_empty() {
        return Ok(0);
    }
    let column = Expr::col(Alias::new(column));
    let mut select = SelectStatement::new();
    select
        .expr_as(column.clone().count(), Alias::new("n"))
        .from(Alias::new(table))
        .and_where(column.is_in(values.to_vec()));
    let row = db.query_one(&select).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(usize::try_from(count).unwrap_or_default())
}
