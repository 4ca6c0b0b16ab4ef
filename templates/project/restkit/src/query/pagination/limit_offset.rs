//! `?limit=10&offset=20`: DRF's `LimitOffsetPagination`.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, QueryResult};

use super::page::Page;
use super::{Shape, count, links};
use crate::{Context, Result};

/// The rows of `select` that the request asks for: `default` ones if it does not say, `max` at most.
/// Reads the page. Text instead of a number is ignored, as in DRF, and a page beyond the end is empty.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn page(
    ctx: &Context,
    select: &SelectStatement,
    (default, max): (u64, u64),
) -> Result<Page<QueryResult>> {
    let limit = links::number(ctx, "limit").filter(|limit| *limit > 0);
    let limit = limit
        .map_or(default, |limit| limit.min(max))
        .min(links::MAX_NUMBER);
    let offset = links::number(ctx, "offset").unwrap_or(0);
    let mut rows = select.clone();
    rows.limit(limit);
    if offset > 0 {
        rows.offset(offset);
    }
    let results = ctx.db().query_all(&rows).await?;
    let count = count::count(ctx, select, (results.len(), limit, offset)).await?;
    let url = |offset: u64| {
        let offset = (offset > 0).then(|| offset.to_string());
        links::url(
            ctx,
            &[("limit", Some(limit.to_string())), ("offset", offset)],
        )
    };
    let next = offset.saturating_add(limit);
    Ok(Page {
        count: Some(count),
        next: (next < count).then(|| url(next)),
        previous: (offset > 0).then(|| url(offset.saturating_sub(limit))),
        results,
        shape: Shape::Counted,
    })
}
