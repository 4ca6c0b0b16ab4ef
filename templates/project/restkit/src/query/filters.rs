//! Filters and the order of a list: `?completed=true&search=x&ordering=-id`.
//!
//! Only what a viewset declares counts. Other parameters are ignored, and so is an empty value; a
//! value that means nothing is 400 and names its parameter.

mod asked;
mod lookup;
pub(crate) mod pattern;
mod place;
mod search;
mod value;

use std::collections::BTreeSet;

use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, ConnectionTrait, IdenStatic, QueryFilter, QueryTrait, Select};

use super::filters::asked::Asked;
pub use super::filters::lookup::Lookup;
use super::filters::pattern::Part;
use super::filters::place::Place;
pub(crate) use super::filters::value::parse;
use crate::db::nulls;
use crate::model::value::Kind;
use crate::model::{Column, Entity, ManyToMany};
use crate::query::Parameter;
use crate::{Context, Error, FieldErrors, Result};

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
    fields: Vec<Field<E>>,
    search: Vec<(Place<E>, Part)>,
    ordering: Vec<Place<E>>,
    names: Vec<(E::Column, &'static str)>,
}

/// One column, and what may be asked of it.
struct Field<E: Entity> {
    place: Place<E>,
    lookups: Vec<Lookup>,
}

impl<E: Entity> Default for Filters<E> {
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            search: Vec::new(),
            ordering: Vec::new(),
            names: Vec::new(),
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
        self.fields.push(Field {
            place: Place::own(column),
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
        self.fields.push(Field {
            place: Place::related::<F>(by, column),
            lookups: lookups.into_iter().collect(),
        });
        self
    }

    /// `?tags=1` and `?tags__in=1,2` for a list of keys: rows that list one of them.
    pub fn many_to_many(mut self, list: ManyToMany) -> Self {
        self.fields.push(Field {
            place: Place::listed(list),
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
        self.search
            .extend(columns.map(|column| (Place::own(column), part)));
        self
    }

    /// `?search=` looks at these columns of the row that `by` refers to, too: DRF's `author__name`.
    pub fn search_related<F: Entity>(
        mut self,
        by: E::Column,
        columns: impl IntoIterator<Item = F::Column>,
    ) -> Self {
        let columns = columns.into_iter();
        let places = columns.map(|column| Place::related::<F>(by, column));
        self.search
            .extend(places.map(|place| (place, Part::Anywhere)));
        self
    }

    /// `?ordering=-title` for each of these columns.
    pub fn ordering(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.ordering.extend(columns.into_iter().map(Place::own));
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
        let places = columns.map(|column| Place::related::<F>(by, column));
        self.ordering.extend(places);
        self
    }

    /// Parameters call this column otherwise than the model does: `author` for `author_id`.
    pub fn name(mut self, column: E::Column, name: &'static str) -> Self {
        self.names.push((column, name));
        self
    }

    /// Those rows of `select` that the request asks for.
    ///
    /// # Errors
    ///
    /// 400 with all values that mean nothing, by their parameters; or if the database fails.
    pub async fn apply(&self, ctx: &Context, select: Select<E>) -> Result<Select<E>> {
        if ctx.uri.query().is_none() {
            return Ok(select);
        }
        let mut asked = Asked {
            backend: ctx.db().get_database_backend(),
            all: Vec::new(),
            keys: Vec::new(),
            errors: FieldErrors::new(),
        };
        for field in &self.fields {
            let name = self.name_of(&field.place);
            for lookup in &field.lookups {
                let parameter = format!("{name}{}", lookup.suffix());
                if let Some(text) = value_of(ctx, &parameter) {
                    asked.narrow(&field.place, *lookup, (parameter, &text));
                }
            }
        }
        if let (Some(text), false) = (value_of(ctx, "search"), self.search.is_empty()) {
            let condition = search::condition(&self.search, &text, asked.backend);
            asked.add("search".to_owned(), condition);
        }
        asked.find_keys(ctx).await?;
        if asked.errors.is_empty() {
            Ok(asked.all.into_iter().fold(select, Select::filter))
        } else {
            Err(Error::Validation(asked.errors))
        }
    }

    /// The order that `?ordering=` asks for; what is not declared is passed over, as in DRF. It is
    /// given by our own columns, or where others are among them it is in the query itself.
    pub fn order(
        &self,
        ctx: &Context,
        mut select: Select<E>,
    ) -> (Select<E>, Vec<(E::Column, Order)>) {
        let asked = ctx.query("ordering").unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        for name in asked.split(',').map(str::trim) {
            let (name, direction) = match name.strip_prefix('-') {
                Some(name) => (name, Order::Desc),
                None => (name, Order::Asc),
            };
            let mut places = self.ordering.iter();
            let found = places.find(|place| self.name_of(place) == name);
            if let Some(place) = found.filter(|_| seen.insert(name)) {
                order.push((place, direction));
            }
        }
        let own = order.iter().map(|(place, direction)| match place {
            Place::Own(column, _) => Some((*column, direction.clone())),
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
        let mut parameters: Vec<Parameter> = Vec::new();
        for field in &self.fields {
            let name = self.name_of(&field.place);
            let column = field.place.column();
            let mut values = column.variants.clone();
            if matches!(field.place, Place::Own(..))
                && values.is_empty()
                && column.kind == Kind::Text
            {
                values = choices(column.name);
                values.retain(|value| column.takes(value.as_str().into()));
            }
            for lookup in &field.lookups {
                let parameter = lookup_parameter(&name, column, *lookup, &values);
                if !parameters.iter().any(|other| other.name == parameter.name) {
                    parameters.push(parameter);
                }
            }
        }
        if !self.search.is_empty() {
            let columns = self.search.iter();
            let columns: Vec<_> = columns.map(|(place, _)| self.name_of(place)).collect();
            let columns = columns.join(", ");
            let description = format!("Rows that have each of these words in: {columns}.");
            parameters.push(Parameter::new("search", "string", description));
        }
        if !self.ordering.is_empty() {
            let names = self.ordering.iter().map(|place| self.name_of(place));
            let choices = names.flat_map(|name| [name.clone(), format!("-{name}")]);
            parameters.push(Parameter {
                is_list: true,
                label: "order by".to_owned(),
                choices: choices.collect(),
                ..Parameter::new(
                    "ordering",
                    "string",
                    "The columns to order by, with commas between them; `-` turns one round.",
                )
            });
        }
        parameters
    }

    fn name_of(&self, place: &Place<E>) -> String {
        match place {
            Place::Own(column, _) => self.column_name(*column).to_owned(),
            Place::Related(related) => {
                let by = self.column_name(related.by);
                let by = by.strip_suffix("_id").unwrap_or(by);
                format!("{by}__{}", related.column.json_key)
            }
            Place::Listed(listed) => listed.list.field.to_owned(),
        }
    }

    fn column_name(&self, column: E::Column) -> &'static str {
        let mut names = self.names.iter();
        let given = names.find(|(other, _)| other.as_str() == column.as_str());
        given.map_or_else(|| column.json_key(), |(_, name)| name)
    }
}

/// A parameter's value, if it has any.
fn value_of(ctx: &Context, parameter: &str) -> Option<String> {
    ctx.query(parameter)
        .filter(|value| !value.trim().is_empty())
}

fn lookup_parameter(name: &str, column: &Column, lookup: Lookup, choices: &[String]) -> Parameter {
    let own = Parameter::kind_of(column.kind);
    let mut parameter = Parameter::new(
        format!("{name}{}", lookup.suffix()),
        lookup.kind().unwrap_or(own),
        lookup.description(name),
    );
    parameter.label = lookup.label(name);
    parameter.is_list = lookup.is_list();
    parameter.bounds = match lookup {
        Lookup::Year => Some((1, 9999)),
        Lookup::Month => Some((1, 12)),
        Lookup::Day => Some((1, 31)),
        _ if parameter.kind == "integer" => column.range,
        _ => None,
    };
    if matches!(lookup, Lookup::Exact | Lookup::Ne | Lookup::In) {
        parameter.choices = choices.to_vec();
    }
    parameter
}

#[cfg(test)]
mod tests;
