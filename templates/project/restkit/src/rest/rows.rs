//! The rows of a request.

use std::str::FromStr;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, IntoValueTuple, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityName, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, QueryFilter, Select,
};

use crate::db::is_sqlite;
use crate::model::entity::{Key, model_name};
use crate::model::rows::normalize;
use crate::rest::viewset::{ModelViewSet, Row};
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
    if ctx.is_in_transaction() && !is_sqlite(ctx.db()) {
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
