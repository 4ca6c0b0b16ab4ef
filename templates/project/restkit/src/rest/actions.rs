//! Extra actions of a viewset: DRF's `@action`.

use std::future::Future;
use std::sync::Arc;

use axum::http::Method;
use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::model::columns::Columns;
use crate::rest::viewset::{ModelViewSet, Row};
use crate::serializer::Serializer;
use crate::serializer::notation::Notation;
use crate::serializer::schemas::Schemas;
use crate::{Context, Error, Result, serializer};

/// The extra actions of a viewset.
///
/// An action is an `async fn` that takes the context, the row if it is about one, and, if it wants
/// one, a body of any request type. What it gives is answered as JSON; nothing is 204.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// # #[derive(Serialize, JsonSchema)]
/// # pub struct GroupResponse { id: i64, name: String }
/// # impl From<group::Model> for GroupResponse {
/// #     fn from(group: group::Model) -> Self { Self { id: group.id, name: group.name } }
/// # }
/// # #[derive(Clone, Debug, Deserialize, Validate, JsonSchema, DeriveIntoActiveModel)]
/// # #[sea_orm(active_model = "group::ActiveModel")]
/// # #[garde(allow_unvalidated)]
/// # pub struct GroupRequest { name: String }
/// # struct GroupViewSet;
/// impl ModelViewSet for GroupViewSet {
/// #   type Entity = group::Entity;
/// #   type Request = GroupRequest;
/// #   type Response = GroupResponse;
///     fn actions(actions: Actions<Self>) -> Actions<Self> {
///         actions.on_row(Method::POST, "close", close)
///     }
/// }
///
/// async fn close(ctx: &Context, group: group::Model) -> Result<GroupResponse> {
///     Ok(group.into())
/// }
/// ```
pub struct Actions<V: ModelViewSet>(Vec<Action<V>>);

/// One of them.
pub struct Action<V: ModelViewSet> {
    pub(super) facts: Facts,
    run: Box<Run<V>>,
}

/// An action without its function: all that a path and a page show of it.
#[derive(Clone)]
pub(super) struct Facts {
    pub method: Method,
    /// The last part of its path, and its name.
    pub name: &'static str,
    /// Set if it is about one row: `/things/{id}/name/`, else `/things/name/`.
    pub is_on_row: bool,
    pub schema: Describe,
    /// Its place among those of its viewset.
    pub number: usize,
}

/// Writes the schemas of the body and of the answer.
type Describe = fn(&mut Schemas) -> (Option<Value>, Value);

type Run<V> = dyn for<'c> Fn(&'c Context, Option<Row<V>>, &'c Value) -> BoxFuture<'c, Result<Value>>
    + Send
    + Sync;

impl<V: ModelViewSet> Actions<V> {
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// An action at `/things/{id}/name/`.
    pub fn on_row<A, B>(self, method: Method, name: &'static str, action: A) -> Self
    where
        A: for<'c> OnRow<'c, V, B>,
        B: 'static,
    {
        let action = Arc::new(action);
        let schema = <A as OnRow<'static, V, B>>::schema;
        self.with((method, name, true), schema, move |ctx, row, body| {
            let action = Arc::clone(&action);
            Box::pin(async move {
                let row = row.ok_or_else(Error::not_found)?;
                json::<V, _>(action.call(ctx, row, body).await?)
            })
        })
    }

    /// An action at `/things/name/`.
    pub fn on_list<A, B>(self, method: Method, name: &'static str, action: A) -> Self
    where
        A: for<'c> OnList<'c, B>,
        B: 'static,
    {
        let action = Arc::new(action);
        let schema = <A as OnList<'static, B>>::schema;
        self.with((method, name, false), schema, move |ctx, _, body| {
            let action = Arc::clone(&action);
            Box::pin(async move { json::<V, _>(action.call(ctx, body).await?) })
        })
    }

    fn with(
        mut self,
        (method, name, is_on_row): (Method, &'static str, bool),
        schema: Describe,
        run: impl for<'c> Fn(&'c Context, Option<Row<V>>, &'c Value) -> BoxFuture<'c, Result<Value>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let facts = Facts {
            method,
            name,
            is_on_row,
            schema,
            number: self.0.len(),
        };
        let run = Box::new(run);
        self.0.push(Action { facts, run });
        self
    }

    pub(super) fn into_vec(self) -> Vec<Action<V>> {
        self.0
    }
}

impl<V: ModelViewSet> Action<V> {
    pub(super) async fn run(
        &self,
        ctx: &Context,
        row: Option<Row<V>>,
        body: &Value,
    ) -> Result<Value> {
        (self.run)(ctx, row, body).await
    }
}

fn json<V: ModelViewSet, A: Serialize + JsonSchema>(answer: A) -> Result<Value> {
    let value = serde_json::to_value(answer);
    let mut value = value.map_err(|error| Error::Internal(error.into()))?;
    let columns = Columns::of::<V::Entity>();
    if let Some(notation) = Notation::of::<A>(Some(&columns)) {
        notation.apply(&mut value);
    }
    Ok(value)
}

/// A function that can be an action on a row.
pub trait OnRow<'c, V: ModelViewSet, B>: Send + Sync + 'static {
    /// The type of the answer.
    type Answer: Serialize + JsonSchema + Send;

    #[doc(hidden)]
    fn call(
        &self,
        ctx: &'c Context,
        row: Row<V>,
        body: &'c Value,
    ) -> impl Future<Output = Result<Self::Answer>> + Send;

    #[doc(hidden)]
    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value);
}

impl<'c, V, F, P, A> OnRow<'c, V, ()> for F
where
    V: ModelViewSet,
    F: Fn(&'c Context, Row<V>) -> P + Send + Sync + 'static,
    P: Future<Output = Result<A>> + Send + 'c,
    A: Serialize + JsonSchema + Send,
{
    type Answer = A;

    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value) {
        (None, schemas.shown::<A>())
    }

    async fn call(&self, ctx: &'c Context, row: Row<V>, _: &'c Value) -> Result<A> {
        self(ctx, row).await
    }
}

impl<'c, V, F, P, A, B> OnRow<'c, V, (B,)> for F
where
    V: ModelViewSet,
    F: Fn(&'c Context, Row<V>, B) -> P + Send + Sync + 'static,
    P: Future<Output = Result<A>> + Send + 'c,
    A: Serialize + JsonSchema + Send,
    B: Serializer + JsonSchema + Send,
{
    type Answer = A;

    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value) {
        (Some(schemas.sent::<B>()), schemas.shown::<A>())
    }

    async fn call(&self, ctx: &'c Context, row: Row<V>, body: &'c Value) -> Result<A> {
        self(ctx, row, serializer::parse(body)?).await
    }
}

/// A function that can be an action on a list.
pub trait OnList<'c, B>: Send + Sync + 'static {
    /// The type of the answer.
    type Answer: Serialize + JsonSchema + Send;

    #[doc(hidden)]
    fn call(
        &self,
        ctx: &'c Context,
        body: &'c Value,
    ) -> impl Future<Output = Result<Self::Answer>> + Send;

    #[doc(hidden)]
    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value);
}

impl<'c, F, P, A> OnList<'c, ()> for F
where
    F: Fn(&'c Context) -> P + Send + Sync + 'static,
    P: Future<Output = Result<A>> + Send + 'c,
    A: Serialize + JsonSchema + Send,
{
    type Answer = A;

    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value) {
        (None, schemas.shown::<A>())
    }

    async fn call(&self, ctx: &'c Context, _: &'c Value) -> Result<A> {
        self(ctx).await
    }
}

impl<'c, F, P, A, B> OnList<'c, (B,)> for F
where
    F: Fn(&'c Context, B) -> P + Send + Sync + 'static,
    P: Future<Output = Result<A>> + Send + 'c,
    A: Serialize + JsonSchema + Send,
    B: Serializer + JsonSchema + Send,
{
    type Answer = A;

    fn schema(schemas: &mut Schemas) -> (Option<Value>, Value) {
        (Some(schemas.sent::<B>()), schemas.shown::<A>())
    }

    async fn call(&self, ctx: &'c Context, body: &'c Value) -> Result<A> {
        self(ctx, serializer::parse(body)?).await
    }
}
