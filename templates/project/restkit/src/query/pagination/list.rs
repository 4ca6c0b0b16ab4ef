//! A list before it is cut into pages.

use std::sync::Arc;

use sea_orm::sea_query::{Order, SelectStatement};
use sea_orm::{QueryResult, Value};

use crate::Result;
use crate::db::nulls;
use crate::model::columns::Columns;

/// The rows of an entity, as plain data: the same code for all entities.
pub(super) struct List {
    pub select: SelectStatement,
    /// The numbers of the columns to order by; the rows are in their own order if there are none.
    pub order: Vec<(usize, Order)>,
    pub columns: Arc<Columns>,
    /// Returns the values of a row in all columns, as the model has them.
    pub values: fn(&QueryResult) -> Result<Vec<Value>>,
}

impl List {
    /// The rows in their order; the key comes last.
    pub fn ordered(mut self) -> SelectStatement {
        if !self.order.is_empty() {
            self.select.clear_order_by();
        }
        for (number, direction) in self.order_with_key(Order::Asc) {
            let column = &self.columns.all[number];
            if column.is_nullable {
                let nulls = nulls(&direction);
                self.select
                    .order_by_expr_with_nulls(column.expr(), direction, nulls)
            } else {
                self.select.order_by_expr(column.expr(), direction)
            };
        }
        self.select
    }

    /// The order with the key in it, which decides between rows that are equal in all else.
    pub fn order_with_key(&self, direction: Order) -> Vec<(usize, Order)> {
        let mut order = self.order.clone();
        for key in &self.columns.keys {
            if !order.iter().any(|(number, _)| number == key) {
                order.push((*key, direction.clone()));
            }
        }
        order
    }
}
