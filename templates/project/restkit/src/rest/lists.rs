//! The list of a viewset: its rows, narrowed down, in order, and one page of them.

use sea_orm::{EntityTrait, Select};

use crate::model::rows;
use crate::query::Page;
use crate::rest::declaration::Declaration;
use crate::rest::viewset::ModelViewSet;
use crate::{Context, Result};

/// The page of `select` that the request asks for, by what the viewset `V` declares: its filters,
/// its order and its pagination. What `list` does, for a `list` of your own.
///
/// # Errors
///
/// 400 for a filter that means nothing, 404 for a page that does not exist; or if the database
/// fails.
pub async fn page<V: ModelViewSet>(
    ctx: &Context,
    select: Select<V::Entity>,
) -> Result<Page<<V::Entity as EntityTrait>::Model>> {
    let declared = Declaration::<V>::of();
    let select = declared.filters.apply(ctx, select).await?;
    let (select, order) = declared.filters.order(ctx, select);
    let mut page = declared.pagination.page(ctx, select, order).await?;
    rows::normalize::<V::Entity>(&mut page.results);
    Ok(page)
}
