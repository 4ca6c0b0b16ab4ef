//! The place of a column that a list is filtered, searched or ordered by.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{IdenStatic, Iterable, PrimaryKeyToColumn};

use crate::model::{Column, Entity, ManyToMany};

/// The place of a filtered column.
pub(super) enum Place<E: Entity> {
    Own(E::Column, Box<Column>),
    Related(Box<Related<E>>),
    Listed(Box<Listed>),
}

/// A column of the row that a column of ours refers to.
pub(super) struct Related<E: Entity> {
    /// Our column.
    pub by: E::Column,
    pub column: Column,
    /// The key of the other table.
    key: &'static str,
}

/// The other side of a table between ours and another one.
pub(super) struct Listed {
    pub list: ManyToMany,
    column: Column,
}

impl<E: Entity> Place<E> {
    pub fn own(column: E::Column) -> Self {
        Self::Own(column, Box::new(Column::of::<E>(column)))
    }

    pub fn related<F: Entity>(by: E::Column, column: F::Column) -> Self {
        Self::Related(Box::new(Related {
            by,
            column: Column::of::<F>(column),
            key: key_of::<F>(),
        }))
    }

    pub fn listed(list: ManyToMany) -> Self {
        let column = Column::of_listed(&list);
        Self::Listed(Box::new(Listed { list, column }))
    }

    pub fn column(&self) -> &Column {
        match self {
            Self::Own(_, column) => column,
            Self::Related(related) => &related.column,
            Self::Listed(listed) => &listed.column,
        }
    }

    /// A condition on the column, as one on our rows.
    pub fn condition(&self, condition: Condition) -> Condition {
        let (own, (table, key)) = match self {
            Self::Own(..) => return condition,
            Self::Related(related) => (related.by.as_str(), (related.column.table, related.key)),
            Self::Listed(listed) => (key_of::<E>(), listed.list.own_key()),
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
        let Self::Related(related) = self else {
            return self.column().expr();
        };
        let (table, key) = (related.column.table, related.key);
        let own = Expr::col((Alias::new(E::default().table_name()), related.by));
        let mut row = Query::select();
        row.expr(related.column.expr())
            .from(Alias::new(table))
            .and_where(Expr::col((Alias::new(table), Alias::new(key))).eq(own));
        Expr::SubQuery(None, Box::new(row.into()))
    }
}

fn key_of<E: Entity>() -> &'static str {
    let key = E::PrimaryKey::iter().next();
    key.map_or("id", |key| key.into_column().as_str())
}
