//! What a request asks of a list, as it is read.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend};

use super::lookup::Lookup;
use super::place::Place;
use super::value;
use crate::model::Column;
use crate::{Context, FieldErrors, Result};

/// The conditions of a request, as they are collected.
pub(super) struct Asked {
    pub backend: DbBackend,
    pub all: Vec<Condition>,
    /// How to count rows that must exist, and how many there must be, by parameter.
    pub keys: Vec<(String, SelectStatement, usize)>,
    pub errors: FieldErrors,
}

impl Asked {
    pub fn add(&mut self, parameter: String, condition: Result<Condition, String>) {
        match condition {
            Ok(condition) => self.all.push(condition),
            Err(words) => self.errors.entry(parameter).or_default().push(words),
        }
    }

    pub fn narrow(&mut self, place: &Place, lookup: Lookup, (parameter, text): (String, &str)) {
        let column = place.column();
        let condition = lookup.condition(column, text, self.backend);
        if condition.is_ok() && matches!(lookup, Lookup::Exact | Lookup::Ne | Lookup::In) {
            self.expect_keys(column, &parameter, text);
        }
        let condition = condition.map(|condition| place.condition(condition));
        self.add(parameter, condition);
    }

    /// Rows that are referred to must exist: notes how to count them.
    fn expect_keys(&mut self, column: &Column, parameter: &str, text: &str) {
        let Some((table, key)) = &column.refers else {
            return;
        };
        let mut values = value::parse_list(column, text).unwrap_or_default();
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(crate::model::value::text(value)));
        let expected = values.len();
        let values = values.into_iter().map(|value| column.bound(value));
        let mut rows = Query::select();
        rows.expr_as(Func::count(Expr::val(1)), Alias::new("found"))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new(key)).is_in(values));
        self.keys.push((parameter.to_owned(), rows, expected));
    }

    pub async fn find_keys(&mut self, ctx: &Context) -> Result<()> {
        for (parameter, rows, expected) in std::mem::take(&mut self.keys) {
            let found = ctx.db().query_one(&rows).await?;
            let found: i64 = match found {
                Some(found) => found.try_get("", "found")?,
                None => 0,
            };
            if usize::try_from(found) != Ok(expected) {
                self.errors.insert(parameter, vec![value::no_row()]);
            }
        }
        Ok(())
    }
}
