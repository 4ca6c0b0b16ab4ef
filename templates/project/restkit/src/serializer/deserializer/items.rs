//! Asks the type of a list, and no request, what its items are.

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::Mistake;

/// Returns whether the visitor of a list wants objects in it: DRF words a mistake about such a list, a
/// `ListSerializer`, otherwise than about a `ListField`.
pub(super) fn are_objects<'de, V: Visitor<'de>>(visitor: V) -> bool {
    let mut is_object = false;
    // No item can be read: what comes of the list says nothing.
    let _ = visitor.visit_seq(One(&mut is_object));
    is_object
}

/// A list with one item.
struct One<'o>(&'o mut bool);

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Mistake;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mistake> {
        seed.deserialize(Item(self.0)).map(Some)
    }
}

/// An item that nothing can be read from, and that notes whether it should be an object.
struct Item<'o>(&'o mut bool);

impl Item<'_> {
    fn unreadable<T>() -> Result<T, Mistake> {
        Err(Mistake::Value(String::new()))
    }
}

impl<'de> Deserializer<'de> for Item<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Mistake> {
        Self::unreadable()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Mistake> {
        *self.0 = true;
        Self::unreadable()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
