//! Entities whose rows have one key, and what they are called.

use sea_orm::sea_query::IntoValueTuple;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    ModelTrait, PrimaryKeyTrait,
};

/// A SeaORM entity whose rows have one key that can be written into a URL.
///
/// Every entity with a single key column is one: there is nothing to implement.
///
/// ```
/// use restkit::model::{Entity, model_name};
///
/// fn not_found<E: Entity>() -> String {
///     format!("No {} matches the given query.", model_name::<E>())
/// }
///
/// assert_eq!(
///     not_found::<restkit::auth::models::group::Entity>(),
///     "No Group matches the given query."
/// );
/// ```
pub trait Entity:
    EntityTrait<
        Model: ModelTrait<Entity = Self>
                   + FromQueryResult
                   + IntoActiveModel<Self::ActiveModel>
                   + Sync
                   + Unpin
                   + 'static,
        ActiveModel: ActiveModelTrait<Entity = Self> + ActiveModelBehavior + Send + 'static,
        Column: Send,
        PrimaryKey: PrimaryKeyTrait<
            ValueType: std::str::FromStr + IntoValueTuple + Clone + Send + Sync,
        >,
    > + Send
    + Sync
    + 'static
{
}

impl<E> Entity for E where
    E: EntityTrait<
            Model: ModelTrait<Entity = E>
                       + FromQueryResult
                       + IntoActiveModel<E::ActiveModel>
                       + Sync
                       + Unpin
                       + 'static,
            ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send + 'static,
            Column: Send,
            PrimaryKey: PrimaryKeyTrait<
                ValueType: std::str::FromStr + IntoValueTuple + Clone + Send + Sync,
            >,
        > + Send
        + Sync
        + 'static
{
}

/// The key of an entity's rows.
pub type Key<E> = <<E as EntityTrait>::PrimaryKey as PrimaryKeyTrait>::ValueType;

/// `Task` for the entity in the module `task`.
pub fn model_name<E>() -> String {
    module_name::<E>().split('_').map(capitalize).collect()
}

/// `task` for the entity in the module `task`.
pub(crate) fn module_name<E>() -> &'static str {
    let path = std::any::type_name::<E>();
    let module = path.rsplit("::").nth(1).unwrap_or(path);
    module.trim_start_matches("r#")
}

pub(crate) fn capitalize(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
