//! The fields of a model's form.

use sea_orm::sea_query::Condition;

use crate::admin::canonical;
use crate::admin::field::{Choice, Field, POPUP};
use crate::admin::model::{Column, RegisteredModel};
use crate::admin::model_page::ModelPage;
use crate::admin::store::Query;
use crate::db::Connection;
use crate::http::path::encode_segment;
use crate::model::value::Kind;
use crate::{FieldErrors, Result};

/// So many rows fit into a list to choose from; of more of them one is found by searching.
const MAX_CHOICES: u64 = 200;

/// The page that fields are made for.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub model_page: &'a ModelPage<'a>,
    pub db: &'a Connection,
    /// Comes before the names of the fields.
    pub prefix: &'a str,
}

impl<'a> ModelPage<'a> {
    /// The fields of the form; `prefix` comes before their names.
    pub fn fields<'f>(&'f self, db: &'f Connection, prefix: &'f str) -> Fields<'f> {
        Fields {
            model_page: self,
            db,
            prefix,
        }
    }
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
        let column = &self.model_page.model.columns[number];
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
            .and_then(|(table, _)| self.model_page.site.of_table(table))
        else {
            return Ok(());
        };
        let labels = other.labels(self.db, [field.value.as_str()]).await?;
        field.value_label = labels.into_values().next().unwrap_or_default();
        if field.readonly {
            return Ok(());
        }
        let model_page = ModelPage {
            model: other,
            ..*self.model_page
        };
        if model_page.may("add") {
            field.add = format!(
                "{}add/?{POPUP}=id-{}",
                model_page.url(),
                encode_segment(&field.name)
            );
        }
        let rows = other.options_for(self.db, MAX_CHOICES + 1).await?;
        if rows.len() as u64 > MAX_CHOICES {
            field.widget = "search";
            field.search = format!("{}search/", model_page.url());
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
