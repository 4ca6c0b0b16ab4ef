//! What a request type looks like, for `OPTIONS` and the HTML forms.

use std::collections::BTreeMap;

use sea_orm::prelude::{ColumnTrait, ColumnType, StringLen};
use sea_orm::{EntityTrait, Iterable, PrimaryKeyToColumn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::serializer::probe::{kind, names, required_fields, takes_null};

/// A field of a serializer, as `OPTIONS` and the HTML forms show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    #[serde(skip)]
    pub name: String,
    /// DRF's name of the type: `string`, `boolean`, `integer`, ...
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub required: bool,
    pub read_only: bool,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// How many digits a decimal has in all, and after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_digits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_places: Option<u32>,
    /// The range of a whole number's column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_value: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Whether it is several values.
    #[serde(skip)]
    pub is_list: bool,
    /// Whether it may be null.
    #[serde(skip)]
    pub is_nullable: bool,
    /// Whether it is a text with lines in it.
    #[serde(skip)]
    pub is_long: bool,
    /// What its column is of, if it has one.
    #[serde(skip)]
    pub of: Of,
}

/// What a field is of, as far as empty texts and forms are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Of {
    /// A text, which may be empty.
    Text,
    /// Any JSON.
    Json,
    /// A row of another table.
    Row,
    #[default]
    Other,
}

impl Field {
    /// Whether a value says that there is none, as DRF takes it. A form cannot say so but by an
    /// empty text.
    pub fn is_none(&self, value: &Value, is_form: bool) -> bool {
        let Some(text) = value.as_str().filter(|_| self.is_nullable) else {
            return false;
        };
        match self.kind {
            "boolean" => text.is_empty() || text.eq_ignore_ascii_case("null"),
            "decimal" => text.trim().is_empty(),
            _ => text.is_empty() && (is_form || self.of == Of::Row),
        }
    }

    /// Whether an empty text in a form is as if the field was not there.
    pub fn is_left_out(&self, value: &Value) -> bool {
        value == "" && !self.required && self.of != Of::Text
    }
}

/// One of the values that a field may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub value: &'static str,
    /// For people.
    pub display_name: String,
}

/// The fields of the request type `T` for the entity `E`, its key first.
pub fn fields<E: EntityTrait, T: DeserializeOwned>() -> Vec<Field> {
    let columns: BTreeMap<String, ColumnType> = E::Column::iter()
        .map(|column| {
            (
                column.json_key().to_owned(),
                column.def().get_column_type().clone(),
            )
        })
        .collect();
    let required = required_fields::<T>();
    let keys = E::PrimaryKey::iter().map(|key| key.into_column().json_key().to_owned());
    let names = names::<T>();
    let keys: Vec<_> = keys.filter(|key| !names.contains(&key.as_str())).collect();
    let keys = keys.into_iter().map(|name| Field {
        kind: kind_of_column(columns.get(&name)),
        required: false,
        read_only: true,
        label: label(&name),
        max_length: None,
        max_digits: None,
        decimal_places: None,
        min_value: None,
        max_value: None,
        choices: Vec::new(),
        is_list: false,
        is_nullable: false,
        is_long: false,
        of: Of::Other,
        name,
    });
    let own = names.iter().map(|&name| {
        let (kind, choices) = kind::<T>(name);
        let column = columns.get(name);
        let decimal = column.and_then(decimal);
        let range = column.and_then(range).filter(|_| kind == "integer");
        Field {
            name: name.to_owned(),
            kind,
            required: required.contains(&name),
            read_only: false,
            label: label(name),
            max_length: max_length(column).filter(|_| choices.is_empty()),
            max_digits: decimal.map(|(digits, _)| digits),
            decimal_places: decimal.map(|(_, places)| places),
            min_value: range.map(|(least, _)| least),
            max_value: range.map(|(_, greatest)| greatest),
            choices: choices.into_iter().map(Choice::new).collect(),
            is_list: kind == "list",
            is_nullable: takes_null::<T>(name),
            is_long: false,
            of: Of::Other,
        }
    });
    keys.chain(own).collect()
}

impl Choice {
    /// The value, labelled by itself.
    pub fn new(value: &'static str) -> Self {
        Self {
            value,
            display_name: label(value),
        }
    }
}

fn decimal(column: &ColumnType) -> Option<(u32, u32)> {
    match column {
        ColumnType::Decimal(precision) | ColumnType::Money(precision) => *precision,
        _ => None,
    }
}

/// What a column of whole numbers can keep; both databases have 64 bits at most, with a sign.
fn range(column: &ColumnType) -> Option<(i64, i64)> {
    match column {
        ColumnType::TinyInteger => Some((i8::MIN.into(), i8::MAX.into())),
        ColumnType::SmallInteger => Some((i16::MIN.into(), i16::MAX.into())),
        ColumnType::Integer => Some((i32::MIN.into(), i32::MAX.into())),
        ColumnType::BigInteger => Some((i64::MIN, i64::MAX)),
        ColumnType::TinyUnsigned => Some((0, u8::MAX.into())),
        ColumnType::SmallUnsigned => Some((0, u16::MAX.into())),
        ColumnType::Unsigned => Some((0, u32::MAX.into())),
        ColumnType::BigUnsigned => Some((0, i64::MAX)),
        _ => None,
    }
}

/// `due_date` is labelled `Due date`, as Django does it.
fn label(name: &str) -> String {
    if name == "id" {
        return "ID".to_owned();
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn max_length(column: Option<&ColumnType>) -> Option<u32> {
    match column {
        Some(ColumnType::String(StringLen::N(length)) | ColumnType::Char(Some(length))) => {
            Some(*length)
        }
        _ => None,
    }
}

fn kind_of_column(column: Option<&ColumnType>) -> &'static str {
    match column {
        Some(ColumnType::String(_) | ColumnType::Char(_) | ColumnType::Text | ColumnType::Uuid) => {
            "string"
        }
        _ => "integer",
    }
}
