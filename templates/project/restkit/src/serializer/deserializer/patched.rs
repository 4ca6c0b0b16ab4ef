//! Reading a value in which some parts are replaced by stand-ins.
//!
//! serde stops at the first mistake and cannot try a part again. So the whole is read again with a
//! stand-in where the mistake was, until nothing else is wrong: each round finds the next mistake,
//! however deep it is, and tells where.

use std::collections::BTreeMap;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::written::Written;
use super::{ANY_JSON, Lenient, Mistake, expectation, items, mistake, no_list};
use crate::error::NON_FIELD;
use crate::serializer::probe::StandIn;

/// The texts that stand in for values, by the path of what they replace: `comments[0].text`.
pub(crate) type Patches = BTreeMap<String, &'static str>;

/// A value, or the stand-in in its place.
pub(crate) struct Patched<'p> {
    value: Option<&'p Value>,
    path: String,
    patches: &'p Patches,
}

impl<'p> Patched<'p> {
    /// The whole of a body.
    pub fn whole(value: &'p Value, patches: &'p Patches) -> Self {
        Self {
            value: Some(value),
            path: String::new(),
            patches,
        }
    }

    fn stand_in(&self) -> Option<StandIn<'p>> {
        self.patches.get(&self.path).map(|text| StandIn::new(text))
    }

    fn lenient(&self) -> Lenient<'p> {
        Lenient(self.value.unwrap_or(&Value::Null))
    }

    /// Reads the value at this path, and says of a mistake that it is here.
    fn here<T>(self, read: impl FnOnce(Source<'p>) -> Result<T, Mistake>) -> Result<T, Mistake> {
        let read = read(self.source());
        read.map_err(|mistake| mistake.at(&self.path))
    }

    fn source(&self) -> Source<'p> {
        match self.stand_in() {
            Some(stand_in) => Source::StandIn(stand_in),
            None => Source::Given(self.lenient()),
        }
    }

    /// Reads what must be an object, or a list of them, and is none: as in DRF, its message is among
    /// those of its fields.
    fn within<T>(self, read: impl FnOnce(Source<'p>) -> Result<T, Mistake>) -> Result<T, Mistake> {
        let read = read(self.source());
        read.map_err(|mistake| self.among_fields(mistake))
    }

    fn among_fields(&self, mistake: Mistake) -> Mistake {
        let is_within = !self.path.is_empty() && self.value.is_some_and(|value| !value.is_null());
        match mistake.at(&self.path) {
            Mistake::Field(_, words) if is_within => {
                Mistake::Field(format!("{}.{NON_FIELD}", self.path), words)
            }
            mistake => mistake,
        }
    }

    /// The names of an object's members: those that are there, and those that a stand-in adds.
    fn members(&self) -> Vec<String> {
        let object = self.value.and_then(Value::as_object);
        let mut names: Vec<_> = object
            .into_iter()
            .flat_map(|it| it.keys().cloned())
            .collect();
        for path in self.patches.keys() {
            let Some(rest) = path.strip_prefix(&self.path) else {
                continue;
            };
            let name = if self.path.is_empty() {
                Some(rest)
            } else {
                rest.strip_prefix('.')
            };
            let name = name.filter(|name| !name.is_empty() && !name.contains(['.', '[']));
            if let Some(name) = name.filter(|name| !names.iter().any(|other| other == name)) {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn member(&self, name: &str) -> Self {
        let path = match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        Self {
            value: self.value.and_then(|value| value.get(name)),
            path,
            patches: self.patches,
        }
    }

    fn item(&self, number: usize) -> Self {
        Self {
            value: self.value.and_then(|value| value.get(number)),
            path: format!("{}[{number}]", self.path),
            patches: self.patches,
        }
    }

    fn visit_object<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let members = Members {
            names: self.members().into_iter(),
            whole: &self,
            next: None,
        };
        let read = visitor.visit_map(members);
        read.map_err(|mistake| self.of_member(mistake))
    }

    fn of_member(&self, mistake: Mistake) -> Mistake {
        match mistake {
            Mistake::Missing(field) => Mistake::Missing(field).at(&self.member(field).path),
            other => other.at(&self.path),
        }
    }

    fn visit_list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let items = Items {
            whole: &self,
            next: 0,
        };
        visitor
            .visit_seq(items)
            .map_err(|mistake| mistake.at(&self.path))
    }
}

/// The source of a value.
enum Source<'p> {
    Given(Lenient<'p>),
    StandIn(StandIn<'p>),
}

struct Members<'w, 'p> {
    names: std::vec::IntoIter<String>,
    whole: &'w Patched<'p>,
    next: Option<String>,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        self.next = self.names.next();
        let Some(name) = &self.next else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, Mistake> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mistake> {
        let name = self.next.take().unwrap_or_default();
        seed.deserialize(self.whole.member(&name))
    }
}

struct Items<'w, 'p> {
    whole: &'w Patched<'p>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Mistake;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mistake> {
        let length = self
            .whole
            .value
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if self.next >= length {
            return Ok(None);
        }
        self.next += 1;
        seed.deserialize(self.whole.item(self.next - 1)).map(Some)
    }
}

macro_rules! scalars {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            self.here(|source| match source {
                Source::Given(value) => value.$method(visitor),
                Source::StandIn(stand_in) => stand_in.$method(visitor),
            })
        }
    )*};
}

impl<'de> Deserializer<'de> for Patched<'_> {
    type Error = Mistake;

    scalars! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
        deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_ignored_any
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.stand_in().is_some() || self.lenient().0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
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
        if let Some(stand_in) = self.stand_in() {
            return self.here(|_| stand_in.deserialize_seq(visitor));
        }
        if let Some(Value::Array(_)) = self.value {
            return self.visit_list(visitor);
        }
        let words = no_list(self.lenient().0);
        if items::are_objects(visitor) {
            self.within(|_| mistake(words))
        } else {
            self.here(|_| mistake(words))
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.value {
            Some(Value::Object(_)) if self.stand_in().is_none() => self.visit_object(visitor),
            _ => self.here(|source| match source {
                Source::Given(value) => value.deserialize_map(visitor),
                Source::StandIn(stand_in) => stand_in.deserialize_map(visitor),
            }),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self.value {
            Some(Value::Object(_)) if self.stand_in().is_none() => self.visit_object(visitor),
            _ => self.within(|source| match source {
                Source::Given(value) => value.deserialize_struct(name, fields, visitor),
                Source::StandIn(stand_in) => stand_in.deserialize_struct(name, fields, visitor),
            }),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.here(|source| match source {
            Source::Given(value) => value.deserialize_enum(name, variants, visitor),
            Source::StandIn(stand_in) => stand_in.deserialize_enum(name, variants, visitor),
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let expectation = expectation(&visitor);
        let is_whole = expectation == ANY_JSON || Written::of(&expectation).is_some();
        match self.value {
            Some(Value::Object(_)) if !is_whole && self.stand_in().is_none() => {
                self.visit_object(visitor)
            }
            Some(Value::Array(_)) if !is_whole && self.stand_in().is_none() => {
                self.visit_list(visitor)
            }
            _ => self.here(|source| match source {
                Source::Given(value) => value.deserialize_any(visitor),
                Source::StandIn(stand_in) => stand_in.deserialize_any(visitor),
            }),
        }
    }

    serde::forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}
