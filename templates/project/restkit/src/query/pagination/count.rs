//! How many rows a list has.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, Func, SelectStatement};

use crate::{Context, Result};

/// How many rows `select` has in all. If the rows of a page from `offset` on were fewer than
/// `limit`, they were the last ones, and nothing has to be counted.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn count(
    ctx: &Context,
    select: &SelectStatement,
    (rows, limit, offset): (usize, u64, u64),
) -> Result<u64> {
    let rows = rows as u64;
    let is_last = rows < limit && (rows > 0 || offset == 0);
    if is_last {
        Ok(offset.saturating_add(rows))
    } else {
        all(ctx, select).await
    }
}

/// How many rows `select` has.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn all(ctx: &Context, select: &SelectStatement) -> Result<u64> {
    let db = ctx.db();
    let mut plain = select.clone();
    plain.clear_order_by().clear_selects();
    plain.expr_as(Func::count(Expr::cust("*")), Alias::new("rows"));
    let statement = db.get_database_backend().build(&plain);
    let found = if counts_itself(&statement.sql) {
        db.query_one_raw(statement).await?
    } else {
        let mut rows = select.clone();
        rows.clear_order_by();
        let mut count = SelectStatement::new();
        count
            .expr_as(Func::count(Expr::cust("*")), Alias::new("rows"))
            .from_subquery(rows, Alias::new("counted"));
        db.query_one(&count).await?
    };
    let number: i64 = match found {
        Some(found) => found.try_get("", "rows")?,
        None => 0,
    };
    Ok(number.unsigned_abs())
}

/// Returns whether a query that asks for `COUNT(*)` in place of its columns counts its own rows. That is
/// much quicker than counting those of a query within; but what merges or cuts rows off is done
/// before, or after.
fn counts_itself(sql: &str) -> bool {
    let others = [
        "DISTINCT",
        " GROUP BY ",
        " HAVING ",
        " LIMIT ",
        " UNION ",
        " OFFSET ",
        "WITH ",
    ];
    !others.iter().any(|other| sql.contains(other))
}
