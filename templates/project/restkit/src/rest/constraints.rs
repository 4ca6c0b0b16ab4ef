//! Checks a request against the rules of its model, which DRF takes from the model too. All mistakes are
//! told at once; if another request comes in between, the database's own refusal is told in the same words.

mod explain;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::{ActiveModelTrait, ActiveValue, DbBackend, EntityTrait, Iterable, Value};
use serde_json::{Map, Value as Json};

use crate::db::Connection;
use crate::error::{FieldErrors, NON_FIELD};
use crate::model::column::Column;
use crate::model::columns::Columns;
use crate::model::value::Kind;
use crate::model::{ManyToMany, rows, value};
use crate::rest::declaration::Declaration;
use crate::rest::viewset::{ModelViewSet, NewRow};
use crate::serializer::deserializer::{is_space, python};
use crate::serializer::exact;
use crate::serializer::form::Form;
use crate::{Error, Result};

pub(super) use explain::explain;
pub(crate) use explain::explain_by;

/// One request, to be held against the rules of its model.
pub(super) struct Check<'c> {
    pub db: &'c Connection,
    pub form: &'c Form,
    pub lists: &'c [ManyToMany],
    pub given: &'c Map<String, Json>,
    /// The row that is changed: its fields, and the values of its columns.
    pub row: Option<(&'c Map<String, Json>, &'c [Value])>,
}

/// So many rows a list of keys can name: each is looked for, and written.
pub(crate) const MAX_LISTED: usize = 1000;

const NULL: &str = "This field may not be null.";

impl Check<'_> {
    /// Adds what is wrong to `errors`, which has what is wrong without asking the model.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn run(&self, errors: &mut FieldErrors) -> Result<()> {
        for (field, value) in self.given {
            if let Some(column) = self.form.column(field) {
                if let Some(words) = rule(column, value, errors.get(field)) {
                    errors.insert(field.clone(), words);
                }
                if !errors.contains_key(field) && !value.is_null() {
                    let words = self.related_or_taken(column, value).await?;
                    if let Some(words) = words {
                        errors.insert(field.clone(), vec![words]);
                    }
                }
            }
        }
        for list in self.lists {
            if let Some(words) = self.listed(list).await? {
                let items = format!("{}[", list.field);
                errors.retain(|path, _| !path.starts_with(&items));
                errors.insert(list.field.to_owned(), vec![words]);
            }
        }
        if errors.is_empty() {
            self.groups(errors).await?;
        }
        Ok(())
    }

    async fn related_or_taken(&self, column: &Column, json: &Json) -> Result<Option<String>> {
        let value = value_of(column, json);
        if let Some((table, key)) = &column.refers {
            let exists = match value.clone() {
                Some(value) => self.exists(table, &[(key, value)], false).await?,
                None => false,
            };
            if !exists {
                return Ok(Some(no_such_key(json)));
            }
        }
        if !(column.is_unique || column.is_key) {
            return Ok(None);
        }
        let Some(value) = value else {
            return Ok(None);
        };
        let table = self.form.columns.table;
        let taken = self.exists(table, &[(column.name, value)], true).await?;
        Ok(taken.then(|| taken_words(&self.form.columns, column.name)))
    }

    /// Returns whether there is a row with these values, other than the one that is changed.
    async fn exists(&self, table: &str, values: &[(&str, Value)], is_ours: bool) -> Result<bool> {
        let mut other = Vec::new();
        if let (Some((_, row)), true) = (self.row, is_ours) {
            let keys = self.form.columns.all.iter().zip(row);
            let keys = keys.filter(|(column, _)| column.is_key);
            other.extend(keys.map(|(column, key)| (column.name, key.clone())));
        }
        Ok(rows::exists(self.db, table, values, &other).await?)
    }

    async fn listed(&self, list: &ManyToMany) -> Result<Option<String>> {
        let Some(Json::Array(items)) = self.given.get(list.field) else {
            return Ok(None);
        };
        if items.len() > MAX_LISTED {
            return Ok(Some(format!(
                "Ensure this field has no more than {MAX_LISTED} elements."
            )));
        }
        let mut keys = Vec::new();
        for item in items {
            let Some(key) = list.key(item) else {
                let is_key = item.is_null() || is_number(item);
                let words = if is_key { no_such_key } else { wrong_key };
                return Ok(Some(words(item)));
            };
            keys.push((item, key));
        }
        let (table, column) = &list.listed;
        let mut distinct: Vec<Value> = Vec::new();
        for (_, key) in &keys {
            if !distinct.contains(key) {
                distinct.push(key.clone());
            }
        }
        if rows::count_of(self.db, table, column, &distinct).await? == distinct.len() {
            return Ok(None);
        }
        for (item, key) in keys {
            if !self.exists(table, &[(column, key)], false).await? {
                return Ok(Some(no_such_key(item)));
            }
        }
        Ok(None)
    }

    async fn groups(&self, errors: &mut FieldErrors) -> Result<()> {
        for group in &self.form.columns.unique_groups {
            let mut names = Vec::new();
            let mut values = Vec::new();
            for number in group {
                let column = &self.form.columns.all[*number];
                let field = self.form.field_of(*number);
                let given = field.and_then(|field| self.given.get(field));
                names.push(field.unwrap_or(column.name));
                let value = match (given, self.row) {
                    (Some(json), _) => value_of(column, json),
                    (None, Some((_, row))) => row.get(*number).cloned(),
                    (None, None) => None,
                };
                let value = value.filter(|value| *value != column.null);
                values.extend(value.map(|value| (column.name, value)));
            }
            let is_whole = values.len() == group.len();
            if is_whole && self.exists(self.form.columns.table, &values, true).await? {
                let messages = errors.entry(NON_FIELD.to_owned()).or_default();
                messages.push(group_words(&names));
            }
        }
        Ok(())
    }
}

/// Holds a row that is to be written against the sizes of its columns, whoever has filled it in:
/// PostgreSQL would refuse what SQLite keeps. Decimals are rounded to their places, as PostgreSQL does.
///
/// # Errors
///
/// 400 if a text is too long, or a decimal too large.
pub(super) fn fit_row<V: ModelViewSet>(row: &mut NewRow<V>, backend: DbBackend) -> Result<()> {
    let columns = Columns::of::<V::Entity>();
    let mut errors = FieldErrors::new();
    let mut fail = |number: usize, words: String| {
        let declared = Declaration::<V>::of();
        let field = declared.plain.form.field_of(number);
        let field = field.unwrap_or(columns.all[number].json_key);
        errors.insert(field.to_owned(), vec![words]);
    };
    let all = <V::Entity as EntityTrait>::Column::iter().zip(&columns.all);
    for (number, (column, facts)) in all.enumerate() {
        match (row.get(column), facts.max_length, facts.decimal) {
            (ActiveValue::Set(Value::String(Some(text))), Some(most), _)
                if text.chars().count() > most as usize =>
            {
                fail(number, too_long(most));
            }
            (ActiveValue::Set(Value::Decimal(Some(decimal))), _, Some((digits, places))) => {
                let half_up = RoundingStrategy::MidpointAwayFromZero;
                let rounded = decimal.round_dp_with_strategy(places, half_up);
                match decimal_rule(&rounded.to_string(), digits, places) {
                    Some(words) => fail(number, words),
                    None => {
                        if let Some(words) = rounded_by(backend, &rounded) {
                            fail(number, words);
                        } else if rounded != decimal {
                            row.set(column, rounded.into());
                        }
                    }
                }
            }
            (ActiveValue::Set(Value::Decimal(Some(decimal))), _, None) => {
                if let Some(words) = rounded_by(backend, &decimal) {
                    fail(number, words);
                }
            }
            _ => {}
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Validation(errors))
    }
}

/// Says that a database would round a decimal: SQLite keeps it as a number of 64 bits, which are worth
/// fifteen digits at least.
pub(crate) fn rounded_by(backend: DbBackend, decimal: &Decimal) -> Option<String> {
    let kept = decimal.to_f64().map(|kept| kept.to_string());
    let kept = kept.and_then(|kept| kept.parse::<Decimal>().ok());
    let is_kept = backend != DbBackend::Sqlite || kept == Some(*decimal);
    (!is_kept).then(|| "Ensure that there are no more than 15 digits in total.".to_owned())
}

fn too_long(most: u32) -> String {
    format!("Ensure this field has no more than {most} characters.")
}

/// Checks a value against its column only; `already` are the mistakes known so far.
fn rule(column: &Column, json: &Json, already: Option<&Vec<String>>) -> Option<Vec<String>> {
    let is_null = json.is_null() || (column.refers.is_some() && json == "");
    if is_null {
        return (!column.is_nullable && !column.is_automatic).then(|| vec![NULL.to_owned()]);
    }
    if column.refers.is_some() {
        let is_key = is_number(json) || json.as_str().is_some_and(is_digits);
        let is_integer = value::kind(&column.null) == Kind::Integer;
        return match (already, is_key) {
            _ if json.is_boolean() || is_integer && !is_key => Some(vec![wrong_key(json)]),
            (Some(_), _) => Some(vec![no_such_key(json)]),
            (None, _) => None,
        };
    }
    if let (Some((digits, places)), Some(text)) = (column.decimal, number_text(json)) {
        return decimal_rule(&text, digits, places).map(|words| vec![words]);
    }
    if matches!(column.null, Value::Json(_)) && has_nul(json) {
        return Some(vec!["Null characters are not allowed.".to_owned()]);
    }
    match (column.max_length, json.as_str()) {
        (Some(most), Some(text)) if already.is_none() => {
            let is_too_long = text.trim().chars().count() > most as usize;
            is_too_long.then(|| vec![too_long(most)])
        }
        _ => None,
    }
}

/// The value that will be written: of texts without the space around them.
fn value_of(column: &Column, json: &Json) -> Option<Value> {
    match (&column.null, json) {
        (Value::String(_), Json::String(text)) => Some(text.trim_matches(is_space).into()),
        _ if column.refers.is_some() => value::key_of_json(&column.null, json),
        _ => value::of_json(&column.null, json),
    }
}

/// PostgreSQL cannot keep them.
fn has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0') && exact::text(json).is_none(),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(entries) => entries
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn is_digits(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn number_text(json: &Json) -> Option<String> {
    match json {
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(exact::text(json).unwrap_or(text.trim()).to_owned()),
        _ => None,
    }
}

/// DRF's `DecimalField`: a text such as `-12.50` or `1e3` has so many digits, so many of them after
/// the point. What is not a number at all is not told here.
pub(crate) fn decimal_rule(text: &str, max_digits: u32, max_places: u32) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{part}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let written = all.trim_start_matches('0').len().max(1) as i64;
    let exponent = exponent.saturating_sub(part.len() as i64);
    let (digits, places) = match exponent {
        0.. => (written.saturating_add(exponent), 0),
        _ if written > -exponent => (written, -exponent),
        _ => (-exponent, -exponent),
    };
    let (max_digits, max_places) = (i64::from(max_digits), i64::from(max_places));
    let max_whole = max_digits - max_places;
    if digits > max_digits {
        Some(format!(
            "Ensure that there are no more than {max_digits} digits in total."
        ))
    } else if places > max_places {
        Some(format!(
            "Ensure that there are no more than {max_places} decimal places."
        ))
    } else if digits - places > max_whole {
        Some(format!(
            "Ensure that there are no more than {max_whole} digits before the decimal point."
        ))
    } else {
        None
    }
}

fn is_number(json: &Json) -> bool {
    json.is_number() || exact::text(json).is_some()
}

fn no_such_key(json: &Json) -> String {
    let key = match (json, exact::text(json)) {
        (_, Some(number)) => number.to_owned(),
        (Json::String(text), None) => text.clone(),
        (Json::Null, None) => "None".to_owned(),
        (other, None) => exact::plain(other).to_string(),
    };
    format!("Invalid pk \"{key}\" - object does not exist.")
}

fn wrong_key(json: &Json) -> String {
    format!(
        "Incorrect type. Expected pk value, received {}.",
        python::type_name(json)
    )
}

fn taken_words(columns: &Columns, column: &str) -> String {
    let label = column.replace('_', " ");
    format!("{} with this {label} already exists.", columns.model)
}

fn group_words(fields: &[&str]) -> String {
    format!("The fields {} must make a unique set.", fields.join(", "))
}

#[cfg(test)]
mod tests;
