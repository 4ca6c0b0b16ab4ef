//! From rows to what clients see.

use std::future::Future;

use schemars::JsonSchema;
use sea_orm::prelude::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::rest::columns::{Column, Columns};
use crate::rest::viewset::Entity;
use crate::{Context, Result};
use sea_orm::Value as SqlValue;

/// A type that shows rows of an entity.
///
/// For a type that is made of one row alone, implement `From<Model>`. One that shows related rows,
/// too, implements this: it gets all rows of a page at once, so that it needs one query a relation
/// and not one a row.
pub trait Representation<E: Entity>: Serialize + JsonSchema + Send + Sized + 'static {
    /// The rows as clients see them, in the same order.
    fn of(ctx: &Context, rows: Vec<E::Model>) -> impl Future<Output = Result<Vec<Self>>> + Send;
}

impl<E: Entity, T> Representation<E> for T
where
    T: From<E::Model> + Serialize + JsonSchema + Send + 'static,
{
    async fn of(_ctx: &Context, rows: Vec<E::Model>) -> Result<Vec<Self>> {
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// Whether [`tidy`] has anything to do for this model.
pub(super) fn is_untidy(columns: &Columns) -> bool {
    columns.all.iter().any(|column| tidier(column).is_some())
}

/// Writes values as DRF does, which their types alone do not know: decimals with all their places,
/// moments in UTC.
pub(super) fn tidy(columns: &Columns, data: &mut Value) {
    match data {
        Value::Array(rows) => rows.iter_mut().for_each(|row| tidy(columns, row)),
        Value::Object(row) if row.get("results").is_some_and(Value::is_array) => {
            tidy(columns, &mut row["results"]);
        }
        Value::Object(row) => {
            for column in &columns.all {
                if let (Some(tidy), Some(Value::String(text))) =
                    (tidier(column), row.get_mut(column.json_key))
                    && let Some(tidied) = tidy(column, text)
                {
                    *text = tidied;
                }
            }
        }
        _ => {}
    }
}

type Tidier = fn(&Column, &str) -> Option<String>;

fn tidier(column: &Column) -> Option<Tidier> {
    match column.null {
        SqlValue::Decimal(_) if column.decimal.is_some() => Some(decimal),
        SqlValue::ChronoDateTimeUtc(_) | SqlValue::ChronoDateTimeWithTimeZone(_) => Some(moment),
        SqlValue::ChronoDateTime(_) | SqlValue::ChronoTime(_) => Some(fraction),
        _ => None,
    }
}

fn decimal(column: &Column, text: &str) -> Option<String> {
    let mut decimal: Decimal = text.parse().ok()?;
    decimal.rescale(column.decimal?.1);
    Some(decimal.to_string())
}

fn moment(_: &Column, text: &str) -> Option<String> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    let format = match at.timestamp_subsec_micros() {
        0 => "%Y-%m-%dT%H:%M:%SZ",
        _ => "%Y-%m-%dT%H:%M:%S%.6fZ",
    };
    Some(at.format(format).to_string())
}

/// Parts of a second are six digits or none.
fn fraction(_: &Column, text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.')?;
    Some(format!("{whole}.{part:0<6.6}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let column = Column {
            name: "at",
            json_key: "at",
            null: SqlValue::ChronoDateTimeUtc(None),
            is_key: false,
            is_automatic: false,
            is_nullable: false,
            is_unique: false,
            max_length: None,
            decimal: Some((8, 2)),
            refers: None,
        };
        for (text, expected) in [
            ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
            ("2024-01-01T10:00:00+02:00", "2024-01-01T08:00:00Z"),
            ("2024-01-01T10:00:00.120Z", "2024-01-01T10:00:00.120000Z"),
        ] {
            assert_eq!(moment(&column, text).as_deref(), Some(expected));
        }
        assert_eq!(
            fraction(&column, "10:00:00.12").as_deref(),
            Some("10:00:00.120000")
        );
        assert_eq!(fraction(&column, "10:00:00"), None);
        for (text, expected) in [("7", "7.00"), ("7.005", "7.01"), ("-0.1", "-0.10")] {
            assert_eq!(decimal(&column, text).as_deref(), Some(expected));
        }
    }
}
