//! Viewsets: the six actions on a model, each of which a project may override.

use std::future::Future;
use std::str::FromStr;

use sea_orm::sea_query::{IntoValueTuple, Order};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue, EntityTrait, FromQueryResult,
    IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait, QueryOrder, Select,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::rest::serializer::{self, Serializer};
use crate::rest::{Page, Permission};
use crate::{Context, Error, Result};

/// A SeaORM entity whose rows have one key that can be written into a URL.
///
/// Every entity with a single key column is one: there is nothing to implement.
pub trait Entity:
    EntityTrait<
        Model: ModelTrait<Entity = Self>
                   + FromQueryResult
                   + IntoActiveModel<Self::ActiveModel>
                   + Sync
                   + Unpin,
        ActiveModel: ActiveModelTrait<Entity = Self> + ActiveModelBehavior + Send + 'static,
        Column: Send,
        PrimaryKey: PrimaryKeyTrait<ValueType: FromStr + IntoValueTuple + Clone + Send + Sync>,
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
                       + Unpin,
            ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send + 'static,
            Column: Send,
            PrimaryKey: PrimaryKeyTrait<ValueType: FromStr + IntoValueTuple + Clone + Send + Sync>,
        > + Send
        + Sync
        + 'static
{
}

/// A type that the bodies of requests are parsed into, and rows are made from.
pub trait Request<E: EntityTrait>:
    Serializer + IntoActiveModel<E::ActiveModel> + Send + Sync + 'static
{
}

impl<E: EntityTrait, T> Request<E> for T where
    T: Serializer + IntoActiveModel<E::ActiveModel> + Send + Sync + 'static
{
}

/// The key of an entity's rows.
pub type Key<E> = <<E as EntityTrait>::PrimaryKey as PrimaryKeyTrait>::ValueType;

/// The API of a model: what it accepts, what it shows, and what its six actions do.
///
/// Name the three types and you have all of it. Override an action by a plain `async fn` of the
/// same name.
pub trait ModelViewSet: Send + Sync + 'static {
    /// The rows.
    type Entity: Entity;
    /// What a client may send.
    type Request: Request<Self::Entity>;
    /// What a client gets to see.
    type Response: From<<Self::Entity as EntityTrait>::Model> + Serialize + Send + 'static;

    /// Who may use it.
    fn permission() -> Permission {
        Permission::AllowAny
    }

    /// The rows that exist as far as this request is concerned.
    fn queryset(_ctx: &Context) -> Select<Self::Entity> {
        by_key(Self::Entity::find())
    }

    /// GET /things/
    fn list(ctx: &Context) -> impl Future<Output = Result<Page<Self::Response>>> + Send {
        async { Ok(Page::of(ctx, Self::queryset(ctx)).await?.map(Into::into)) }
    }

    /// POST /things/
    fn create(
        ctx: &Context,
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async { Ok(request.into_active_model().insert(ctx.db()).await?.into()) }
    }

    /// GET /things/{id}/
    fn retrieve(
        ctx: &Context,
        id: Key<Self::Entity>,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async { Ok(get::<Self>(ctx, id).await?.into()) }
    }

    /// PUT /things/{id}/
    fn update(
        ctx: &Context,
        id: Key<Self::Entity>,
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async { write::<Self>(ctx, get::<Self>(ctx, id).await?, request, |_| true).await }
    }

    /// PATCH /things/{id}/: only the fields in `changes` change.
    fn partial_update(
        ctx: &Context,
        id: Key<Self::Entity>,
        changes: Value,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async move {
            let model = get::<Self>(ctx, id).await?;
            let request = serializer::parse_partial(&changes, &stored::<Self::Entity>(&model))?;
            write::<Self>(ctx, model, request, |field| changes.get(field).is_some()).await
        }
    }

    /// DELETE /things/{id}/
    fn destroy(ctx: &Context, id: Key<Self::Entity>) -> impl Future<Output = Result<()>> + Send {
        async {
            let model = get::<Self>(ctx, id).await?;
            model.into_active_model().delete(ctx.db()).await?;
            Ok(())
        }
    }
}

/// The row with this key, if it is in the queryset.
///
/// # Errors
///
/// 404 in DRF's words.
pub async fn get<V: ModelViewSet + ?Sized>(
    ctx: &Context,
    id: Key<V::Entity>,
) -> Result<<V::Entity as EntityTrait>::Model> {
    let mut query = V::queryset(ctx);
    for (key, value) in <V::Entity as EntityTrait>::PrimaryKey::iter().zip(id.into_value_tuple()) {
        use sea_orm::{ColumnTrait, QueryFilter};
        query = query.filter(key.into_column().eq(value));
    }
    let found = query.one(ctx.db()).await?;
    found.ok_or_else(no_match::<V::Entity>)
}

/// The key that a piece of a path means.
///
/// # Errors
///
/// 404; a number that is too large for the key is a key that no row has.
pub(super) fn key<V: ModelViewSet>(text: &str) -> Result<Key<V::Entity>> {
    Key::<V::Entity>::from_str(text).map_err(|_| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
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

/// Writes those fields of `request` into the row of `model` that `is_given`.
async fn write<V: ModelViewSet + ?Sized>(
    ctx: &Context,
    model: <V::Entity as EntityTrait>::Model,
    request: V::Request,
    is_given: impl Fn(&str) -> bool,
) -> Result<V::Response> {
    use sea_orm::ColumnTrait;
    let mut row = model.into_active_model();
    let new: <V::Entity as EntityTrait>::ActiveModel = request.into_active_model();
    for column in <V::Entity as EntityTrait>::Column::iter() {
        if let (ActiveValue::Set(value), true) = (new.get(column), is_given(column.json_key())) {
            row.set_if_not_equals(column, value);
        }
    }
    Ok(row.update(ctx.db()).await?.into())
}

/// A row as the JSON object that a request would be.
pub(super) fn stored<E: Entity>(model: &E::Model) -> Map<String, Value> {
    use sea_orm::ColumnTrait;
    let value = |column| sea_orm::sea_query::sea_value_to_json_value(&model.get(column));
    E::Column::iter()
        .map(|column| (column.json_key().to_owned(), value(column)))
        .collect()
}

pub(crate) fn by_key<E: EntityTrait>(mut query: Select<E>) -> Select<E> {
    for key in E::PrimaryKey::iter() {
        query = query.order_by(key.into_column(), Order::Asc);
    }
    query
}

/// `Task` for the entity in the module `task`.
pub fn model_name<E>() -> String {
    let path = std::any::type_name::<E>();
    let module = path.rsplit("::").nth(1).unwrap_or(path);
    let words = module.trim_start_matches("r#").split('_');
    words.map(capitalize).collect()
}

pub(super) fn capitalize(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
