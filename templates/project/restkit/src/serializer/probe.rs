//! Finding out what a request type looks like by asking its own `Deserialize`.
//!
//! serde has no reflection, but a derived type tells a deserializer the names of its fields and
//! what it wants each of them to be. So it is given objects with stand-ins: values that fit any
//! type, to see what it asks for.

mod object;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::serializer::deserializer::Mistake;

pub(crate) use object::{Probe, StandIn};
use object::{Shape, Source};

/// Texts, one of which is right for types that do not say how they are written.
pub(crate) const STAND_INS: [&str; 2] = ["", "0"];

/// A type, as it is asked: by reading an object into it. What is asked is the same code for all types.
pub(crate) type Reads = fn(Probe<'_>) -> Result<(), Mistake>;

/// Reads an object into `T`, and forgets it.
pub(crate) fn reads<T: DeserializeOwned>(probe: Probe<'_>) -> Result<(), Mistake> {
    T::deserialize(probe).map(drop)
}

/// The names of a struct's fields.
pub(crate) fn names(reads: Reads) -> &'static [&'static str] {
    let shape = Shape::default();
    let _ = reads(Probe::Names(&shape));
    shape.fields.get()
}

/// The fields that have no default.
pub(crate) fn required_fields(reads: Reads) -> Vec<&'static str> {
    stand_ins(reads).into_keys().collect()
}

/// A text for each field that has no default.
fn stand_ins(reads: Reads) -> StandIns {
    let mut stand_ins = BTreeMap::new();
    while let Err(Mistake::Missing(field)) = reads(object(&Map::new(), &stand_ins)) {
        let Some(text) = stand_in(reads, field).filter(|_| !stand_ins.contains_key(field)) else {
            break;
        };
        stand_ins.insert(field, text);
    }
    stand_ins
}

/// Texts of several forms, numbers and lists: whatever a field is, some of them fit.
fn samples() -> [Value; 16] {
    [
        json!(false),
        json!(true),
        json!(1),
        json!(2),
        json!("a"),
        json!("b"),
        json!("2001-01-01"),
        json!("2002-01-01"),
        json!("01:00:00"),
        json!("02:00:00"),
        json!("2001-01-01T00:00:00Z"),
        json!("2002-01-01T00:00:00Z"),
        json!("00000000-0000-0000-0000-000000000001"),
        json!("00000000-0000-0000-0000-000000000002"),
        json!([]),
        json!([1]),
    ]
}

/// Gives what `read` makes of values of the type that differ in one field.
pub(crate) fn variants<R>(
    reads: Reads,
    field: &'static str,
    read: fn(Probe<'_>) -> Result<R, Mistake>,
) -> Vec<R> {
    let mut values: Vec<_> = kind(reads, field).1.into_iter().map(Value::from).collect();
    values.extend(samples());
    with_each(reads, field, read, values)
}

/// Gives what `read` makes of values of the type, one for each choice that a field has.
pub(crate) fn choices<R>(
    reads: Reads,
    field: &'static str,
    read: fn(Probe<'_>) -> Result<R, Mistake>,
) -> Vec<R> {
    let values = kind(reads, field).1.into_iter().map(Value::from).collect();
    with_each(reads, field, read, values)
}

/// Gives what `read` makes of values of the type with each of `values` in a field that takes it.
fn with_each<R>(
    reads: Reads,
    field: &'static str,
    read: fn(Probe<'_>) -> Result<R, Mistake>,
    values: Vec<Value>,
) -> Vec<R> {
    let mut stand_ins = stand_ins(reads);
    stand_ins.remove(field);
    values
        .into_iter()
        .map(|value| Map::from_iter([(field.to_owned(), value)]))
        .filter_map(|given| read(object(&given, &stand_ins)).ok())
        .collect()
}

/// Returns the type of a field, in DRF's name for it, and its choices.
pub(crate) fn kind(reads: Reads, field: &'static str) -> (&'static str, Vec<&'static str>) {
    let shape = Shape::default();
    let _ = reads(Probe::Object(vec![(field, Source::Asked(&shape))]));
    let kind = shape.kind.get();
    (
        if kind.is_empty() { "field" } else { kind },
        shape.choices.take(),
    )
}

/// The text that stands in for a field without being refused.
fn stand_in(reads: Reads, field: &'static str) -> Option<&'static str> {
    STAND_INS.into_iter().find(|text| {
        let alone = BTreeMap::from([(field, *text)]);
        !matches!(reads(object(&Map::new(), &alone)), Err(Mistake::Field(..)))
    })
}

/// Returns whether a field may be null.
pub(crate) fn takes_null(reads: Reads, field: &'static str) -> bool {
    let null = Map::from_iter([(field.to_owned(), Value::Null)]);
    !matches!(
        reads(object(&null, &BTreeMap::new())),
        Err(Mistake::Field(..))
    )
}

/// Texts that stand in for fields.
type StandIns = BTreeMap<&'static str, &'static str>;

/// An object with `given` values and stand-ins.
fn object<'p>(given: &'p Map<String, Value>, stand_ins: &'p StandIns) -> Probe<'p> {
    let given = given
        .iter()
        .map(|(name, value)| (name.as_str(), Source::Given(value)));
    let stand_ins = stand_ins
        .iter()
        .map(|(name, text)| (*name, Source::StandIn(text)));
    Probe::Object(given.chain(stand_ins).collect())
}
