//! How values are written in an answer, wherever they are in it: decimals with all places of their
//! column, moments in UTC with six digits of a second or none.
//!
//! serde sees a text and not what it means. The schema of the type tells, at any depth, so an answer
//! is the same on both databases, in a nested object, and under another name.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use sea_orm::prelude::Decimal;
use serde_json::Value;

use crate::model::columns::Columns;

/// Types that hold themselves are followed so deep.
const MAX_DEPTH: usize = 8;

/// How a value is written; values of no such kind are left as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// With at least so many places.
    Decimal(u32),
    /// A moment with an offset from UTC.
    Moment,
    /// A time or a moment without one.
    Local,
    Object(BTreeMap<String, Notation>),
    /// A list, or an object whose members have any name.
    Each(Box<Notation>),
}

type Known = BTreeMap<(String, &'static str), Option<Arc<Notation>>>;

impl Notation {
    /// The notation of `T`, which shows rows of the model with `columns`; nothing if all of it is
    /// written as it is. It is found out once for each type.
    pub fn of<T: JsonSchema>(columns: Option<&Columns>) -> Option<Arc<Self>> {
        static KNOWN: RwLock<Known> = RwLock::new(BTreeMap::new());
        let table = columns.map_or("", |columns| columns.table);
        let key = (T::schema_id().into_owned(), table);
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(notation) = known.get(&key) {
            return notation.clone();
        }
        drop(known);
        let notation = Reader::read::<T>(columns).map(Arc::new);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, notation.clone());
        notation
    }

    /// Rewrites `value`.
    pub fn apply(&self, value: &mut Value) {
        match (self, value) {
            (Self::Object(members), Value::Object(object)) => {
                for (name, notation) in members {
                    if let Some(value) = object.get_mut(name) {
                        notation.apply(value);
                    }
                }
            }
            (Self::Each(notation), Value::Array(items)) => {
                items.iter_mut().for_each(|item| notation.apply(item));
            }
            (Self::Each(notation), Value::Object(object)) => {
                object.values_mut().for_each(|value| notation.apply(value));
            }
            (notation, Value::String(text)) => {
                if let Some(written) = notation.write(text) {
                    *text = written;
                }
            }
            _ => {}
        }
    }

    fn write(&self, text: &str) -> Option<String> {
        match self {
            Self::Decimal(places) => {
                let mut decimal: Decimal = text.parse().ok()?;
                decimal.rescale(*places);
                Some(decimal.to_string())
            }
            Self::Moment => moment(text),
            Self::Local => {
                let (whole, part) = text.split_once('.')?;
                Some(format!("{whole}.{part:0<6.6}"))
            }
            Self::Object(_) | Self::Each(_) => None,
        }
    }
}

fn moment(text: &str) -> Option<String> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    let format = match at.timestamp_subsec_micros() {
        0 => "%Y-%m-%dT%H:%M:%SZ",
        _ => "%Y-%m-%dT%H:%M:%S%.6fZ",
    };
    Some(at.format(format).to_string())
}

/// Reads the schema of a type.
struct Reader<'c> {
    generator: SchemaGenerator,
    columns: Option<&'c Columns>,
    /// The schema of a decimal, as schemars writes it.
    decimal: Value,
}

impl<'c> Reader<'c> {
    fn read<T: JsonSchema>(columns: Option<&'c Columns>) -> Option<Notation> {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut generator = settings.into_generator();
        let decimal = Decimal::json_schema(&mut generator).to_value();
        let schema = generator.subschema_for::<T>().to_value();
        let reader = Self {
            generator,
            columns,
            decimal: decimal["pattern"].clone(),
        };
        reader.notation("", &schema, 0)
    }

    /// The notation of what is called `name`.
    fn notation(&self, name: &str, schema: &Value, depth: usize) -> Option<Notation> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(path) = schema["$ref"].as_str() {
            let definition = path.rsplit('/').next()?;
            let schema = self.generator.definitions().get(definition)?.clone();
            return self.notation(name, &schema, depth + 1);
        }
        if let Some(members) = schema["properties"].as_object() {
            let members = members.iter().filter_map(|(name, schema)| {
                Some((name.clone(), self.notation(name, schema, depth + 1)?))
            });
            let members: BTreeMap<_, _> = members.collect();
            return (!members.is_empty()).then_some(Notation::Object(members));
        }
        for each in ["items", "additionalProperties"] {
            if schema[each].is_object() {
                let notation = self.notation(name, &schema[each], depth + 1)?;
                return Some(Notation::Each(Box::new(notation)));
            }
        }
        for one in ["anyOf", "oneOf", "allOf"] {
            let kinds = schema[one].as_array().into_iter().flatten();
            let mut known = kinds.filter_map(|schema| self.notation(name, schema, depth + 1));
            if let Some(notation) = known.next() {
                return Some(notation);
            }
        }
        match schema["format"].as_str() {
            Some("date-time") => Some(Notation::Moment),
            Some("partial-date-time" | "partial-time") => Some(Notation::Local),
            _ if schema["pattern"] == self.decimal && !self.decimal.is_null() => {
                self.places(name).map(Notation::Decimal)
            }
            _ => None,
        }
    }

    /// The places of the decimals that are called `name`: in the model's own columns, in those that
    /// it refers to, and last in all that are known, where they agree.
    fn places(&self, name: &str) -> Option<u32> {
        let places_in = |columns: &Columns| Some(columns.by_key(name)?.decimal?.1);
        if let Some(places) = self.columns.and_then(places_in) {
            return Some(places);
        }
        let known = Columns::known();
        let refers = self.columns.into_iter().flat_map(|columns| &columns.all);
        let refers = refers.filter_map(|column| column.refers.as_ref());
        for (table, _) in refers {
            let related = known.iter().find(|columns| columns.table == table);
            if let Some(places) = related.and_then(|columns| places_in(columns)) {
                return Some(places);
            }
        }
        let mut all = known.iter().filter_map(|columns| places_in(columns));
        let first = all.next()?;
        all.all(|places| places == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveTime, Utc};
    use serde_json::json;

    use super::*;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Shown {
        at: chrono::DateTime<Utc>,
        then: Option<Vec<chrono::DateTime<Utc>>>,
        by_name: BTreeMap<String, NaiveTime>,
        inner: Option<Box<Shown>>,
        text: String,
    }

    #[test]
    fn moments_are_written_the_same_at_any_depth() {
        let notation = Notation::of::<Shown>(None).unwrap();
        let mut value = json!({
            "at": "2024-01-01T10:00:00.123456789+02:00",
            "then": ["2024-01-01T10:00:00.120Z", "2024-01-01T10:00:00Z"],
            "by_name": { "a": "10:00:00.5" },
            "inner": { "at": "2024-01-01T10:00:00+02:00", "text": "2024-01-01T10:00:00.120Z" },
            "text": "2024-01-01T10:00:00.120Z",
        });
        notation.apply(&mut value);
        let expected = json!({
            "at": "2024-01-01T08:00:00.123456Z",
            "then": ["2024-01-01T10:00:00.120000Z", "2024-01-01T10:00:00Z"],
            "by_name": { "a": "10:00:00.500000" },
            "inner": { "at": "2024-01-01T08:00:00Z", "text": "2024-01-01T10:00:00.120Z" },
            "text": "2024-01-01T10:00:00.120Z",
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn decimals_have_all_their_places() {
        for (text, expected) in [("7", "7.00"), ("7.005", "7.01"), ("-0.1", "-0.10")] {
            let written = Notation::Decimal(2).write(text);
            assert_eq!(written.as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_written_as_it_is_has_no_notation() {
        assert_eq!(Notation::of::<Vec<String>>(None), None);
    }
}
