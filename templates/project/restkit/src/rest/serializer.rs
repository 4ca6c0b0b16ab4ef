//! From the data that a client sent to a value of your request type, or to all that is wrong with
//! it at once.
//!
//! Your type is a plain serde struct with garde's rules. serde stops at the first mistake, so when
//! there is one the fields are tried again one by one: each mistake is found, and what is right is
//! validated all the same.

use std::collections::{BTreeMap, BTreeSet};

use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{FieldErrors, NON_FIELD};
use crate::rest::deserializer::{Lenient, Mistake, no_dictionary};
use crate::rest::probe;
use crate::{Error, Result};

/// A type that requests can be parsed into.
pub trait Serializer: DeserializeOwned + Validate<Context = ()> {}

impl<T: DeserializeOwned + Validate<Context = ()>> Serializer for T {}

/// Parses and validates `data` as a whole `T`.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in it.
pub fn parse<T: Serializer>(data: &Value) -> Result<T> {
    read(object(data)?, &Map::new())
}

/// Parses and validates `data` as a whole `T` that replaces what is `stored`: required fields must
/// be there, others stay as they are.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in it.
pub fn parse_over<T: Serializer>(data: &Value, mut stored: Map<String, Value>) -> Result<T> {
    for field in probe::required_fields::<T>() {
        stored.remove(field);
    }
    read(object(data)?, &stored)
}

/// Parses and validates the fields in `data`; the others are as in `stored`, whatever they are.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in the given fields.
pub fn parse_partial<T: Serializer>(data: &Value, stored: &Map<String, Value>) -> Result<T> {
    read(object(data)?, stored)
}

fn object(data: &Value) -> Result<&Map<String, Value>> {
    match data {
        Value::Object(object) => Ok(object),
        Value::Null => Err(Error::field(NON_FIELD, "No data provided")),
        other => Err(Error::field(NON_FIELD, no_dictionary(other))),
    }
}

fn read<T: Serializer>(given: &Map<String, Value>, stored: &Map<String, Value>) -> Result<T> {
    let mut all = stored.clone();
    all.extend(given.clone());
    let parsed = T::deserialize(Lenient(&Value::Object(all)));
    let mut errors = FieldErrors::new();
    let value = match parsed {
        Ok(value) => Some(value),
        Err(_) => piece_by_piece(given, stored, &mut errors),
    };
    if let Some(value) = &value {
        let wrong: BTreeSet<String> = errors.keys().cloned().collect();
        for (field, words) in broken_rules(value) {
            let is_old = !given.contains_key(&field) && stored.contains_key(&field);
            if !wrong.contains(&field) && !is_old {
                errors.entry(field).or_default().push(words);
            }
        }
    }
    match value {
        Some(value) if errors.is_empty() => Ok(value),
        _ => Err(Error::Validation(errors)),
    }
}

/// Tries the fields one by one and notes each mistake in `errors`; a value with stand-ins for the
/// wrong ones shows what is wrong with the others.
fn piece_by_piece<T: Serializer>(
    given: &Map<String, Value>,
    stored: &Map<String, Value>,
    errors: &mut FieldErrors,
) -> Option<T> {
    let mut good = stored.clone();
    for (field, value) in given {
        match only::<T>(field, value) {
            Err(Mistake::Field(_, words)) => {
                errors.insert(field.clone(), vec![words]);
                good.remove(field);
            }
            _ => {
                good.insert(field.clone(), value.clone());
            }
        }
    }
    let mut stand_ins = BTreeMap::new();
    loop {
        match probe::deserialize::<T>(&good, &stand_ins) {
            Ok(value) => return Some(value),
            Err(Mistake::Missing(field)) if !stand_ins.contains_key(field) => {
                let required = || vec!["This field is required.".to_owned()];
                errors.entry(field.to_owned()).or_insert_with(required);
                stand_ins.insert(field, probe::stand_in::<T>(field)?);
            }
            // What is stored is no longer valid, and was not given: it is not the client's mistake.
            Err(Mistake::Field(field, _)) if good.remove(&field).is_some() => {}
            Err(other) => {
                errors
                    .entry(NON_FIELD.to_owned())
                    .or_default()
                    .push(other.to_string());
                return None;
            }
        }
    }
}

/// The outcome for an object with this field alone; that others are missing does not matter.
fn only<T: Serializer>(field: &str, value: &Value) -> Result<T, Mistake> {
    let alone = Map::from_iter([(field.to_owned(), value.clone())]);
    probe::deserialize::<T>(&alone, &BTreeMap::new())
}

/// garde's findings, by field, in DRF's words.
fn broken_rules<T: Serializer>(value: &T) -> Vec<(String, String)> {
    let report = garde::with_i18n(words::Drf, || value.validate());
    let Err(report) = report else {
        return Vec::new();
    };
    let name = |path: &garde::Path| match path.to_string() {
        path if path.is_empty() => NON_FIELD.to_owned(),
        path => path,
    };
    report
        .iter()
        .map(|(path, error)| (name(path), error.to_string()))
        .collect()
}

mod words;

#[cfg(test)]
mod tests;
