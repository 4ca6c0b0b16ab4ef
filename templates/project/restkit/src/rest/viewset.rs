//! Viewsets: the six actions on a model, each of which a project may override.

use std::future::Future;

use axum::http::Method;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, EntityTrait, Iterable, PrimaryKeyToColumn,
    Select,
};

use crate::model::{Entity, ManyToMany, related, rows};
use crate::query::{Filters, Page, Pagination};
use crate::rest::actions::Actions;
use crate::rest::declaration::Declaration;
use crate::rest::permissions::Permission;
use crate::rest::representation::Representation;
use crate::rest::rows::visible;
use crate::rest::{constraints, lists};
use crate::serializer::Nested;
use crate::serializer::request::{Request, Valid};
use crate::settings::{Authentication, Parser, Throttle};
use crate::{Context, Result, Settings};

/// A row of a viewset's table.
pub type Row<V> = <<V as ModelViewSet>::Entity as EntityTrait>::Model;

/// A row of a viewset's table that is to be written.
pub type NewRow<V> = <<V as ModelViewSet>::Entity as EntityTrait>::ActiveModel;

/// The API of a model: what it accepts, what it shows, and what its six actions do.
///
/// Name the three types and you have all of it. Override an action by a plain `async fn` of the
/// same name.
///
/// Writes run in one transaction: `create`, `update`, `partial_update` and `destroy`, their hooks, and
/// extra actions other than GET. If one of them fails, nothing has happened.
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
/// struct GroupViewSet;
///
/// impl ModelViewSet for GroupViewSet {
///     type Entity = group::Entity;
///     type Request = GroupRequest;
///     type Response = GroupResponse;
///
///     fn permission() -> Permission {
///         Permission::IsAuthenticated
///     }
/// }
/// ```
pub trait ModelViewSet: Sized + Send + Sync + 'static {
    /// The rows.
    type Entity: Entity;
    /// The type of a request's body; [`ReadOnly`](crate::serializer::request::ReadOnly) for a viewset that
    /// only reads.
    type Request: Request<Self::Entity>;
    /// The type of a row in an answer.
    type Response: Representation<Self::Entity>;

    /// Its description, on its page and in the schema.
    fn description() -> &'static str {
        ""
    }

    /// The permission that it requires.
    fn permission() -> Permission {
        Permission::AllowAny
    }

    /// The ways to authenticate a request, in order.
    fn authentication(settings: &Settings) -> Vec<Authentication> {
        settings.authentication.clone()
    }

    /// As what a body may be sent, the way that clients should take first.
    fn parsers(settings: &Settings) -> Vec<Parser> {
        settings.parsers.clone()
    }

    /// How often clients may ask.
    fn throttle(settings: &Settings) -> Vec<Throttle> {
        settings.throttle.clone()
    }

    /// The methods that it answers, besides HEAD and OPTIONS.
    fn http_methods() -> &'static [Method] {
        if <Self::Request as Request<Self::Entity>>::READ_ONLY {
            &[Method::GET]
        } else {
            &[
                Method::GET,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ]
        }
    }

    /// How its list is cut into pages.
    fn pagination() -> Pagination<Self::Entity> {
        Pagination::page_number()
    }

    /// The filters and the order of its list.
    fn filters() -> Filters<Self::Entity> {
        Filters::new()
    }

    /// The rows that this request may see.
    fn queryset(_ctx: &Context) -> Select<Self::Entity> {
        Self::Entity::find()
    }

    /// Lists of keys that are kept in a table between this one and another.
    fn many_to_many() -> Vec<ManyToMany> {
        Vec::new()
    }

    /// Fields that hold objects for rows of other tables, whose rules are to hold, too. Writing them
    /// is up to `create` and `update`.
    fn nested() -> Vec<Nested> {
        Vec::new()
    }

    /// Extra actions besides the six.
    fn actions(actions: Actions<Self>) -> Actions<Self> {
        actions
    }

    /// GET /things/
    fn list(ctx: &Context) -> impl Future<Output = Result<Page<Self::Response>>> + Send {
        async {
            let page = lists::page::<Self>(ctx, visible::<Self>(ctx)).await?;
            let (page, rows) = page.take();
            Ok(page.with(Self::Response::of(ctx, rows).await?))
        }
    }

    /// POST /things/
    fn create(
        ctx: &Context,
        request: Valid<Self::Request>,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async {
            let links = request.links(&Declaration::<Self>::of().plain.lists);
            let row = save::<Self>(ctx, request.into_row::<Self::Entity>()?).await?;
            related::write(ctx.db(), &row, &links).await?;
            represent::<Self>(ctx, row).await
        }
    }

    /// GET /things/{id}/
    fn retrieve(
        ctx: &Context,
        row: Row<Self>,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        represent::<Self>(ctx, row)
    }

    /// PUT /things/{id}/
    fn update(
        ctx: &Context,
        row: Row<Self>,
        request: Valid<Self::Request>,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        async {
            let links = request.links(&Declaration::<Self>::of().plain.lists);
            let row = save::<Self>(ctx, request.apply::<Self::Entity>(row)?).await?;
            related::write(ctx.db(), &row, &links).await?;
            represent::<Self>(ctx, row).await
        }
    }

    /// PATCH /things/{id}/: only what was given ([`Valid::has`]) changes.
    fn partial_update(
        ctx: &Context,
        row: Row<Self>,
        request: Valid<Self::Request>,
    ) -> impl Future<Output = Result<Self::Response>> + Send {
        Self::update(ctx, row, request)
    }

    /// DELETE /things/{id}/
    fn destroy(ctx: &Context, row: Row<Self>) -> impl Future<Output = Result<()>> + Send {
        delete::<Self>(ctx, row)
    }

    /// Runs before a row is written: the place to set fields that a client may not.
    fn before_save(
        _ctx: &Context,
        _row: &mut NewRow<Self>,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Runs after a row was written.
    fn after_save(_ctx: &Context, _row: &Row<Self>) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Runs before a row is deleted.
    fn before_delete(_ctx: &Context, _row: &Row<Self>) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Runs after a row was deleted.
    fn after_delete(_ctx: &Context, _row: &Row<Self>) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// Writes a new or changed row, with the viewset's hooks around it.
///
/// # Errors
///
/// 400 if it breaks a rule of the database; whatever a hook refuses.
pub async fn save<V: ModelViewSet>(ctx: &Context, mut row: NewRow<V>) -> Result<Row<V>> {
    V::before_save(ctx, &mut row).await?;
    constraints::fit_row::<V>(&mut row, ctx.db().get_database_backend())?;
    let exists = <V::Entity as EntityTrait>::PrimaryKey::iter()
        .any(|key| matches!(row.get(key.into_column()), ActiveValue::Unchanged(_)));
    let written = if exists {
        row.update(ctx.db()).await
    } else {
        row.insert(ctx.db()).await
    };
    let mut row =
        written.map_err(|error| constraints::explain(&Declaration::<V>::of().plain.form, error))?;
    rows::normalize::<V::Entity>([&mut row]);
    V::after_save(ctx, &row).await?;
    Ok(row)
}

/// Deletes a row, with the viewset's hooks around it.
///
/// # Errors
///
/// 409 if other rows refer to it, saying which; whatever a hook refuses.
pub async fn delete<V: ModelViewSet>(ctx: &Context, row: Row<V>) -> Result<()> {
    V::before_delete(ctx, &row).await?;
    related::delete::<V::Entity>(ctx.db(), row.clone()).await?;
    V::after_delete(ctx, &row).await
}

/// Rows as a client sees them, in the same order.
///
/// # Errors
///
/// If the database fails.
pub async fn represent_all<V: ModelViewSet>(
    ctx: &Context,
    mut rows: Vec<Row<V>>,
) -> Result<Vec<V::Response>> {
    rows::normalize::<V::Entity>(&mut rows);
    V::Response::of(ctx, rows).await
}

/// One row as a client sees it.
///
/// # Errors
///
/// If the database fails.
pub async fn represent<V: ModelViewSet>(ctx: &Context, row: Row<V>) -> Result<V::Response> {
    let mut shown = V::Response::of(ctx, vec![row]).await?;
    shown
        .pop()
        .ok_or_else(|| crate::Error::Internal(anyhow::anyhow!("a representation has lost its row")))
}
