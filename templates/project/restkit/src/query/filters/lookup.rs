//! Lookups: the ways in which a column can be compared, in Django's words.

use chrono::{Datelike, NaiveDate, NaiveTime};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, SimpleExpr};
use sea_orm::{DbBackend, Value};

use super::pattern::Part;
use super::{pattern, value};
use crate::model::Column;
use crate::model::value::Kind;

/// How the rows of a filter compare with its value.
///
/// Texts are trimmed. Those with an `I` take small and capital letters as the same: on SQLite for
/// all letters, on PostgreSQL for those of its database's locale.
///
/// ```
/// use restkit::auth::models::group::{self, Column};
/// use restkit::{Filters, Lookup};
///
/// // ?name=staff, ?name__in=staff,crew and ?name__icontains=sta
/// let lookups = [Lookup::Exact, Lookup::In, Lookup::IContains];
/// let filters = Filters::<group::Entity>::new().lookups(Column::Name, lookups);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `?title=x`
    Exact,
    /// `?title__ne=x`: all others, also those without a value.
    Ne,
    /// `?title__iexact=x`
    IExact,
    /// `?title__contains=x`
    Contains,
    /// `?title__icontains=x`
    IContains,
    /// `?title__startswith=x`
    StartsWith,
    /// `?title__istartswith=x`
    IStartsWith,
    /// `?title__endswith=x`
    EndsWith,
    /// `?title__iendswith=x`
    IEndsWith,
    /// `?id__in=1,2`
    In,
    /// `?price__lt=7`
    Lt,
    /// `?price__lte=7`
    Lte,
    /// `?price__gt=7`
    Gt,
    /// `?price__gte=7`
    Gte,
    /// `?price__range=5,7`: both ends included.
    Range,
    /// `?due__isnull=true`
    IsNull,
    /// `?created__date=2024-02-29`: that day in UTC.
    Date,
    /// `?due__year=2024`
    Year,
    /// `?due__month=2`
    Month,
    /// `?due__day=29`
    Day,
}

impl Lookup {
    /// The ending of the parameter's name: `__icontains`; none if it is exact.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Exact => "",
            Self::Ne => "__ne",
            Self::IExact => "__iexact",
            Self::Contains => "__contains",
            Self::IContains => "__icontains",
            Self::StartsWith => "__startswith",
            Self::IStartsWith => "__istartswith",
            Self::EndsWith => "__endswith",
            Self::IEndsWith => "__iendswith",
            Self::In => "__in",
            Self::Lt => "__lt",
            Self::Lte => "__lte",
            Self::Gt => "__gt",
            Self::Gte => "__gte",
            Self::Range => "__range",
            Self::IsNull => "__isnull",
            Self::Date => "__date",
            Self::Year => "__year",
            Self::Month => "__month",
            Self::Day => "__day",
        }
    }

    /// The label of an input for the value.
    pub(super) fn label(self, name: &str) -> String {
        let name = name.replace("__", " ").replace('_', " ");
        let ask = match self {
            Self::Exact | Self::IExact => return name,
            Self::Ne => "is not",
            Self::Contains | Self::IContains => "contains",
            Self::StartsWith | Self::IStartsWith => "begins with",
            Self::EndsWith | Self::IEndsWith => "ends with",
            Self::In => "is one of",
            Self::Lt => "is less than",
            Self::Lte => "is at most",
            Self::Gt => "is greater than",
            Self::Gte => "is at least",
            Self::Range => "is from, to",
            Self::IsNull => "is empty",
            Self::Date => "is on",
            Self::Year => "is in the year",
            Self::Month => "is in the month",
            Self::Day => "is on the day",
        };
        format!("{name} {ask}")
    }

    /// Describes the lookup of `name` in a sentence.
    pub(super) fn description(self, name: &str) -> String {
        let ask = match self {
            Self::Exact => "is this",
            Self::Ne => "is not this",
            Self::IExact => "is this, in small or capital letters",
            Self::Contains => "contains this",
            Self::IContains => "contains this, in small or capital letters",
            Self::StartsWith => "begins with this",
            Self::IStartsWith => "begins with this, in small or capital letters",
            Self::EndsWith => "ends with this",
            Self::IEndsWith => "ends with this, in small or capital letters",
            Self::In => "is one of these, with commas between them",
            Self::Lt => "is less than this",
            Self::Lte => "is at most this",
            Self::Gt => "is greater than this",
            Self::Gte => "is at least this",
            Self::Range => "is from the first to the second of these, with a comma between them",
            Self::IsNull => "has no value (true) or has one (false)",
            Self::Date => "is on this day",
            Self::Year => "is in this year",
            Self::Month => "is in this month, 1 to 12",
            Self::Day => "is on this day of the month, 1 to 31",
        };
        format!("Rows whose {name} {ask}.")
    }

    /// The kind of its value, where that is not the column's.
    pub(super) fn kind(self) -> Option<&'static str> {
        match self {
            Self::IsNull => Some("boolean"),
            Self::Year | Self::Month | Self::Day => Some("integer"),
            Self::Date => Some("date"),
            Self::IExact | Self::Contains | Self::IContains | Self::StartsWith => Some("string"),
            Self::IStartsWith | Self::EndsWith | Self::IEndsWith => Some("string"),
            _ => None,
        }
    }

    /// Returns whether it takes several values.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::In | Self::Range)
    }

    /// The condition on the rows.
    ///
    /// # Errors
    ///
    /// If the text means nothing, in django-filter's words.
    pub(super) fn condition(
        self,
        column: &Column,
        text: &str,
        backend: DbBackend,
    ) -> Result<Condition, String> {
        let compare = Compare { column, backend };
        let part = |part| {
            value::plain(text.trim())
                .map(|text| pattern::minding_case(column.as_text(), text, part, backend))
        };
        let ipart = |part| {
            value::plain(text.trim())
                .map(|text| pattern::ignoring_case(column.as_text(), text, part, backend))
        };
        let one = match self {
            Self::Exact => compare.with(Operator::Eq, value::parse(column, text)?),
            Self::Ne => {
                let other = compare.with(Operator::Ne, value::parse(column, text)?);
                other.or(column.expr().is_null())
            }
            Self::Lt => compare.with(Operator::Lt, value::parse(column, text)?),
            Self::Lte => compare.with(Operator::Lte, value::parse(column, text)?),
            Self::Gt => compare.with(Operator::Gt, value::parse(column, text)?),
            Self::Gte => compare.with(Operator::Gte, value::parse(column, text)?),
            Self::In => compare.is_in(value::parse_list(column, text)?),
            Self::Range => compare.range(text)?,
            Self::IsNull => {
                if value::boolean(text.trim())? {
                    column.expr().is_null()
                } else {
                    column.expr().is_not_null()
                }
            }
            Self::IExact => ipart(Part::Whole)?,
            Self::Contains => part(Part::Anywhere)?,
            Self::IContains => ipart(Part::Anywhere)?,
            Self::StartsWith => part(Part::Start)?,
            Self::IStartsWith => ipart(Part::Start)?,
            Self::EndsWith => part(Part::End)?,
            Self::IEndsWith => ipart(Part::End)?,
            Self::Date => {
                let day = value::date(text.trim())?;
                compare.days(day, day.succ_opt())?
            }
            Self::Year => {
                let year = number(text, 1, 9999)?;
                let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
                let start = first(year).ok_or_else(|| "Enter a number.".to_owned())?;
                compare.days(start, first(year + 1))?
            }
            Self::Month => compare.part("MONTH", "%m", number(text, 1, 12)?)?,
            Self::Day => compare.part("DAY", "%d", number(text, 1, 31)?)?,
        };
        Ok(Condition::all().add(one))
    }
}

fn number(text: &str, min: i32, max: i32) -> Result<i32, String> {
    let number = value::whole(text.trim(), min.into(), max.into())?;
    i32::try_from(number).map_err(|error| error.to_string())
}

#[derive(Clone, Copy)]
enum Operator {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

struct Compare<'c> {
    column: &'c Column,
    backend: DbBackend,
}

impl Compare<'_> {
    fn with(&self, operator: Operator, value: Value) -> SimpleExpr {
        let exact = self.exact(operator, value.clone());
        match self.about(operator, &value) {
            Some(about) => about.and(exact),
            None => exact,
        }
    }

    fn exact(&self, operator: Operator, value: Value) -> SimpleExpr {
        let (own, other) = (self.own(), self.other(value));
        match operator {
            Operator::Eq => own.eq(other),
            Operator::Ne => own.ne(other),
            Operator::Lt => own.lt(other),
            Operator::Lte => own.lte(other),
            Operator::Gt => own.gt(other),
            Operator::Gte => own.gte(other),
        }
    }

    /// An index knows nothing of moments that went through a function, but it knows the days that
    /// the texts of SQLite begin with, and a day more covers every time zone.
    fn about(&self, operator: Operator, value: &Value) -> Option<SimpleExpr> {
        if self.backend != DbBackend::Sqlite || self.column.kind != Kind::DateTime {
            return None;
        }
        let text = crate::model::value::text(value);
        let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
        let from = || Some(self.column.expr().gte(iso(day.pred_opt()?)?));
        let to = || Some(self.column.expr().lt(iso(day.succ_opt()?.succ_opt()?)?));
        match operator {
            Operator::Eq => Some(from()?.and(to()?)),
            Operator::Ne => None,
            Operator::Lt | Operator::Lte => to(),
            Operator::Gt | Operator::Gte => from(),
        }
    }

    fn own(&self) -> Expr {
        let own = match self.column.kind {
            Kind::Json | Kind::Other => self.column.as_text(),
            _ => self.column.expr(),
        };
        moment(self.column, self.backend, own)
    }

    fn other(&self, value: Value) -> Expr {
        moment(self.column, self.backend, self.column.bound(value))
    }

    fn is_in(&self, values: Vec<Value>) -> SimpleExpr {
        let values = values.into_iter().map(|value| self.other(value));
        self.own().is_in(values)
    }

    fn range(&self, text: &str) -> Result<SimpleExpr, String> {
        let values = value::parse_list(self.column, text)?;
        match <[Value; 2]>::try_from(values) {
            Ok([first, last]) => {
                let first = self.with(Operator::Gte, first);
                Ok(first.and(self.with(Operator::Lte, last)))
            }
            Err(_) => Err("Range query expects two values.".to_owned()),
        }
    }

    /// From the first of these days on, and before the second; without one, all that follow.
    fn days(&self, first: NaiveDate, end: Option<NaiveDate>) -> Result<SimpleExpr, String> {
        let at = |day: NaiveDate| value::of_moment(&self.column.null, day.and_time(NaiveTime::MIN));
        let from = self.with(Operator::Gte, at(first)?);
        match end.filter(|end| end.year() <= 9999) {
            Some(end) => Ok(from.and(self.with(Operator::Lt, at(end)?))),
            None => Ok(from),
        }
    }

    fn part(&self, name: &str, format: &str, number: i32) -> Result<SimpleExpr, String> {
        if !matches!(self.column.kind, Kind::Date | Kind::DateTime) {
            return Err("Enter a valid date.".to_owned());
        }
        let own = self.column.expr();
        let is_zoned = !matches!(
            self.column.null,
            Value::ChronoDate(_) | Value::ChronoDateTime(_)
        );
        let part = match (self.backend, is_zoned) {
            (DbBackend::Postgres, true) => {
                let sql = format!("EXTRACT({name} FROM $1 AT TIME ZONE 'UTC')");
                Expr::cust_with_exprs(sql, [own])
            }
            (DbBackend::Postgres, false) => {
                Expr::cust_with_exprs(format!("EXTRACT({name} FROM $1)"), [own])
            }
            _ => {
                let sql = format!("CAST(strftime('{format}', ?) AS INTEGER)");
                Expr::cust_with_exprs(sql, [own])
            }
        };
        Ok(part.eq(number))
    }
}

fn iso(day: NaiveDate) -> Option<String> {
    (1..=9999)
        .contains(&day.year())
        .then(|| day.format("%Y-%m-%d").to_string())
}

/// SQLite keeps moments as texts of several forms; two of them can be compared when both went
/// through this. It is exact to a thousandth of a second.
fn moment(column: &Column, backend: DbBackend, expr: Expr) -> Expr {
    match (column.kind, backend) {
        (Kind::DateTime, DbBackend::Sqlite) => {
            Expr::cust_with_exprs("strftime('%Y-%m-%d %H:%M:%f', ?)", [expr])
        }
        _ => expr,
    }
}
