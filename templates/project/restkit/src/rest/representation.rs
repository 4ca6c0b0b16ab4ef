//! From rows to what clients see.

use std::future::Future;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Entity;
use crate::{Context, Result};

/// A type that shows rows of an entity.
///
/// For a type that is made of a single row, implement `From<Model>`. One that shows related rows,
/// too, implements this: it gets all rows of a page at once, so that it needs one query a relation
/// and not one a row.
pub trait Representation<E: Entity>: Serialize + JsonSchema + Send + Sized + 'static {
    /// The rows as clients see them, in the same order.
    fn of(ctx: &Context, rows: Vec<E::Model>) -> impl Future<Output = Result<Vec<Self>>> + Send;
}

impl<E: Entity, T> Representation<E> for T
where
    T: From<E::Model> + Serialize + JsonSchema + Send + 'static,
{
    async fn of(_ctx: &Context, rows: Vec<E::Model>) -> Result<Vec<Self>> {
        Ok(rows.into_iter().map(Into::into).collect())
    }
}
