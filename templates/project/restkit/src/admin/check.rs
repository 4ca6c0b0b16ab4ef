//! From what was typed to the values to write: what is wrong with it, in Django's words.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, Value};

use crate::admin::canonical;
use crate::admin::form::{Fields, is_required};
use crate::admin::form_data::FormData;
use crate::admin::model::Column;
use crate::admin::store::Row;
use crate::model::value;
use crate::model::value::Kind;
use crate::rest::constraints::{decimal_rule, rounded_by};
use crate::{FieldErrors, Result};

/// The checked fields of one row.
#[derive(Default)]
pub(super) struct Checked {
    /// By column: the texts.
    pub typed: BTreeMap<&'static str, String>,
    /// The values to write: by number of column, and only new ones.
    pub values: Vec<(usize, Value)>,
    pub errors: FieldErrors,
}

impl Checked {
    /// Reads and checks the fields of `columns`; `row` is the row as it is, if there is one. Unchanged text is
    /// left alone: a form shows less than some values have.
    ///
    /// # Errors
    ///
    /// If the database fails; what is wrong with the fields is no such error.
    pub async fn read(
        fields: &Fields<'_>,
        columns: &[usize],
        data: &FormData,
        row: Option<&Row>,
    ) -> Result<Self> {
        let mut checked = Self::default();
        for number in columns {
            let column = &fields.model_page.model.columns[*number];
            let typed = typed(column, data, fields.prefix);
            let before = row.map(|row| value::text(&row.values[*number]));
            let is_new = before.is_none_or(|before| !column.is_same(&before, &typed));
            checked.typed.insert(column.name, typed.clone());
            // As in the API; a text that was so before is left alone.
            let typed = typed.trim();
            if !is_new
                || row.is_none()
                    && typed.is_empty()
                    && !is_required(column)
                    && !is_empty_text(column)
            {
                continue;
            }
            match parse(column, typed) {
                Ok(value) => match fields.problem(column, &value, row).await? {
                    None => checked.values.push((*number, value)),
                    Some(problem) => checked.wrong(column, problem),
                },
                Err(problem) => checked.wrong(column, problem),
            }
        }
        Ok(checked)
    }

    fn wrong(&mut self, column: &Column, problem: String) {
        self.errors
            .entry(column.name.to_owned())
            .or_default()
            .push(problem);
    }
}

impl Column {
    /// Returns whether two texts mean the same value of the column.
    pub(super) fn is_same(&self, one: &str, other: &str) -> bool {
        self.canonical(one) == self.canonical(other)
    }

    /// One text for all that mean the same value of the column.
    pub(super) fn canonical(&self, text: &str) -> String {
        canonical::canonical(&self.null, text)
    }
}

/// A box that is not there is not ticked.
pub(super) fn typed(column: &Column, data: &FormData, prefix: &str) -> String {
    let typed = data.get(&format!("{prefix}{}", column.name));
    match column.kind {
        Kind::Bool if !column.is_nullable => (typed == "true").to_string(),
        Kind::Text => typed.to_owned(),
        _ => typed.trim().to_owned(),
    }
}

/// A text that may be empty, but may not be missing.
fn is_empty_text(column: &Column) -> bool {
    column.kind == Kind::Text && !column.is_nullable && column.default.is_none()
}

fn parse(column: &Column, typed: &str) -> Result<Value, String> {
    if typed.is_empty() && !column.is_nullable {
        return match column.kind {
            Kind::Text if !is_required(column) => Ok(String::new().into()),
            _ => Err("This field is required.".to_owned()),
        };
    }
    if !column.choices.is_empty() && !typed.is_empty() {
        let is_one = column.choices.iter().any(|(value, _)| value == typed);
        if !is_one {
            return Err(format!(
                "Select a valid choice. {typed} is not one of the available choices."
            ));
        }
    }
    let digits = column.decimal.filter(|_| !typed.is_empty());
    if let Some(problem) = digits.and_then(|(all, places)| decimal_rule(typed, all, places)) {
        return Err(problem);
    }
    let length = typed.chars().count();
    match column.max_length {
        Some(most) if length > most as usize => Err(format!(
            "Ensure this value has at most {most} characters (it has {length})."
        )),
        _ => value::parse(&column.null, typed),
    }
}

impl Fields<'_> {
    /// Returns the mistake that only the database knows: a row that it refers to is missing, or another one
    /// has the value.
    async fn problem(
        &self,
        column: &Column,
        value: &Value,
        row: Option<&Row>,
    ) -> Result<Option<String>> {
        if *value == value.as_null() {
            return Ok(None);
        }
        if let Value::Decimal(Some(decimal)) = value
            && let Some(problem) = rounded_by(self.db.get_database_backend(), decimal)
        {
            return Ok(Some(problem));
        }
        if let Some((table, key)) = &column.refers
            && self
                .find(table, key, Expr::val(value.clone()))
                .await?
                .is_none()
        {
            let problem = "Select a valid choice. That choice is not one of the available choices.";
            return Ok(Some(problem.to_owned()));
        }
        let is_key = column.name == self.model_page.model.key().name;
        if column.is_unique || is_key && !column.is_automatic {
            let own = row.map(|row| row.key.as_str());
            let other = match column.bound(value.clone()) {
                Some(value) => {
                    self.find(&self.model_page.model.table, column.name, value)
                        .await?
                }
                None => None,
            };
            if other.is_some_and(|other| Some(other.as_str()) != own) {
                let (model, label) = (&self.model_page.model.name, &column.label);
                let (model, label) = (super::model::label_of(model), label.to_lowercase());
                return Ok(Some(format!("{model} with this {label} already exists.")));
            }
        }
        Ok(None)
    }

    /// The key of the row of a table with this value.
    async fn find(&self, table: &str, column: &str, value: Expr) -> Result<Option<String>> {
        let key = if table == self.model_page.model.table {
            self.model_page.model.key().name
        } else {
            column
        };
        let mut select = SelectStatement::new();
        select
            .expr_as(
                Expr::col(Alias::new(key)).cast_as("text"),
                Alias::new("found"),
            )
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new(column)).eq(value))
            .limit(1);
        let row = self.db.query_one(&select).await?;
        Ok(row.map(|row| row.try_get("", "found")).transpose()?)
    }
}
