//! A serde deserializer that reads JSON values as DRF's fields do, and speaks of mistakes in DRF's
//! words: numbers in strings are numbers, strings are trimmed, `"yes"` is true.

mod items;
pub(crate) mod patched;
pub(crate) mod python;
mod written;

use std::fmt::{self, Display};

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde_json::{Map, Number, Value};

use crate::serializer::exact;

pub(crate) use written::Written;

/// Why a value is not what a type wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// The value itself is wrong, in words for the client.
    Value(String),
    /// The value at this path, `title` or `comments[0].text`, is wrong.
    Field(String, String),
    /// A field is missing that has no default.
    Missing(&'static str),
}

impl Mistake {
    /// Says where it is, unless that is known.
    pub fn at(self, path: &str) -> Self {
        match self {
            Self::Field(..) => self,
            other => Self::Field(path.to_owned(), other.to_string()),
        }
    }
}

impl Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(words) | Self::Field(_, words) => f.write_str(words),
            Self::Missing(_) => f.write_str("This field is required."),
        }
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: Display>(words: T) -> Self {
        Self::Value(words.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self::Value(format!("\"{variant}\" is not a valid choice."))
    }
}

fn mistake<T>(words: impl Into<String>) -> Result<T, Mistake> {
    Err(Mistake::Value(words.into()))
}

const NULL: &str = "This field may not be null.";

/// One value, to be read leniently.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lenient<'v>(pub &'v Value);

impl<'v> Lenient<'v> {
    /// The text of a number that is kept as it was written.
    fn exact(self) -> Option<&'v str> {
        exact::text(self.0)
    }

    fn boolean(self) -> Result<bool, Mistake> {
        match self.0 {
            Value::Bool(boolean) => Ok(*boolean),
            Value::Null => mistake(NULL),
            Value::Number(number) if number.as_f64() == Some(1.0) => Ok(true),
            Value::Number(number) if number.as_f64() == Some(0.0) => Ok(false),
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "on" | "1" => Ok(true),
                "false" | "f" | "no" | "n" | "off" | "0" => Ok(false),
                _ => mistake("Must be a valid boolean."),
            },
            _ => mistake("Must be a valid boolean."),
        }
    }

    /// A whole number from `min` to `max`, the range of the type that asks.
    fn integer(self, min: i128, max: i128) -> Result<i128, Mistake> {
        let text = match self.0 {
            Value::Null => return mistake(NULL),
            Value::Number(number) => whole(number),
            Value::String(_) if self.exact().is_some() => {
                self.exact().unwrap_or_default().to_owned()
            }
            Value::String(text) if text.len() > 1000 => return mistake("String value too large."),
            Value::String(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        // DRF takes 3.0 for 3, and nothing else with a point in it.
        let whole = match text.split_once('.') {
            Some((whole, zeros)) if zeros.chars().all(|c| c == '0') => whole,
            _ => &text,
        };
        let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
            return mistake("A valid integer is required.");
        }
        match whole.parse::<i128>() {
            Ok(number) if number > max => mistake(too_large(max)),
            Ok(number) if number < min => mistake(too_small(min)),
            Ok(number) => Ok(number),
            Err(_) if whole.starts_with('-') => mistake(too_small(min)),
            Err(_) => mistake(too_large(max)),
        }
    }

    fn float(self) -> Result<f64, Mistake> {
        let number = match self.0 {
            Value::Null => return mistake(NULL),
            Value::Number(number) => number.as_f64(),
            Value::Bool(boolean) => Some(f64::from(u8::from(*boolean))),
            Value::String(text) => self.exact().unwrap_or(text.trim()).parse().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Ok(number),
            None => mistake("A valid number is required."),
        }
    }

    fn text(self) -> Result<String, Mistake> {
        if let Some(number) = self.exact() {
            return Ok(number.to_owned());
        }
        match self.0 {
            Value::Null => mistake(NULL),
            Value::String(text) if text.contains('\0') => {
                mistake("Null characters are not allowed.")
            }
            Value::String(text) => Ok(text.trim_matches(is_space).to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            _ => mistake("Not a valid string."),
        }
    }

    /// Reads a text for a type that is written as one, such as a date.
    fn visit_text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let Some(kind) = Written::of(&expectation(&visitor)) else {
            return visitor.visit_str(&self.text()?);
        };
        if self.0.is_null() {
            return mistake(NULL);
        }
        let text = kind
            .read(self.0)
            .ok_or_else(|| Mistake::Value(kind.words().to_owned()))?;
        visitor
            .visit_str(&text)
            .or_else(|_: Mistake| mistake(kind.words()))
    }
}

/// Python counts four separators of old teletypes among the white space.
pub(crate) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || ('\x1c'..='\x1f').contains(&letter)
}

/// A whole number that is larger than the JSON library's own is kept as a fraction.
fn whole(number: &Number) -> String {
    let whole = number.as_f64().filter(|_| number.is_f64());
    match whole.filter(|number| (9e18..1e21).contains(&number.abs())) {
        Some(number) => format!("{number:.0}"),
        None => number.to_string(),
    }
}

fn too_large(max: i128) -> String {
    format!("Ensure this value is less than or equal to {max}.")
}

fn too_small(min: i128) -> String {
    format!("Ensure this value is greater than or equal to {min}.")
}

/// Returns the type that a visitor expects, in its own words.
pub(crate) fn expectation<'de, V: Visitor<'de>>(visitor: &V) -> String {
    struct Expecting<'a, V>(&'a V);
    impl<'de, V: Visitor<'de>> Display for Expecting<'_, V> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }
    }
    Expecting(visitor).to_string()
}

/// The expectation of serde_json's own values: they are taken as they are.
const ANY_JSON: &str = "any valid JSON value";

/// The message about a body or a nested value that is not an object.
pub(crate) fn no_dictionary(value: &Value) -> String {
    format!(
        "Invalid data. Expected a dictionary, but got {}.",
        python::type_name(value)
    )
}

/// The message about a value that is not a list.
fn no_list(value: &Value) -> String {
    match value {
        Value::Null => NULL.to_owned(),
        other => format!(
            "Expected a list of items but got type \"{}\".",
            python::type_name(other)
        ),
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            let number = self.integer(<$type>::MIN as i128, <$type>::MAX as i128)?;
            visitor.$visit(number as $type)
        }
    )*};
}

impl<'de> Deserializer<'de> for Lenient<'_> {
    type Error = Mistake;

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let number = self.float()?;
        if number.abs() > f64::from(f32::MAX) {
            return mistake("A valid number is required.");
        }
        visitor.visit_f64(number)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit_text(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit_text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.visit_text(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
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
        match self.0 {
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.iter().map(Lenient)))
            }
            other => mistake(no_list(other)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(entries(object)),
            Value::Null => mistake(NULL),
            other => mistake(no_dictionary(other)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let text = match self.0 {
            Value::Null => return mistake(NULL),
            Value::String(text) => text.clone(),
            other => python::text(other),
        };
        if !variants.contains(&text.as_str()) {
            return mistake(format!("\"{text}\" is not a valid choice."));
        }
        let variant: StrDeserializer<'_, Mistake> = text.as_str().into_deserializer();
        visitor.visit_enum(variant)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let expectation = expectation(&visitor);
        let is_written = Written::of(&expectation).is_some();
        if let (Some(Ok(nearest)), false) = (self.exact().map(str::parse), is_written) {
            return visitor.visit_f64(nearest);
        }
        match self.0 {
            Value::String(text) if expectation == ANY_JSON => visitor.visit_str(text),
            _ if is_written => self.visit_text(visitor),
            Value::Null => visitor.visit_unit(),
            Value::Bool(boolean) => visitor.visit_bool(*boolean),
            Value::Number(number) => visit_number(number, visitor),
            Value::String(_) => self.visit_text(visitor),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_unit()
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Mistake> {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), _, _) => visitor.visit_i64(number),
        (_, Some(number), _) => visitor.visit_u64(number),
        (_, _, Some(number)) => visitor.visit_f64(number),
        _ => mistake("A valid number is required."),
    }
}

/// The entries of an object, each value read leniently.
fn entries<'de, 'v>(
    object: &'v Map<String, Value>,
) -> MapDeserializer<'de, impl Iterator<Item = (&'v str, Lenient<'v>)>, Mistake> {
    MapDeserializer::new(
        object
            .iter()
            .map(|(name, value)| (name.as_str(), Lenient(value))),
    )
}

impl IntoDeserializer<'_, Mistake> for Lenient<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
