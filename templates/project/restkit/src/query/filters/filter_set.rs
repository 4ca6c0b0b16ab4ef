//! The filters and the order of a list, as plain data: the same code for all entities.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Order};

use super::asked::Asked;
use super::lookup::Lookup;
use super::pattern::Part;
use super::place::Place;
use super::search;
use crate::model::Column;
use crate::model::value::Kind;
use crate::query::Parameter;
use crate::{Context, Error, FieldErrors, Result};

/// The columns that may be asked for, and how.
#[derive(Default)]
pub(super) struct FilterSet {
    pub fields: Vec<Field>,
    pub search: Vec<(Place, Part)>,
    pub ordering: Vec<Place>,
    /// Columns that parameters call otherwise than the model does.
    pub names: Vec<(&'static str, &'static str)>,
}

/// One column, and what may be asked of it.
pub(super) struct Field {
    pub place: Place,
    pub lookups: Vec<Lookup>,
}

impl FilterSet {
    /// The conditions that the request asks for.
    ///
    /// # Errors
    ///
    /// 400 with all values that mean nothing, by their parameters; or if the database fails.
    pub async fn conditions(&self, ctx: &Context) -> Result<Vec<Condition>> {
        if ctx.uri.query().is_none() {
            return Ok(Vec::new());
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
            Ok(asked.all)
        } else {
            Err(Error::Validation(asked.errors))
        }
    }

    /// The places that `?ordering=` asks for; what is not declared is passed over, as in DRF.
    pub fn order(&self, ctx: &Context) -> Vec<(&Place, Order)> {
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
        order
    }

    /// All parameters, for schemas and pages. `choices` tells what may be written to a column, if
    /// that is a few texts: the database knows only those of its own enums.
    pub fn parameters(&self, choices: &dyn Fn(&str) -> Vec<String>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for field in &self.fields {
            let name = self.name_of(&field.place);
            let column = field.place.column();
            let mut values = column.variants.clone();
            if matches!(field.place, Place::Own(_))
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

    fn name_of(&self, place: &Place) -> String {
        match place {
            Place::Own(column) => self.column_name(column).to_owned(),
            Place::Related(related) => {
                let by = self.column_name(&related.by);
                let by = by.strip_suffix("_id").unwrap_or(by);
                format!("{by}__{}", related.column.json_key)
            }
            Place::Listed(listed) => listed.list.field.to_owned(),
        }
    }

    fn column_name(&self, column: &Column) -> &'static str {
        let mut names = self.names.iter();
        let given = names.find(|(other, _)| *other == column.name);
        given.map_or(column.json_key, |(_, name)| name)
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
