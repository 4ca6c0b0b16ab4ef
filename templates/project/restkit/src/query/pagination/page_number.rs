//! `?page=2`: DRF's `PageNumberPagination`.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, QueryResult};

use super::page::Page;
use super::{Shape, count, links};
use crate::{Context, Error, Result};

/// The page of `select` that the request asks for, of `size` rows.
///
/// # Errors
///
/// 404 "Invalid page." beyond the last one, and for what is not a number.
pub(super) async fn page(
    ctx: &Context,
    select: &SelectStatement,
    size: u64,
) -> Result<Page<QueryResult>> {
    let size = size.min(links::MAX_NUMBER);
    let page = match ctx.query("page").as_deref() {
        None | Some("") => 1,
        Some("last") => {
            let count = count::all(ctx, select).await?;
            count.div_ceil(size).max(1)
        }
        Some(text) => links::parse(text)
            .filter(|page| *page > 0)
            .ok_or_else(invalid)?,
    };
    let offset = (page - 1).checked_mul(size).ok_or_else(invalid)?;
    if offset > links::MAX_NUMBER {
        return Err(invalid());
    }
    let mut rows = select.clone();
    rows.limit(size);
    if offset > 0 {
        rows.offset(offset);
    }
    let results = ctx.db().query_all(&rows).await?;
    if results.is_empty() && page > 1 {
        return Err(invalid());
    }
    let count = count::count(ctx, select, (results.len(), size, offset)).await?;
    let url = |page: u64| links::url(ctx, &[("page", (page > 1).then(|| page.to_string()))]);
    let is_last = count <= offset.saturating_add(size);
    Ok(Page {
        count: Some(count),
        next: (!is_last).then(|| url(page + 1)),
        previous: (page > 1).then(|| url(page - 1)),
        results,
        shape: Shape::Counted,
    })
}

fn invalid() -> Error {
    Error::NotFound("Invalid page.".to_owned())
}
