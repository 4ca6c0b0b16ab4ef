//! Which rows a list shows: the query of its URL, as SQL.

use chrono::{Datelike, Duration, NaiveDate, Utc};
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, LikeExpr, Order, SelectStatement,
};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use crate::admin::model::{Column, RegisteredModel, Shown};
use crate::admin::store::{Db, Query, Row};
use crate::context::query_pairs;
use crate::value::{self, Kind};
use crate::{Context, Error, Result};

/// Counting goes no further: at a million rows it would take longer than finding them.
pub(super) const COUNTED: u64 = 10_000;

/// Nor further than this where each row has to be looked at to know whether it counts.
const COUNTED_NARROWED: u64 = 1_000;

/// What the URL of a list asks for.
pub(super) struct Listing<'m> {
    pub model: &'m RegisteredModel,
    path: String,
    pairs: Vec<(String, String)>,
    backend: DbBackend,
    pub page: u64,
}

/// One page of a list.
pub(super) struct Found {
    pub rows: Vec<Row>,
    /// How many there are on all pages, as far as they were counted.
    pub count: Count,
    pub is_last: bool,
}

impl<'m> Listing<'m> {
    /// Reads the query of a URL.
    ///
    /// # Errors
    ///
    /// 404 if the page is no number.
    pub fn read(ctx: &Context, model: &'m RegisteredModel) -> Result<Self> {
        let pairs = query_pairs(&ctx.uri).filter(|(_, value)| !value.is_empty());
        let page = ctx.query("page").unwrap_or_default();
        let page = match page.as_str() {
            "" => 1,
            page => page.parse().map_err(|_| Error::not_found())?,
        };
        if page == 0 {
            return Err(Error::not_found());
        }
        Ok(Self {
            model,
            path: ctx.uri.path().to_owned(),
            pairs: pairs.collect(),
            backend: ctx.db().get_database_backend(),
            page,
        })
    }

    /// A parameter, or nothing.
    pub fn get(&self, name: &str) -> &str {
        let mut pairs = self.pairs.iter().rev();
        pairs
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value)
    }

    /// This list with other parameters; an empty one is left out. The page begins anew.
    pub fn url(&self, changes: &[(&str, &str)]) -> String {
        let is_changed = |name: &str| name == "page" || changes.iter().any(|(it, _)| *it == name);
        let kept = self.pairs.iter().filter(|(name, _)| !is_changed(name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let new = changes
            .iter()
            .copied()
            .filter(|(_, value)| !value.is_empty());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept.chain(new));
        let query = query.finish();
        match query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{query}", self.path),
        }
    }

    /// The parameters that a search form has to keep.
    pub fn kept(&self) -> impl Iterator<Item = &(String, String)> {
        let kept = self.pairs.iter();
        kept.filter(|(name, _)| name != "q" && name != "page")
    }

    /// Whether something narrows the list down.
    pub fn is_narrowed(&self) -> bool {
        self.pairs
            .iter()
            .any(|(name, _)| name != "o" && name != "page")
    }

    /// The column that the list is sorted by, and whether downwards.
    pub fn sorted(&self) -> Option<(usize, bool)> {
        let asked = self.get("o");
        let (name, is_down) = match asked.strip_prefix('-') {
            Some(name) => (name, true),
            None => (asked, false),
        };
        let number = self.model.position(name)?;
        let is_shown = self.model.options.list.contains(&Shown::Column(number));
        is_shown.then_some((number, is_down))
    }

    /// The rows of this page.
    ///
    /// # Errors
    ///
    /// 404 beyond the last page; or if the database fails.
    pub async fn find(&self, db: &Db<'_>) -> Result<Found> {
        let size = self.model.options.per_page;
        let offset = (self.page - 1)
            .checked_mul(size)
            .ok_or_else(Error::not_found)?;
        let mut query = Query::new(self.condition(), size + 1);
        query.offset = offset;
        query.order = self.order();
        let mut rows = self.model.store.rows(db, query).await?;
        if rows.is_empty() && self.page > 1 {
            return Err(Error::not_found());
        }
        let is_last = rows.len() as u64 <= size;
        rows.truncate(size as usize);
        // On the last page all are known without counting them.
        let count = match (is_last, self.is_narrowed()) {
            (true, _) => Count::All(offset + rows.len() as u64),
            (false, false) => self.count(db, COUNTED).await?,
            (false, true) => self.count(db, COUNTED_NARROWED).await?,
        };
        Ok(Found {
            rows,
            count,
            is_last,
        })
    }

    async fn count(&self, db: &Db<'_>, limit: u64) -> Result<Count> {
        count(db, &self.model.table, (self.condition(), limit)).await
    }

    fn order(&self) -> Vec<(&'static str, Order)> {
        let asked = self.sorted().map(|(number, is_down)| {
            let order = if is_down { Order::Desc } else { Order::Asc };
            (self.model.columns[number].name, order)
        });
        asked.into_iter().chain(self.model.own_order()).collect()
    }

    /// What all rows of the list have in common.
    pub fn condition(&self) -> Condition {
        let mut all = self.search(self.get("q"));
        for number in &self.model.options.filters {
            let column = &self.model.columns[*number];
            let asked = self.get(column.name);
            if !asked.is_empty() {
                all = all.add(self.filter(column, asked));
            }
        }
        if let Some((first, last)) = self.period() {
            let number = self.model.options.date_hierarchy.unwrap_or_default();
            all = all.add(self.between(&self.model.columns[number], first, last));
        }
        all
    }

    /// Every word must be found in one of the columns.
    pub fn search(&self, text: &str) -> Condition {
        let words = text.split_whitespace();
        words.fold(Condition::all(), |all, word| {
            let columns = self.model.options.search.iter();
            let columns =
                columns.filter_map(|number| self.contains(&self.model.columns[*number], word));
            let any = columns.fold(Condition::any(), Condition::add);
            // An empty condition would be true of all rows.
            all.add(if any.is_empty() { never() } else { any })
        })
    }

    fn contains(&self, column: &Column, word: &str) -> Option<Expr> {
        let own = self.column(column);
        if column.kind != Kind::Text {
            let value = value::parse(&column.sample, word).ok();
            return value.map(|value| own.eq(value));
        }
        let escaped = word
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
        Some(match self.backend {
            DbBackend::Postgres => own.ilike(pattern),
            _ => own.like(pattern),
        })
    }

    fn filter(&self, column: &Column, asked: &str) -> Condition {
        let own = self.column(column);
        let one = |expr: Expr| Condition::all().add(expr);
        match (column.kind, asked) {
            (_, "(none)") => one(own.is_null()),
            (_, "(some)") => one(own.is_not_null()),
            (Kind::Date | Kind::DateTime, _) => match recent(asked, Utc::now().date_naive()) {
                Some((first, last)) => self.between(column, first, last),
                None => never(),
            },
            _ => match value::parse(&column.sample, asked) {
                Ok(value) => one(own.eq(value)),
                Err(_) => never(),
            },
        }
    }

    /// From the first day on, and before the last.
    fn between(&self, column: &Column, first: NaiveDate, last: NaiveDate) -> Condition {
        let at = |day: NaiveDate| {
            let text = match column.kind {
                Kind::Date => day.to_string(),
                _ => format!("{day}T00:00:00"),
            };
            value::parse(&column.sample, &text).unwrap_or(Value::String(None))
        };
        Condition::all()
            .add(self.column(column).gte(at(first)))
            .add(self.column(column).lt(at(last)))
    }

    /// The year, month or day of the date hierarchy that is asked for.
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.model.options.date_hierarchy?;
        let year: i32 = self.get("year").parse().ok()?;
        let month: Option<u32> = self.get("month").parse().ok();
        let day: Option<u32> = self.get("day").parse().ok();
        let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
        let last = match (month, day) {
            (Some(_), Some(_)) => first.succ_opt()?,
            (Some(_), None) => first.checked_add_months(chrono::Months::new(1))?,
            _ => NaiveDate::from_ymd_opt(year + 1, 1, 1)?,
        };
        Some((first, last))
    }

    fn column(&self, column: &Column) -> Expr {
        Expr::col((Alias::new(&self.model.table), Alias::new(column.name)))
    }
}

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
    db: &Db<'_>,
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

/// The days that a filter by date means.
fn recent(name: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let tomorrow = today.succ_opt()?;
    match name {
        "today" => Some((today, tomorrow)),
        "week" => Some((today - Duration::days(6), tomorrow)),
        "month" => {
            let first = today.with_day(1)?;
            Some((first, first.checked_add_months(chrono::Months::new(1))?))
        }
        "year" => {
            let first = NaiveDate::from_ymd_opt(today.year(), 1, 1)?;
            Some((first, NaiveDate::from_ymd_opt(today.year() + 1, 1, 1)?))
        }
        _ => None,
    }
}

fn never() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
