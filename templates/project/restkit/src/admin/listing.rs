//! The query of a list's URL, as SQL.

use chrono::{Datelike, Duration, NaiveDate, Utc};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use crate::admin::bounded_count::{COUNTED, COUNTED_NARROWED, Count, count};
use crate::admin::keyset::{Seek, Side};
use crate::admin::model::{Column, RegisteredModel, Shown};
use crate::admin::search_terms::Words;
use crate::admin::store::{Query, Row, never};
use crate::db::Connection;
use crate::http::query::query_pairs;
use crate::model::value;
use crate::model::value::Kind;
use crate::{Context, Error, Result};

/// The parameters that say which page of a list it is: its number, and the row beside which it
/// begins. Without such a row the rows of all pages before are counted off.
const PAGE: &str = "page";
const AFTER: &str = "_after";
const BEFORE: &str = "_before";

/// The request of a list's URL.
pub(super) struct Listing<'m> {
    pub model: &'m RegisteredModel,
    path: String,
    pairs: Vec<(String, String)>,
    backend: DbBackend,
    words: Words,
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
    /// 404 if the page is not a number; or if the database fails.
    pub async fn read(ctx: &Context, db: &Connection, model: &'m RegisteredModel) -> Result<Self> {
        let pairs = query_pairs(&ctx.uri).filter(|(_, value)| !value.is_empty());
        let page = ctx.query(PAGE).unwrap_or_default();
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
            words: Words::read(db, model, &ctx.query("q").unwrap_or_default()).await?,
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

    /// This list with other parameters; an empty one is left out. It begins at the first page.
    pub fn url(&self, changes: &[(&str, &str)]) -> String {
        let is_changed = |name: &str| is_page(name) || changes.iter().any(|(it, _)| *it == name);
        let kept = self.pairs.iter().filter(|(name, _)| !is_changed(name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let new = changes
            .iter()
            .copied()
            .filter(|(_, value)| !value.is_empty());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept.chain(new));
        let query = query.finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }

    /// The parameters that a search form has to keep.
    pub fn kept(&self) -> impl Iterator<Item = &(String, String)> {
        let kept = self.pairs.iter();
        kept.filter(|(name, _)| name != "q" && !is_page(name))
    }

    /// Returns whether something narrows the list down.
    pub fn is_narrowed(&self) -> bool {
        self.pairs
            .iter()
            .any(|(name, _)| name != "o" && !is_page(name))
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
    pub async fn find(&self, db: &Connection) -> Result<Found> {
        let size = self.model.options.per_page;
        let offset = (self.page - 1)
            .checked_mul(size)
            .ok_or_else(Error::not_found)?;
        let mut query = Query::new(self.condition(), size + 1);
        query.order = self.order();
        let seek = self.seek(db).await?;
        match &seek {
            Some(seek) => seek.apply(&mut query),
            None => query.offset = offset,
        }
        let mut rows = self.model.store.rows(db, query).await?;
        if rows.is_empty() && self.page > 1 {
            return Err(Error::not_found());
        }
        let has_more = rows.len() as u64 > size;
        rows.truncate(size as usize);
        let is_before = seek.as_ref().is_some_and(Seek::is_before);
        if is_before {
            rows.reverse();
        }
        // On the last page all are known without counting them.
        let count = match (has_more || seek.is_some(), self.is_narrowed()) {
            (false, _) => Count::All(offset + rows.len() as u64),
            (true, false) => self.count(db, COUNTED).await?,
            (true, true) => self.count(db, COUNTED_NARROWED).await?,
        };
        Ok(Found {
            rows,
            count,
            is_last: !has_more && !is_before,
        })
    }

    /// The row beside which the page begins, if the URL names one.
    async fn seek(&self, db: &Connection) -> Result<Option<Seek<'m>>> {
        let model_page = match (self.page, self.get(AFTER), self.get(BEFORE)) {
            (1, ..) | (_, "", "") => return Ok(None),
            (_, "", key) => (key, Side::Before),
            (_, key, _) => (key, Side::After),
        };
        Seek::find(db, self.model, model_page).await
    }

    /// The page before this one, and the one after it.
    pub fn neighbours(&self, found: &Found) -> (Option<String>, Option<String>) {
        let at = |page: u64, side: &str, row: Option<&Row>| {
            let page = page.to_string();
            let key = row.map_or("", |row| &row.key);
            self.url(&[(PAGE, &page), (side, key)])
        };
        let previous = match self.page {
            1 => None,
            2 => Some(self.url(&[])),
            page => Some(at(page - 1, BEFORE, found.rows.first())),
        };
        let next = (!found.is_last).then(|| at(self.page + 1, AFTER, found.rows.last()));
        (previous, next)
    }

    async fn count(&self, db: &Connection, limit: u64) -> Result<Count> {
        count(db, &self.model.table, (self.condition(), limit)).await
    }

    fn order(&self) -> Vec<(&'static str, Order)> {
        match self.sorted() {
            None => self.model.own_order(),
            Some((number, is_down)) => {
                let order = if is_down { Order::Desc } else { Order::Asc };
                let key = self.model.key().name;
                vec![
                    (self.model.columns[number].name, order.clone()),
                    (key, order),
                ]
            }
        }
    }

    /// The condition that all rows of the list fulfil.
    pub fn condition(&self) -> Condition {
        let mut all = self.words.condition(self.model, self.backend);
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
            _ => {
                let value = value::parse(&column.null, asked).ok();
                match value.and_then(|value| column.bound(value)) {
                    Some(value) => one(own.eq(value)),
                    None => never(),
                }
            }
        }
    }

    /// From the first day on, and before the last.
    fn between(&self, column: &Column, first: NaiveDate, last: NaiveDate) -> Condition {
        let at = |day: NaiveDate| {
            let text = match column.kind {
                Kind::Date => day.to_string(),
                _ => format!("{day}T00:00:00"),
            };
            value::parse(&column.null, &text).unwrap_or(Value::String(None))
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

fn is_page(name: &str) -> bool {
    [PAGE, AFTER, BEFORE].contains(&name)
}
