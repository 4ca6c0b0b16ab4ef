//! From the data that a client sent to a value of your request type, or to all that is wrong with
//! it at once.
//!
//! Your type is a plain serde struct with garde's rules. serde stops at the first mistake, so when
//! there is one it is read again with a stand-in in its place: each mistake is found, also those of
//! nested objects, and what is right is validated all the same.

pub(crate) mod body;
pub(crate) mod deserializer;
pub(crate) mod exact;
pub(crate) mod form;
pub(crate) mod metadata;
pub(crate) mod moment;
pub(crate) mod nested;
pub(crate) mod notation;
mod probe;
pub(crate) mod request;
pub(crate) mod schemas;
mod targets;

use std::borrow::Cow;

use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{FieldErrors, NON_FIELD};
use crate::serializer::deserializer::patched::{Patched, Patches};
use crate::serializer::deserializer::{Lenient, Mistake};
use crate::{Error, Result};

pub use body::Body;
pub use nested::Nested;
pub use request::{ReadOnly, Request, Valid};

/// A type that requests can be parsed into.
pub trait Serializer: DeserializeOwned + Validate<Context = ()> {}

impl<T: DeserializeOwned + Validate<Context = ()>> Serializer for T {}

/// How many mistakes of a body are told. Each costs one more reading of all of it.
const MAX_MISTAKES: usize = 100;

/// The most values that are read again to find mistakes: a tenth of a second's work.
const MAX_READ: usize = 500_000;

/// Parses and validates `data` as a whole `T`.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in it.
pub fn parse<T: Serializer>(data: &Value) -> Result<T> {
    let names = probe::names(probe::reads::<T>);
    read(data, &Map::new(), &|field| field_of(field, names))
}

/// Parses and validates `data` as a whole `T` that replaces what is `stored`: required fields must
/// be there, others stay as they are. `name` gives the name in JSON for a field's name in Rust.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in it.
pub(crate) fn parse_over<T: Serializer>(
    data: &Value,
    mut stored: Map<String, Value>,
    name: &Naming<'_>,
) -> Result<T> {
    for field in probe::required_fields(probe::reads::<T>) {
        stored.remove(field);
    }
    read(data, &stored, name)
}

/// Parses and validates the fields in `data`; the others are as in `stored`, whatever they are.
///
/// # Errors
///
/// [`Error::Validation`] with every mistake in the given fields.
pub(crate) fn parse_partial<T: Serializer>(
    data: &Value,
    stored: &Map<String, Value>,
    name: &Naming<'_>,
) -> Result<T> {
    read(data, stored, name)
}

/// Gives the name of a field in JSON for its name in Rust, by which garde calls it.
pub(crate) type Naming<'n> = dyn Fn(&str) -> String + 'n;

/// The name among `names` that serde makes of a field's name in Rust by `rename_all`.
pub(crate) fn field_of(field: &str, names: &[&str]) -> String {
    let folded = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let same = names.contains(&field);
    let other = names.iter().find(|name| folded(name) == folded(field));
    match other.filter(|_| !same) {
        Some(name) => (*name).to_owned(),
        None => field.to_owned(),
    }
}

fn read<T: Serializer>(given: &Value, stored: &Map<String, Value>, name: &Naming<'_>) -> Result<T> {
    let mut read = Slot::<T>(None);
    let errors = read_into(&mut read, given, stored, name);
    match read.0 {
        Some(value) if errors.is_empty() => Ok(value),
        _ => Err(Error::Validation(errors)),
    }
}

/// The place of a value that is read: what is done with it is the same code for all types.
trait Target {
    fn read(&mut self, source: Lenient<'_>) -> Result<(), Mistake>;

    fn read_patched(&mut self, source: Patched<'_>) -> Result<(), Mistake>;

    /// The rules that the value breaks, if there is one.
    fn broken_rules(&self) -> Option<garde::Report>;
}

struct Slot<T>(Option<T>);

impl<T: Serializer> Target for Slot<T> {
    fn read(&mut self, source: Lenient<'_>) -> Result<(), Mistake> {
        self.0 = Some(T::deserialize(source)?);
        Ok(())
    }

    fn read_patched(&mut self, source: Patched<'_>) -> Result<(), Mistake> {
        self.0 = Some(T::deserialize(source)?);
        Ok(())
    }

    fn broken_rules(&self) -> Option<garde::Report> {
        let value = self.0.as_ref()?;
        garde::with_i18n(words::Drf, || value.validate()).err()
    }
}

/// Reads what was `given` over what is `stored`, and returns all that is wrong with it.
fn read_into(
    target: &mut dyn Target,
    given: &Value,
    stored: &Map<String, Value>,
    name: &Naming<'_>,
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if given.is_null() {
        let words = vec!["No data provided".to_owned()];
        errors.insert(NON_FIELD.to_owned(), words);
        return errors;
    }
    let all = match given {
        Value::Object(given) if !stored.is_empty() => {
            let mut all = stored.clone();
            all.extend(given.clone());
            Cow::Owned(Value::Object(all))
        }
        given => Cow::Borrowed(given),
    };
    let is_stored = |path: &str| {
        let field = first_part(path);
        given.get(field).is_none() && stored.contains_key(field)
    };
    if target.read(Lenient(&all)).is_err() {
        collect_mistakes(target, &all, &is_stored, &mut errors);
    }
    let wrong: Vec<String> = errors
        .keys()
        .map(|path| place_of(path).to_owned())
        .collect();
    for (path, words) in broken_rules(target, name) {
        let is_told = wrong
            .iter()
            .any(|other| covers(other, &path) || covers(&path, other));
        if !is_told && !is_stored(&path) {
            errors.entry(path).or_default().push(words);
        }
    }
    fill_lists(given, &mut errors);
    errors
}

/// Reads all of a value again and again, each time with a stand-in where a mistake was, and notes
/// the mistakes in `errors`; a value with stand-ins shows which rules the rest breaks.
fn collect_mistakes(
    target: &mut dyn Target,
    all: &Value,
    is_stored: &dyn Fn(&str) -> bool,
    errors: &mut FieldErrors,
) {
    let mut patches = Patches::new();
    for _ in 0..max_mistakes(all) {
        let (path, words) = match target.read_patched(Patched::whole(all, &patches)) {
            Ok(()) => return,
            Err(Mistake::Field(path, words)) => (path, words),
            Err(other) => (String::new(), other.to_string()),
        };
        let field = if path.is_empty() { NON_FIELD } else { &path };
        if path.is_empty() {
            errors.entry(field.to_owned()).or_default().push(words);
            return;
        }
        let place = place_of(&path).to_owned();
        let patch = match patches.get(&place) {
            // A stored value that is no longer valid, and was not sent, is not the client's mistake.
            None if is_stored(&path) => Some(probe::STAND_INS[0]),
            None => {
                errors.entry(path.clone()).or_insert_with(|| vec![words]);
                Some(probe::STAND_INS[0])
            }
            // The stand-in was none for this type.
            Some(text) => {
                let mut others = probe::STAND_INS.iter().skip_while(|other| *other != text);
                others.nth(1).copied()
            }
        };
        let Some(patch) = patch else {
            return;
        };
        patches.insert(place, patch);
    }
}

/// Returns how many mistakes are looked for: each costs one more reading of the whole, so of a huge body only
/// a few are told.
fn max_mistakes(all: &Value) -> usize {
    (MAX_READ / count_values(all)).clamp(1, MAX_MISTAKES)
}

fn count_values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count_values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(count_values).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the place that a message is about: `comments[0]` for `comments[0].non_field_errors`.
fn place_of(path: &str) -> &str {
    let place = path.strip_suffix(NON_FIELD);
    place
        .and_then(|path| path.strip_suffix('.'))
        .unwrap_or(path)
}

/// `comments` of `comments[0].text`.
fn first_part(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// Returns whether `path` is `outer` or within it.
fn covers(outer: &str, path: &str) -> bool {
    let rest = path.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Gives each list with a mistake in it its last item, so that the answer has a place for all of
/// them, as DRF's does.
pub(crate) fn fill_lists(given: &Value, errors: &mut FieldErrors) {
    let paths: Vec<String> = errors.keys().cloned().collect();
    for path in paths {
        for (end, _) in path.match_indices('[') {
            let list = &path[..end];
            let length = at_path(given, list)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            if let Some(last) = length.checked_sub(1) {
                errors.entry(format!("{list}[{last}]")).or_default();
            }
        }
    }
}

/// The part of a value at a path such as `comments[0].text`.
fn at_path<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    parts.try_fold(value, |value, part| match part.strip_suffix(']') {
        Some(number) => value.get(number.parse::<usize>().ok()?),
        None => value.get(part),
    })
}

/// garde's findings, by field, in DRF's words.
fn broken_rules(target: &dyn Target, name: &Naming<'_>) -> Vec<(String, String)> {
    let Some(report) = target.broken_rules() else {
        return Vec::new();
    };
    let path = |path: &garde::Path| match path.to_string() {
        path if path.is_empty() => NON_FIELD.to_owned(),
        path => {
            let first = first_part(&path);
            format!("{}{}", name(first), &path[first.len()..])
        }
    };
    report
        .iter()
        .map(|(found, error)| (path(found), error.to_string()))
        .collect()
}

mod words;

#[cfg(test)]
mod tests;
