//! Which rows a request is about.

use std::str::FromStr;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, IntoValueTuple, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityName, EntityTrait, IdenStatic, Iterable, ModelTrait,
    PrimaryKeyToColumn, QueryFilter, Select, Value,
};

use crate::db::Connection;
use crate::rest::columns::Columns;
use crate::rest::viewset::{Entity, Key, ModelViewSet, Row, is_sqlite, model_name};
use crate::{Context, Error, Result};

/// The rows that a request may see: the viewset's, and below a parent only that one's.
pub fn visible<V: ModelViewSet>(ctx: &Context) -> Select<V::Entity> {
    let query = V::queryset(ctx);
    match &ctx.parent {
        Some(parent) => {
            let column = (
                Alias::new(V::Entity::default().table_name()),
                Alias::new(parent.column),
            );
            query.filter(Expr::col(column.into_column_ref()).eq(parent.key.clone()))
        }
        None => query,
    }
}

/// The row with this key, if the request may see it. What writes has it for itself until its end.
///
/// # Errors
///
/// 404 in DRF's words.
pub async fn get<V: ModelViewSet>(ctx: &Context, id: Key<V::Entity>) -> Result<Row<V>> {
    if ctx.is_in_unit() && !is_sqlite(ctx.db()) {
        lock::<V>(ctx, id.clone()).await?;
    }
    let mut query = visible::<V>(ctx);
    for (key, value) in <V::Entity as EntityTrait>::PrimaryKey::iter().zip(id.into_value_tuple()) {
        query = query.filter(key.into_column().eq(value));
    }
    let mut found = query.one(ctx.db()).await?;
    normalize::<V::Entity>(&mut found);
    found.ok_or_else(no_match::<V::Entity>)
}

/// Gives decimals all places of their columns, as PostgreSQL does: SQLite keeps `9.50` as 9.5, and a
/// row is the same whatever it comes from.
pub(super) fn normalize<'r, E: Entity>(rows: impl IntoIterator<Item = &'r mut E::Model>) {
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

/// Whether a table has a row with these values, and without those.
pub(super) async fn exists(
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

/// A statement of its own, since not every query can be one that locks.
async fn lock<V: ModelViewSet>(ctx: &Context, id: Key<V::Entity>) -> Result<()> {
    let mut select = SelectStatement::new();
    select
        .expr(Expr::val(1))
        .from(Alias::new(V::Entity::default().table_name()))
        .lock_exclusive();
    for (key, value) in <V::Entity as EntityTrait>::PrimaryKey::iter().zip(id.into_value_tuple()) {
        select.and_where(Expr::col(Alias::new(key.into_column().as_str())).eq(value));
    }
    ctx.db().query_one(&select).await?;
    Ok(())
}

/// How many of `values` stand in a column whose values differ.
pub(super) async fn count_of(
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

/// The key that a piece of a path means.
///
/// # Errors
///
/// 404; a number that is too large for the key is a key that no row has.
pub(super) fn key<V: ModelViewSet>(text: &str) -> Result<Key<V::Entity>> {
    // Rust takes a plus before a number, URLs do not.
    let is_text = || Key::<V::Entity>::from_str("a").is_ok();
    if text.starts_with('+') && !is_text() {
        return Err(Error::not_found());
    }
    Key::<V::Entity>::from_str(text).map_err(|_| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        match Key::<V::Entity>::from_str("0") {
            Ok(_) if is_number => no_match::<V::Entity>(),
            _ => Error::not_found(),
        }
    })
}

fn no_match<E>() -> Error {
    let model = model_name::<E>();
    Error::NotFound(format!("No {model} matches the given query."))
}
