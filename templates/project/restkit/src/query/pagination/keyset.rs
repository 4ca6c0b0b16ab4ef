//! Positions in an ordered list, and the rows after them: never "skip a million rows", always "greater than
//! this".

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, NullOrdering, Order, SelectStatement};
use sea_orm::{DbBackend, QueryResult, Value};

use crate::Result;
use crate::db::nulls;
use crate::model::Column;
use crate::model::columns::Columns;
use crate::model::value;
use crate::model::value::Kind;
use crate::query::filters::parse;

/// A column that a list is ordered by.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Of the column, among those of its table.
    number: usize,
    column: Column,
    order: Order,
    /// SQLite keeps moments as texts of several forms and decimals as floating-point numbers; the
    /// list is ordered by what is kept, so a position has to be that, too.
    is_raw: bool,
}

/// The values of a row in the columns that the list is ordered by.
pub(super) type Position = Vec<Option<String>>;

impl Key {
    /// The column of this number.
    pub fn of((number, order): (usize, Order), columns: &Columns, backend: DbBackend) -> Self {
        let column = columns.all[number].clone();
        let is_raw = backend == DbBackend::Sqlite
            && (column.kind == Kind::DateTime || matches!(column.null, Value::Decimal(_)));
        Self {
            number,
            column,
            order,
            is_raw,
        }
    }

    /// As `?ordering=` would say it.
    pub fn name(&self) -> String {
        let sign = if self.order == Order::Desc { "-" } else { "" };
        format!("{sign}{}", self.column.name)
    }

    /// The value that a position says, if it is one.
    pub fn value(&self, text: Option<&str>) -> Option<Value> {
        let Some(text) = text else {
            return self.column.is_nullable.then(|| self.column.null.as_null());
        };
        if text.contains('\0') {
            return None;
        }
        match self.column.kind {
            Kind::DateTime if self.is_raw => Some(text.into()),
            Kind::Number if self.is_raw => {
                let number: f64 = text.parse().ok()?;
                number.is_finite().then(|| number.into())
            }
            Kind::Text => {
                let value = Value::from(text);
                self.column.takes(value.clone()).then_some(value)
            }
            _ => parse(&self.column, text).ok(),
        }
    }
}

/// Makes `select` tell the positions of its rows, as far as the models do not.
pub(super) fn select_raw(select: &mut SelectStatement, keys: &[Key]) {
    for (number, key) in keys.iter().enumerate().filter(|(_, key)| key.is_raw) {
        select.expr_as(key.column.expr(), Alias::new(alias(number)));
    }
}

/// Returns the position of a row with these values in its columns.
///
/// # Errors
///
/// If the row has no such columns.
pub(super) fn position(keys: &[Key], row: &QueryResult, values: &[Value]) -> Result<Position> {
    let each = keys.iter().enumerate().map(|(number, key)| {
        if !key.is_raw {
            let value = &values[key.number];
            return Ok((*value != value.as_null()).then(|| value::text(value)));
        }
        let alias = alias(number);
        Ok(match key.column.kind {
            Kind::DateTime => row.try_get("", &alias)?,
            _ => {
                let number: Option<f64> = row.try_get("", &alias)?;
                number.map(|number| number.to_string())
            }
        })
    });
    each.collect()
}

fn alias(number: usize) -> String {
    format!("cursor_{number}")
}

/// Orders `select` by the keys, or exactly the other way round.
pub(super) fn order(select: &mut SelectStatement, keys: &[Key], is_reversed: bool) {
    for key in keys {
        let direction = directed(&key.order, is_reversed);
        let own = key.column.expr();
        if key.column.is_nullable {
            select.order_by_expr_with_nulls(own, direction.clone(), nulls(&direction))
        } else {
            select.order_by_expr(own, direction)
        };
    }
}

fn directed(order: &Order, is_reversed: bool) -> Order {
    match (order, is_reversed) {
        (Order::Desc, false) | (Order::Asc, true) => Order::Desc,
        _ => Order::Asc,
    }
}

/// Returns the rows after a position as conditions that follow one another. Each of them is one range of an
/// index, which a condition of all of them would not be: equal in all columns but the last and after in
/// that, then equal in all but the last two, and so on.
pub(super) fn after(keys: &[Key], position: &[Value], is_reversed: bool) -> Vec<Condition> {
    let mut pieces = Vec::new();
    for last in (0..keys.len()).rev() {
        let equal = keys.iter().zip(position).take(last);
        let equal = equal.fold(Condition::all(), |all, (key, value)| {
            all.add(if *value == value.as_null() {
                key.column.expr().is_null()
            } else {
                key.column.expr().eq(key.column.bound(value.clone()))
            })
        });
        let direction = directed(&keys[last].order, is_reversed);
        let beyond = beyond(&keys[last].column, &position[last], direction);
        pieces.extend(beyond.into_iter().map(|beyond| equal.clone().add(beyond)));
    }
    pieces
}

/// Builds the conditions of rows that come after a value in one column.
fn beyond(column: &Column, value: &Value, direction: Order) -> Vec<Expr> {
    let nulls_are_last = nulls(&direction) == NullOrdering::Last;
    let own = || column.expr();
    if *value == value.as_null() {
        return if nulls_are_last {
            Vec::new()
        } else {
            vec![own().is_not_null()]
        };
    }
    let bound = column.bound(value.clone());
    let mut pieces = vec![match direction {
        Order::Desc => own().lt(bound),
        _ => own().gt(bound),
    }];
    if nulls_are_last && column.is_nullable {
        pieces.push(own().is_null());
    }
    pieces
}
