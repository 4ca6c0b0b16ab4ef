//! Objects with stand-ins: what a type is deserialized from to see what it asks for.

use std::cell::{Cell, RefCell};

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::serializer::deserializer::{Lenient, Mistake, Written, expectation};

/// The known shape of a type.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub fields: Cell<&'static [&'static str]>,
    pub kind: Cell<&'static str>,
    pub choices: RefCell<Vec<&'static str>>,
}

/// The source of a field's value.
#[derive(Clone, Copy)]
pub(crate) enum Source<'p> {
    Given(&'p Value),
    /// A stand-in; where the type wants a text, it is this one.
    StandIn(&'p str),
    /// A stand-in that notes what it is asked for.
    Asked(&'p Shape),
}

/// A value that fits whatever is wanted, as far as possible.
pub(crate) struct StandIn<'p> {
    text: &'p str,
    shape: Option<&'p Shape>,
}

impl<'p> StandIn<'p> {
    /// One that is `text` where the type wants a text and does not say which.
    pub fn new(text: &'p str) -> Self {
        Self { text, shape: None }
    }

    fn note(&self, kind: &'static str) {
        if let Some(shape) = self.shape {
            shape.kind.set(kind);
        }
    }

    /// A text that is right for a type which says how it is written.
    fn text_for(&self, expectation: &str) -> &'p str {
        match Written::of(expectation) {
            Some(Written::Date) => "1970-01-01",
            Some(Written::Time) => "00:00:00",
            Some(Written::DateTime { has_offset: false }) => "1970-01-01T00:00:00",
            Some(Written::DateTime { has_offset: true }) => "1970-01-01T00:00:00Z",
            Some(Written::Uuid) => "00000000-0000-0000-0000-000000000000",
            Some(Written::Decimal) => "0",
            None => self.text,
        }
    }
}

/// DRF's name for a kind that is written as a text.
fn kind_of_text(expectation: &str) -> &'static str {
    match Written::of(expectation) {
        Some(Written::Date) => "date",
        Some(Written::Time) => "time",
        Some(Written::DateTime { .. }) => "datetime",
        Some(Written::Decimal) => "decimal",
        Some(Written::Uuid) | None => "string",
    }
}

macro_rules! stand_in {
    ($($method:ident $kind:literal $visit:ident $value:expr,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            self.note($kind);
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for StandIn<'_> {
    type Error = Mistake;

    stand_in! {
        deserialize_bool "boolean" visit_bool false,
        deserialize_i8 "integer" visit_i8 0,
        deserialize_i16 "integer" visit_i16 0,
        deserialize_i32 "integer" visit_i32 0,
        deserialize_i64 "integer" visit_i64 0,
        deserialize_u8 "integer" visit_u8 0,
        deserialize_u16 "integer" visit_u16 0,
        deserialize_u32 "integer" visit_u32 0,
        deserialize_u64 "integer" visit_u64 0,
        deserialize_f32 "float" visit_f32 0.0,
        deserialize_f64 "float" visit_f64 0.0,
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let expectation = expectation(&visitor);
        self.note(kind_of_text(&expectation));
        visitor.visit_str(self.text_for(&expectation))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.shape {
            Some(_) => visitor.visit_some(self),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.note("list");
        visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<Lenient<'_>>()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.note("nested object");
        visitor.visit_map(MapDeserializer::new(
            std::iter::empty::<(&str, Lenient<'_>)>(),
        ))
    }

    /// Each of its fields has a stand-in.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.note("nested object");
        visitor.visit_map(Entries::standing_in(fields, self.text))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.note("choice");
        if let Some(shape) = self.shape {
            shape.choices.replace(variants.to_vec());
        }
        let first: StrDeserializer<'_, Mistake> = variants
            .first()
            .copied()
            .unwrap_or_default()
            .into_deserializer();
        visitor.visit_enum(first)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let expectation = expectation(&visitor);
        let kind = kind_of_text(&expectation);
        self.note(if kind == "string" { "field" } else { kind });
        visitor.visit_str(self.text_for(&expectation))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// The object that a request type is deserialized from.
pub(crate) enum Probe<'p> {
    /// Only the names of its fields are wanted.
    Names(&'p Shape),
    /// It has these fields.
    Object(Vec<(&'p str, Source<'p>)>),
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Mistake;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self {
            Self::Names(shape) => {
                shape.fields.set(fields);
                Err(Mistake::Value(String::new()))
            }
            Self::Object(entries) => visitor.visit_map(Entries::of(entries)),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_struct("", &[], visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Entries<'p> {
    entries: std::vec::IntoIter<(&'p str, Source<'p>)>,
    next: Option<(&'p str, Source<'p>)>,
}

impl<'p> Entries<'p> {
    /// Fields with the same text each.
    fn standing_in(fields: &'static [&'static str], text: &'p str) -> Self {
        let entries = fields.iter().map(|name| (*name, Source::StandIn(text)));
        Self::of(entries.collect())
    }

    fn of(entries: Vec<(&'p str, Source<'p>)>) -> Self {
        Self {
            entries: entries.into_iter(),
            next: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        self.next = self.entries.next();
        let Some((name, _)) = self.next else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, Mistake> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mistake> {
        let Some((name, source)) = self.next.take() else {
            return Err(Mistake::Value(
                "a value was read before its name".to_owned(),
            ));
        };
        let read = match source {
            Source::Given(value) => seed.deserialize(Lenient(value)),
            Source::StandIn(text) => seed.deserialize(StandIn::new(text)),
            Source::Asked(shape) => seed.deserialize(StandIn {
                text: "",
                shape: Some(shape),
            }),
        };
        read.map_err(|mistake| Mistake::Field(name.to_owned(), mistake.to_string()))
    }
}
