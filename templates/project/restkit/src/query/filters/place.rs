//! Where a column is that a list is filtered, searched or ordered by.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, IdenStatic, Iterable, PrimaryKeyToColumn};

use super::column::Column;
use crate::model::{Entity, ManyToMany};

/// Where a filtered column is.
pub(super) enum Place<E: Entity> {
    Own(E::Column),
    /// In the row that a column of ours refers to.
    Related(E::Column, Related),
    /// In a table between ours and another one.
    Listed(Box<(ManyToMany, Column)>),
}

pub(super) struct Related {
    pub name: &'static str,
    pub key: (&'static str, &'static str),
    column: Box<dyn Fn() -> Column + Send + Sync>,
}

impl<E: Entity> Place<E> {
    pub fn column(&self) -> Column {
        match self {
            Self::Own(column) => Column::of::<E>(*column),
            Self::Related(_, related) => (related.column)(),
            Self::Listed(listed) => listed.1.clone(),
        }
    }

    /// A condition on the column, as one on our rows.
    pub fn condition(&self, condition: Condition) -> Condition {
        let (own, (table, key)) = match self {
            Self::Own(_) => return condition,
            Self::Related(by, related) => (by.as_str(), related.key),
            Self::Listed(listed) => (key_of::<E>(), listed.0.own_key()),
        };
        let mut rows = Query::select();
        rows.column((Alias::new(table), Alias::new(key)))
            .from(Alias::new(table))
            .cond_where(condition);
        let own = Expr::col((Alias::new(E::default().table_name()), Alias::new(own)));
        Condition::all().add(own.in_subquery(rows))
    }

    /// The value of the column, to order by.
    pub fn value(&self) -> Expr {
        match self {
            Self::Related(by, related) => {
                let (table, key) = related.key;
                let own = Expr::col((Alias::new(E::default().table_name()), *by));
                let mut row = Query::select();
                row.expr(self.column().own())
                    .from(Alias::new(table))
                    .and_where(Expr::col((Alias::new(table), Alias::new(key))).eq(own));
                Expr::SubQuery(None, Box::new(row.into()))
            }
            Self::Own(_) | Self::Listed(_) => self.column().own(),
        }
    }
}

impl Related {
    pub fn of<F: Entity>(column: F::Column) -> Self {
        Self {
            name: column.json_key(),
            key: (F::default().table_name(), key_of::<F>()),
            column: Box::new(move || Column::of::<F>(column)),
        }
    }
}

fn key_of<E: Entity>() -> &'static str {
    let key = E::PrimaryKey::iter().next();
    key.map_or("id", |key| key.into_column().as_str())
}
