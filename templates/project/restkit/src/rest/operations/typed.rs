//! The actions of a viewset with its own types.

use std::sync::Arc;

use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{AnyRow, Operations, Sent, TypeSchemas};
use crate::model::rows::values;
use crate::rest::actions::{Action, Actions, Facts};
use crate::rest::answer::Answer;
use crate::rest::declaration::{Declaration, Declared};
use crate::rest::validate::{check, mistakes_of, stored};
use crate::rest::viewset::{ModelViewSet, Row, represent};
use crate::rest::{present, rows};
use crate::serializer::request::{Request, Valid};
use crate::serializer::schemas::Schemas;
use crate::{Context, Error, Result};

/// A viewset as its own types know it.
pub(in crate::rest) struct Typed<V: ModelViewSet> {
    declared: Arc<Declared>,
    actions: Vec<Action<V>>,
}

impl<V: ModelViewSet> Typed<V> {
    pub fn new() -> Self {
        Self {
            declared: Arc::clone(&Declaration::<V>::of().plain),
            actions: V::actions(Actions::none()).into_vec(),
        }
    }

    /// The extra actions, as far as they are plain data.
    pub fn actions(&self) -> Vec<Facts> {
        let actions = self.actions.iter();
        actions.map(|action| action.facts.clone()).collect()
    }

    /// The request, if all of it is valid; for a change, `row` is the stored row and whether what is not given stays
    /// as it is.
    async fn validate(
        &self,
        ctx: &Context,
        sent: Sent<'_>,
        row: Option<(&Row<V>, bool)>,
    ) -> Result<Valid<V::Request>> {
        let form = &self.declared.form;
        let row = row.map(|(row, is_partial)| {
            let values = values::<V::Entity>(row);
            stored(&self.declared, values, is_partial)
        });
        let over = row.as_ref().map(|row| row.stored.clone());
        let parsed = <V::Request as Request<V::Entity>>::parse(form, sent.data, over);
        let mistakes = mistakes_of(parsed.as_ref().err());
        let given = check(ctx, &self.declared, sent, mistakes, row).await?;
        Ok(Valid::new(parsed?, given, Arc::clone(form)))
    }
}

fn own<V: ModelViewSet>(row: AnyRow) -> Result<Row<V>> {
    match row.downcast() {
        Ok(row) => Ok(*row),
        Err(_) => Err(Error::Internal(anyhow::anyhow!("a row of another viewset"))),
    }
}

impl<V: ModelViewSet> Operations for Typed<V> {
    fn check_key(&self, key: &str) -> Result<()> {
        rows::key::<V>(key).map(drop)
    }

    fn find<'o>(&'o self, ctx: &'o Context, key: &'o str) -> BoxFuture<'o, Result<AnyRow>> {
        Box::pin(async move {
            let row = rows::get::<V>(ctx, rows::key::<V>(key)?).await?;
            Ok(Box::new(row) as AnyRow)
        })
    }

    fn list<'o>(&'o self, ctx: &'o Context) -> BoxFuture<'o, Result<Answer>> {
        Box::pin(async move { present::page(&self.declared, &V::list(ctx).await?) })
    }

    fn retrieve<'o>(&'o self, ctx: &'o Context, row: AnyRow) -> BoxFuture<'o, Result<Answer>> {
        Box::pin(async move {
            let shown = V::retrieve(ctx, own::<V>(row)?).await?;
            present::row(&self.declared, StatusCode::OK, &shown)
        })
    }

    fn show<'o>(&'o self, ctx: &'o Context, row: &'o AnyRow) -> BoxFuture<'o, Result<Answer>> {
        Box::pin(async move {
            let row = row.downcast_ref::<Row<V>>().cloned();
            let row = row.ok_or_else(Error::not_found)?;
            let shown = represent::<V>(ctx, row).await?;
            present::row(&self.declared, StatusCode::OK, &shown)
        })
    }

    fn create<'o>(&'o self, ctx: &'o Context, sent: Sent<'o>) -> BoxFuture<'o, Result<Answer>> {
        Box::pin(async move {
            let valid = self.validate(ctx, sent, None).await?;
            present::created(&self.declared, ctx, &V::create(ctx, valid).await?)
        })
    }

    fn update<'o>(
        &'o self,
        ctx: &'o Context,
        row: AnyRow,
        sent: Sent<'o>,
        is_partial: bool,
    ) -> BoxFuture<'o, Result<Answer>> {
        Box::pin(async move {
            let row = own::<V>(row)?;
            let valid = self.validate(ctx, sent, Some((&row, is_partial))).await?;
            let changed = if is_partial {
                V::partial_update(ctx, row, valid).await?
            } else {
                V::update(ctx, row, valid).await?
            };
            present::row(&self.declared, StatusCode::OK, &changed)
        })
    }

    fn destroy<'o>(&'o self, ctx: &'o Context, row: AnyRow) -> BoxFuture<'o, Result<()>> {
        Box::pin(async move { V::destroy(ctx, own::<V>(row)?).await })
    }

    fn run<'o>(
        &'o self,
        ctx: &'o Context,
        number: usize,
        row: Option<AnyRow>,
        body: &'o Value,
    ) -> BoxFuture<'o, Result<Value>> {
        Box::pin(async move {
            let action = self.actions.get(number).ok_or_else(Error::not_found)?;
            let row = row.map(own::<V>).transpose()?;
            action.run(ctx, row, body).await
        })
    }

    fn describe(&self, schemas: &mut Schemas) -> TypeSchemas {
        let (whole, partial) =
            <V::Request as Request<V::Entity>>::schema(schemas, &self.declared.form);
        TypeSchemas {
            whole,
            partial,
            shown: schemas.shown::<V::Response>(),
        }
    }
}
