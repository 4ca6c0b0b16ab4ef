//! Counting rows, as far as it is quick.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Condition, Expr, Func, SelectStatement};

use crate::Result;
use crate::db::Connection;

/// Counting goes no further: at a million rows it would take longer than finding them.
pub(super) const COUNTED: u64 = 10_000;

/// Nor further than this where each row has to be looked at to know whether it counts.
pub(super) const COUNTED_NARROWED: u64 = 1_000;

/// How many rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Exactly so many.
    All(u64),
    /// More than so many.
    MoreThan(u64),
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All(number) => write!(f, "{number}"),
            Self::MoreThan(number) => write!(f, "{number}+"),
        }
    }
}

/// How many rows of a table fulfil a condition; counting ends at `limit`.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn count(
    db: &Connection,
    table: &str,
    (condition, limit): (Condition, u64),
) -> Result<Count> {
    let mut rows = SelectStatement::new();
    rows.expr(Expr::val(1))
        .from(Alias::new(table))
        .cond_where(condition)
        .limit(limit + 1);
    let mut count = SelectStatement::new();
    count
        .expr_as(Func::count(Expr::val(1)), Alias::new("count"))
        .from_subquery(rows, Alias::new("counted"));
    let found = db.query_one(&count).await?;
    let number: i64 = match found {
        Some(found) => found.try_get("", "count")?,
        None => 0,
    };
    Ok(match number.unsigned_abs() {
        number if number > limit => Count::MoreThan(limit),
        number => Count::All(number),
    })
}
