//! The filters beside a list, and the dates above it.

use chrono::{Datelike, NaiveDate};
use sea_orm::ConnectionTrait;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, FunctionCall, Order, SelectStatement,
};
use serde::Serialize;

use crate::admin::listing::Listing;
use crate::admin::model::Column;
use crate::admin::store::Query;
use crate::db::Connection;
use crate::model::value::Kind;
use crate::{AdminSite, Result};

/// So many values of a column, or rows that it refers to, are offered.
const MAX_CHOICES: u64 = 50;

/// One filter.
#[derive(Debug, Serialize)]
pub(super) struct Filter {
    pub label: String,
    pub choices: Vec<Link>,
}

/// One choice of it.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub label: String,
    pub url: String,
    pub selected: bool,
}

/// The filters of a list.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn filters(
    site: &AdminSite,
    db: &Connection,
    listing: &Listing<'_>,
) -> Result<Vec<Filter>> {
    let mut filters = Vec::new();
    for number in &listing.model.options.filters {
        let column = &listing.model.columns[*number];
        let mut choices = vec![(String::new(), "All".to_owned())];
        choices.extend(choices_of(site, db, listing, column).await?);
        if column.is_nullable {
            choices.push(("(some)".to_owned(), "Not empty".to_owned()));
            choices.push(("(none)".to_owned(), "Empty".to_owned()));
        }
        let asked = listing.get(column.name);
        let links = choices.into_iter().map(|(value, label)| Link {
            url: listing.url(&[(column.name, &value)]),
            selected: value == asked,
            label,
        });
        filters.push(Filter {
            label: column.label.clone(),
            choices: links.collect(),
        });
    }
    Ok(filters)
}

async fn choices_of(
    site: &AdminSite,
    db: &Connection,
    listing: &Listing<'_>,
    column: &Column,
) -> Result<Vec<(String, String)>> {
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs.map(|(a, b)| (a.to_string(), b.to_string())).collect()
    };
    if !column.choices.is_empty() {
        return Ok(column.choices.clone());
    }
    let other = column
        .refers
        .as_ref()
        .and_then(|(table, _)| site.of_table(table));
    match (column.kind, other) {
        (_, Some(other)) => {
            let mut query = Query::new(Condition::all(), MAX_CHOICES);
            query.order = other.own_order();
            let rows = other.store.rows(db, query).await?;
            Ok(rows.into_iter().map(|row| (row.key, row.label)).collect())
        }
        (Kind::Bool, _) => Ok(pairs(&[("true", "Yes"), ("false", "No")])),
        (Kind::Date | Kind::DateTime, _) => Ok(pairs(&[
            ("today", "Today"),
            ("week", "Past 7 days"),
            ("month", "This month"),
            ("year", "This year"),
        ])),
        _ => values(db, listing, column).await,
    }
}

/// The values that a column has.
async fn values(
    db: &Connection,
    listing: &Listing<'_>,
    column: &Column,
) -> Result<Vec<(String, String)>> {
    let mut select = SelectStatement::new();
    let own = Expr::col(Alias::new(column.name));
    // SQLite keeps a UUID as bytes, which make no text.
    let is_uuid = column.kind == Kind::Uuid;
    let shown = if is_uuid { own } else { own.cast_as("text") };
    select
        .distinct()
        .expr_as(shown, Alias::new("value"))
        .from(Alias::new(&listing.model.table))
        .and_where(Expr::col(Alias::new(column.name)).is_not_null())
        .order_by(Alias::new("value"), Order::Asc)
        .limit(MAX_CHOICES);
    let rows = db.query_all(&select).await?;
    let values = rows.iter().map(|row| {
        if is_uuid {
            row.try_get("", "value").map(|uuid: Uuid| uuid.to_string())
        } else {
            row.try_get("", "value")
        }
    });
    let values: Vec<String> = values.collect::<Result<_, _>>()?;
    let values = values.into_iter().filter(|value| !value.is_empty());
    Ok(values.map(|value| (value.clone(), value)).collect())
}

/// The years, months or days to go on to, and the way back.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn dates(db: &Connection, listing: &Listing<'_>) -> Result<Vec<Link>> {
    let Some(number) = listing.model.options.date_hierarchy else {
        return Ok(Vec::new());
    };
    let link = |label: String, [year, month, day]: [&str; 3]| Link {
        label,
        url: listing.url(&[("year", year), ("month", month), ("day", day)]),
        selected: false,
    };
    let (year, month) = (listing.get("year"), listing.get("month"));
    let Some((first, _)) = listing.period() else {
        let years = years(db, listing, &listing.model.columns[number]).await?;
        let years = years.map(|year| link(year.to_string(), [&year.to_string(), "", ""]));
        return Ok(years.collect());
    };
    let mut links = vec![link("‹ All dates".to_owned(), ["", "", ""])];
    if month.is_empty() {
        let months = (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(first.year(), month, 1));
        let months = months.map(|at| {
            let label = at.format("%B").to_string();
            link(label, [year, &at.month().to_string(), ""])
        });
        links.extend(months);
        return Ok(links);
    }
    links.push(link(format!("‹ {year}"), [year, "", ""]));
    let days = first
        .with_day(1)
        .into_iter()
        .flat_map(|day| day.iter_days());
    let days = days.take_while(|day| day.month() == first.month());
    links.extend(days.map(|at| {
        let day = at.day().to_string();
        Link {
            selected: listing.get("day") == day,
            ..link(day.clone(), [year, month, &day])
        }
    }));
    Ok(links)
}

/// The first and the last one are two questions: each is answered by an index, both at once not.
async fn years(
    db: &Connection,
    listing: &Listing<'_>,
    column: &Column,
) -> Result<impl Iterator<Item = i32> + use<>> {
    let first = year(db, listing, column, Func::min).await?;
    let last = year(db, listing, column, Func::max).await?;
    let years = first.zip(last).map(|(first, last)| first..=last);
    Ok(years.into_iter().flatten())
}

async fn year(
    db: &Connection,
    listing: &Listing<'_>,
    column: &Column,
    end: fn(Expr) -> FunctionCall,
) -> Result<Option<i32>> {
    let end = Expr::from(end(Expr::col(Alias::new(column.name))));
    let mut select = SelectStatement::new();
    select
        .expr_as(end.cast_as("text"), Alias::new("at"))
        .from(Alias::new(&listing.model.table));
    let Some(row) = db.query_one(&select).await? else {
        return Ok(None);
    };
    let at: Option<String> = row.try_get("", "at")?;
    Ok(at.and_then(|at| at.split('-').next()?.parse().ok()))
}
