//! Forms: what browsers send, and the fields that pages show.

use sea_orm::sea_query::Condition;
use serde::Serialize;

use crate::admin::canonical;
use crate::admin::edit::Place;
use crate::admin::history::in_path;
use crate::admin::model::{Column, RegisteredModel};
use crate::admin::staff::Staff;
use crate::admin::store::Query;
use crate::db::Connection;
use crate::model::value::Kind;
use crate::serializer::body;
use crate::site::csrf;
use crate::{AdminSite, Context, FieldErrors, Result};

/// So many rows fit into a list to choose from; of more of them one is found by searching.
const CHOICES: u64 = 200;

/// The parameter of a form that was opened beside a field, to make a row that it refers to; its
/// value is the field's id.
pub(super) const POPUP: &str = "_popup";

/// The fields of a form that one of our own pages has sent.
#[derive(Debug, Default)]
pub(super) struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads a form, and refuses it if another site's page has sent it.
    ///
    /// # Errors
    ///
    /// 403 without the token of our pages, 413 if it is too large.
    pub async fn read(ctx: &Context, body: axum::body::Body) -> Result<Self> {
        let bytes = body::bytes(body, ctx.settings().max_body).await?;
        let pairs = form_urlencoded::parse(&bytes).into_owned();
        // Browsers end the lines of a text by CR and LF, whatever they were before.
        let pairs = pairs.map(|(name, value)| (name, value.replace("\r\n", "\n")));
        let form = Self(pairs.collect());
        csrf::check(ctx, form.find(csrf::FIELD))?;
        Ok(form)
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        pairs
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// All of it but the token, as forms are encoded.
    pub fn to_text(&self) -> String {
        let pairs = self.0.iter().filter(|(name, _)| name != csrf::FIELD);
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        text.finish()
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The value of a field; nothing if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The values of a field that may be sent several times.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let pairs = self.0.iter().filter(move |(other, _)| other == name);
        pairs.map(|(_, value)| value.as_str())
    }
}

/// One field of a page.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Field {
    pub name: String,
    pub label: String,
    /// The template's name for how it is typed.
    pub widget: &'static str,
    pub value: String,
    /// In a list: what is stored.
    pub was: String,
    /// The label of the row that `value` refers to.
    pub value_label: String,
    pub choices: Vec<Choice>,
    pub required: bool,
    pub readonly: bool,
    pub errors: Vec<String>,
    pub help: String,
    pub max_length: Option<u32>,
    /// The URL for searching a value.
    pub search: String,
    /// The URL of the form for a new row to refer to.
    pub add: String,
}

/// One of the values to choose from.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// The model and the visitor that fields are made for.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub staff: &'a Staff,
    pub site: &'a AdminSite,
    pub db: &'a Connection,
    pub model: &'a RegisteredModel,
    /// Stands before the names of the fields.
    pub prefix: &'a str,
}

impl Fields<'_> {
    /// The field of a column, with a value in it.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn field(
        &self,
        number: usize,
        value: String,
        is_readonly: bool,
        errors: &FieldErrors,
    ) -> Result<Field> {
        let column = &self.model.columns[number];
        let mut field = Field {
            name: format!("{}{}", self.prefix, column.name),
            label: column.label.clone(),
            widget: widget(column),
            required: is_required(column),
            readonly: is_readonly || column.kind == Kind::Other,
            errors: errors.get(column.name).cloned().unwrap_or_default(),
            help: help(column),
            max_length: column.max_length.filter(|_| column.kind == Kind::Text),
            value: if is_readonly {
                value
            } else {
                canonical::for_input(column.kind, &value)
            },
            ..Field::default()
        };
        field.choices = choices(&column.choices, &field.value);
        if column.refers.is_some() {
            self.refer(&mut field, column).await?;
        }
        if field.widget == "select" && !field.required {
            let selected = field.value.is_empty();
            let none = Choice {
                value: String::new(),
                label: "–".to_owned(),
                selected,
            };
            field.choices.insert(0, none);
        }
        Ok(field)
    }

    /// Makes the field one that chooses a row of the model that the column refers to.
    async fn refer(&self, field: &mut Field, column: &Column) -> Result<()> {
        let Some(other) = column
            .refers
            .as_ref()
            .and_then(|(table, _)| self.site.of_table(table))
        else {
            return Ok(());
        };
        let labels = other.labels(self.db, [field.value.as_str()]).await?;
        field.value_label = labels.into_values().next().unwrap_or_default();
        if field.readonly {
            return Ok(());
        }
        let place = Place {
            staff: self.staff,
            site: self.site,
            model: other,
        };
        if place.may("add") {
            field.add = format!("{}add/?{POPUP}=id-{}", place.url(), in_path(&field.name));
        }
        let rows = other.options_for(self.db, CHOICES + 1).await?;
        if rows.len() as u64 > CHOICES {
            field.widget = "search";
            field.search = format!("{}search/", place.url());
            return Ok(());
        }
        field.widget = "select";
        field.choices = choices(&rows, &field.value);
        Ok(())
    }
}

impl RegisteredModel {
    /// The first rows, by key and label.
    async fn options_for(&self, db: &Connection, limit: u64) -> Result<Vec<(String, String)>> {
        let mut query = Query::new(Condition::all(), limit);
        query.order = self.own_order();
        let rows = self.store.rows(db, query).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.label)).collect())
    }
}

/// The choices of a field; a value that is none of them stays one, or a form would change it.
fn choices(choices: &[(String, String)], value: &str) -> Vec<Choice> {
    let choice = |key: &str, label: &str| Choice {
        value: key.to_owned(),
        label: label.to_owned(),
        selected: key == value,
    };
    let is_other = !choices.is_empty() && choices.iter().all(|(key, _)| key != value);
    let other = (is_other && !value.is_empty()).then(|| choice(value, value));
    let choices = choices.iter().map(|(key, label)| choice(key, label));
    choices.chain(other).collect()
}

/// Returns whether a value must be typed: there may not be none, and the database fills in none.
pub(super) fn is_required(column: &Column) -> bool {
    !column.is_nullable
        && column.kind != Kind::Bool
        && column.default.is_none()
        && !column.is_automatic
}

fn widget(column: &Column) -> &'static str {
    match column.kind {
        _ if !column.choices.is_empty() => "select",
        Kind::Bool if column.is_nullable => "perhaps",
        Kind::Bool => "checkbox",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Text if column.is_long || column.max_length.is_some_and(|it| it > 300) => "textarea",
        Kind::Text if column.name.contains("email") => "email",
        Kind::Text | Kind::Uuid | Kind::Other => "text",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "datetime-local",
        Kind::Json => "json",
    }
}

fn help(column: &Column) -> String {
    match column.kind {
        Kind::DateTime => "In UTC.".to_owned(),
        _ => String::new(),
    }
}
