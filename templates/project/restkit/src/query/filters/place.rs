//! The place of a column that a list is filtered, searched or ordered by.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{IdenStatic, Iterable, PrimaryKeyToColumn};

use crate::model::{Column, Entity, ManyToMany};

/// The place of a filtered column.
pub(super) enum Place {
    Own(Box<Column>),
    Related(Box<Related>),
    Listed(Box<Listed>),
}

/// A column of the row that a column of ours refers to.
pub(super) struct Related {
    /// Our column.
    pub by: Column,
    pub column: Column,
    /// The key of the other table.
    key: &'static str,
}

/// The other side of a table between ours and another one.
pub(super) struct Listed {
    pub list: ManyToMany,
    column: Column,
    /// Our table, and its key.
    own: (&'static str, &'static str),
}

impl Place {
    pub fn own<E: Entity>(column: E::Column) -> Self {
        Self::Own(Box::new(Column::of::<E>(column)))
    }

    pub fn related<E: Entity, F: Entity>(by: E::Column, column: F::Column) -> Self {
        Self::Related(Box::new(Related {
            by: Column::of::<E>(by),
            column: Column::of::<F>(column),
            key: key_of::<F>(),
        }))
    }

    pub fn listed<E: Entity>(list: ManyToMany) -> Self {
        let column = Column::of_listed(&list);
        let own = (E::default().table_name(), key_of::<E>());
        Self::Listed(Box::new(Listed { list, column, own }))
    }

    pub fn column(&self) -> &Column {
        match self {
            Self::Own(column) => column,
            Self::Related(related) => &related.column,
            Self::Listed(listed) => &listed.column,
        }
    }

    /// A condition on the column, as one on our rows.
    pub fn condition(&self, condition: Condition) -> Condition {
        let (own, (table, key)) = match self {
            Self::Own(_) => return condition,
            Self::Related(related) => (related.by.expr(), (related.column.table, related.key)),
            Self::Listed(listed) => (listed.own_key(), listed.list.own_key()),
        };
        let mut rows = Query::select();
        rows.column((Alias::new(table), Alias::new(key)))
            .from(Alias::new(table))
            .cond_where(condition);
        Condition::all().add(own.in_subquery(rows))
    }

    /// The value of the column, to order by.
    pub fn value(&self) -> Expr {
        let Self::Related(related) = self else {
            return self.column().expr();
        };
        let (table, key) = (related.column.table, related.key);
        let mut row = Query::select();
        row.expr(related.column.expr())
            .from(Alias::new(table))
            .and_where(Expr::col((Alias::new(table), Alias::new(key))).eq(related.by.expr()));
        Expr::SubQuery(None, Box::new(row.into()))
    }
}

impl Listed {
    fn own_key(&self) -> Expr {
        let (table, key) = self.own;
        Expr::col((Alias::new(table), Alias::new(key)))
    }
}

fn key_of<E: Entity>() -> &'static str {
    let key = E::PrimaryKey::iter().next();
    key.map_or("id", |key| key.into_column().as_str())
}
