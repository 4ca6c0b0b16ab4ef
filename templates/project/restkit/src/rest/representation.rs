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
///
/// ```
/// # use restkit::prelude::*;
/// # mod note {
/// #     use sea_orm::entity::prelude::*;
/// #     #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
/// #     #[sea_orm(table_name = "note")]
/// #     pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub text: String }
/// #     #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
/// #     pub enum Relation {}
/// #     impl ActiveModelBehavior for ActiveModel {}
/// # }
/// #[derive(Serialize, JsonSchema)]
/// struct NoteResponse {
///     text: String,
///     notes: u64,
/// }
///
/// impl Representation<note::Entity> for NoteResponse {
///     async fn of(ctx: &Context, rows: Vec<note::Model>) -> Result<Vec<Self>> {
///         // One query for all rows.
///         let notes = note::Entity::find().count(ctx.db()).await?;
///         let shown = rows.into_iter().map(|note| Self { text: note.text, notes });
///         Ok(shown.collect())
///     }
/// }
/// ```
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
