//! Filters and the order of a list: `?completed=true&search=x&ordering=-id`.
//!
//! Only what a viewset declares counts. Other parameters are ignored, and so is an empty value; a
//! value that means nothing is 400 and names its parameter.

mod asked;
mod filter_set;
mod lookup;
pub(crate) mod pattern;
mod place;
mod search;
mod value;

use std::marker::PhantomData;

use sea_orm::sea_query::Order;
use sea_orm::{IdenStatic, Iterable, QueryFilter, QueryTrait, Select};

use super::filters::filter_set::{Field, FilterSet};
pub use super::filters::lookup::Lookup;
use super::filters::pattern::Part;
use super::filters::place::Place;
pub(crate) use super::filters::value::parse;
use crate::db::nulls;
use crate::model::{Entity, ManyToMany};
use crate::query::Parameter;
use crate::{Context, Result};

/// The filters of an entity's list, by its columns.
///
/// ```
/// use restkit::auth::models::group::{self, Column};
/// use restkit::{Filters, Lookup};
///
/// fn filters() -> Filters<group::Entity> {
///     Filters::new()
///         .exact([Column::Id])
///         .lookups(Column::Name, [Lookup::Exact, Lookup::IContains])
///         .search([Column::Name])
///         .ordering([Column::Id, Column::Name])
/// }
/// ```
pub struct Filters<E: Entity> {
    set: FilterSet,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Default for Filters<E> {
    fn default() -> Self {
        Self {
            set: FilterSet::default(),
            entity: PhantomData,
        }
    }
}

impl<E: Entity> Filters<E> {
    /// No filters at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// `?completed=true` for each of these columns.
    pub fn exact(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        for column in columns {
            self = self.lookups(column, [Lookup::Exact]);
        }
        self
    }

    /// These lookups for a column: `?title__icontains=x`.
    pub fn lookups(mut self, column: E::Column, lookups: impl IntoIterator<Item = Lookup>) -> Self {
        self.set.fields.push(Field {
            place: Place::own::<E>(column),
            lookups: lookups.into_iter().collect(),
        });
        self
    }

    /// These lookups for a column of the row that `by` refers to: with the column `author_id`,
    /// `?author__name=x`.
    pub fn related<F: Entity>(
        mut self,
        by: E::Column,
        column: F::Column,
        lookups: impl IntoIterator<Item = Lookup>,
    ) -> Self {
        self.set.fields.push(Field {
            place: Place::related::<E, F>(by, column),
            lookups: lookups.into_iter().collect(),
        });
        self
    }

    /// `?tags=1` and `?tags__in=1,2` for a list of keys: rows that list one of them.
    pub fn many_to_many(mut self, list: ManyToMany) -> Self {
        self.set.fields.push(Field {
            place: Place::listed::<E>(list),
            lookups: vec![Lookup::Exact, Lookup::In],
        });
        self
    }

    /// `?search=` finds rows that have each of its words in one of these columns.
    pub fn search(self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.searched(columns, Part::Anywhere)
    }

    /// `?search=` looks at the beginnings of these columns too: DRF's `^title`.
    pub fn search_start(self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.searched(columns, Part::Start)
    }

    /// `?search=` looks at these columns as a whole too: DRF's `=title`.
    pub fn search_exact(self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.searched(columns, Part::Whole)
    }

    fn searched(mut self, columns: impl IntoIterator<Item = E::Column>, part: Part) -> Self {
        let columns = columns.into_iter();
        let places = columns.map(Place::own::<E>);
        self.set.search.extend(places.map(|place| (place, part)));
        self
    }

    /// `?search=` looks at these columns of the row that `by` refers to, too: DRF's `author__name`.
    pub fn search_related<F: Entity>(
        mut self,
        by: E::Column,
        columns: impl IntoIterator<Item = F::Column>,
    ) -> Self {
        let columns = columns.into_iter();
        let places = columns.map(|column| Place::related::<E, F>(by, column));
        self.set
            .search
            .extend(places.map(|place| (place, Part::Anywhere)));
        self
    }

    /// `?ordering=-title` for each of these columns.
    pub fn ordering(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        let places = columns.into_iter().map(Place::own::<E>);
        self.set.ordering.extend(places);
        self
    }

    /// `?ordering=author__name` for these columns of the row that `by` refers to. A cursor's pages
    /// keep to columns of their own.
    pub fn ordering_related<F: Entity>(
        mut self,
        by: E::Column,
        columns: impl IntoIterator<Item = F::Column>,
    ) -> Self {
        let columns = columns.into_iter();
        let places = columns.map(|column| Place::related::<E, F>(by, column));
        self.set.ordering.extend(places);
        self
    }

    /// Parameters call this column otherwise than the model does: `author` for `author_id`.
    pub fn name(mut self, column: E::Column, name: &'static str) -> Self {
        self.set.names.push((column.as_str(), name));
        self
    }

    /// Those rows of `select` that the request asks for.
    ///
    /// # Errors
    ///
    /// 400 with all values that mean nothing, by their parameters; or if the database fails.
    pub async fn apply(&self, ctx: &Context, select: Select<E>) -> Result<Select<E>> {
        let conditions = self.set.conditions(ctx).await?;
        Ok(conditions.into_iter().fold(select, Select::filter))
    }

    /// The order that `?ordering=` asks for; what is not declared is passed over, as in DRF. It is
    /// given by our own columns, or where others are among them it is in the query itself.
    pub fn order(
        &self,
        ctx: &Context,
        mut select: Select<E>,
    ) -> (Select<E>, Vec<(E::Column, Order)>) {
        let order = self.set.order(ctx);
        let own = order.iter().map(|(place, direction)| match place {
            Place::Own(column) => Some((named::<E>(column.name)?, direction.clone())),
            Place::Related(_) | Place::Listed(_) => None,
        });
        if let Some(own) = own.collect() {
            return (select, own);
        }
        let query = QueryTrait::query(&mut select);
        query.clear_order_by();
        for (place, direction) in order {
            query.order_by_expr_with_nulls(place.value(), direction.clone(), nulls(&direction));
        }
        (select, Vec::new())
    }

    /// All parameters, for schemas and pages. `choices` tells what may be written to a column, if
    /// that is a few texts: the database knows only those of its own enums.
    pub fn parameters(&self, choices: impl Fn(&str) -> Vec<String>) -> Vec<Parameter> {
        self.set.parameters(&choices)
    }
}

fn named<E: Entity>(name: &str) -> Option<E::Column> {
    E::Column::iter().find(|column| column.as_str() == name)
}

#[cfg(test)]
mod tests;
