//! Pages that begin beside a row that is known. The way to them is the same for the tenth page and
//! the ten-thousandth, where counting off the rows of all pages before takes longer with each.

use sea_orm::Value;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, NullOrdering, Order, SelectStatement};

use crate::Result;
use crate::admin::model::{Column, RegisteredModel};
use crate::admin::store::never;
use crate::admin::store::{Query, Row};
use crate::db::{Connection, nulls};
use crate::model::value;

/// On which side of the row the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    After,
    Before,
}

/// The row beside which a page begins.
pub(super) struct Seek<'m> {
    model: &'m RegisteredModel,
    row: Row,
    key: Value,
    side: Side,
}

impl<'m> Seek<'m> {
    /// Finds the row with this key; nothing if there is none, or no longer.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn find(
        db: &Connection,
        model: &'m RegisteredModel,
        (key, side): (&str, Side),
    ) -> Result<Option<Self>> {
        let Ok(key) = value::parse(&model.key().null, key) else {
            return Ok(None);
        };
        let query = Query::new(model.with_keys(vec![key.clone()]), 1);
        let row = model.store.rows(db, query).await?.pop();
        Ok(row.map(|row| Self {
            model,
            row,
            key,
            side,
        }))
    }

    /// Returns whether the page ends where the row is.
    pub fn is_before(&self) -> bool {
        self.side == Side::Before
    }

    /// Narrows a query in this order down to the rows on the wanted side, the nearest first.
    pub fn apply(&self, query: &mut Query) {
        if self.side == Side::Before {
            for (_, order) in &mut query.order {
                *order = match order {
                    Order::Desc => Order::Asc,
                    _ => Order::Desc,
                };
            }
        }
        let beyond = self.beyond(&query.order);
        query.condition = query.condition.clone().add(beyond);
    }

    /// The rows beyond this one: further in the first column, or level with it and further in the others.
    fn beyond(&self, order: &[(&'static str, Order)]) -> Condition {
        let Some(((name, order), rest)) = order.split_first() else {
            return never();
        };
        let Some(number) = self.model.position(name) else {
            return self.beyond(rest);
        };
        let column = &self.model.columns[number];
        let own = Expr::col((Alias::new(&self.model.table), Alias::new(*name)));
        let is_null = self.row.values[number] == column.null.as_null();
        let level = if is_null {
            own.clone().is_null()
        } else {
            own.clone().eq(self.value(column))
        };
        let further = self.further(column, order, is_null);
        let level = Condition::all().add(level).add(self.beyond(rest));
        let both = Condition::any().add(further).add(level);
        if column.is_nullable {
            return both;
        }
        // Said once more without `or`, so that an index leads to where the page begins.
        let from = match order {
            Order::Desc => own.lte(self.value(column)),
            _ => own.gte(self.value(column)),
        };
        Condition::all().add(from).add(both)
    }

    fn further(&self, column: &Column, order: &Order, is_null: bool) -> Condition {
        let own = Expr::col((Alias::new(&self.model.table), Alias::new(column.name)));
        let is_down = *order == Order::Desc;
        let empty_first = nulls(order) == NullOrdering::First;
        if is_null {
            return if empty_first {
                Condition::all().add(own.is_not_null())
            } else {
                never()
            };
        }
        let value = self.value(column);
        let further = if is_down {
            own.clone().lt(value)
        } else {
            own.clone().gt(value)
        };
        if column.is_nullable && !empty_first {
            Condition::any().add(further).add(own.is_null())
        } else {
            Condition::all().add(further)
        }
    }

    /// The row's own value, as the database has it: read and sent back it might be written otherwise.
    fn value(&self, column: &Column) -> Expr {
        let key = Expr::col(Alias::new(self.model.key().name));
        let mut select = SelectStatement::new();
        select
            .column(Alias::new(column.name))
            .from(Alias::new(&self.model.table))
            .and_where(key.eq(self.key.clone()));
        Expr::SubQuery(None, Box::new(select.into()))
    }
}
