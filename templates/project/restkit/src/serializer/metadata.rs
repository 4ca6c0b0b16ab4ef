//! Describes the fields of a request type, for `OPTIONS` and the HTML forms.

use serde::Serialize;
use serde_json::Value;

use crate::model::Column;
use crate::model::columns::Columns;
use crate::model::value::Kind;
use crate::serializer::probe::{Reads, kind, names, required_fields, takes_null};

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
    /// How it treats empty strings.
    #[serde(skip)]
    pub content: Content,
}

/// How a field treats an empty string and form input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
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
    /// Returns whether a value says that there is none, as DRF takes it. A form cannot say so but by an
    /// empty text.
    pub fn is_none(&self, value: &Value, is_form: bool) -> bool {
        let Some(text) = value.as_str().filter(|_| self.is_nullable) else {
            return false;
        };
        match self.kind {
            "boolean" => text.is_empty() || text.eq_ignore_ascii_case("null"),
            "decimal" => text.trim().is_empty(),
            _ => text.is_empty() && (is_form || self.content == Content::Row),
        }
    }

    /// Returns whether an empty text in a form is as if the field was not there.
    pub fn is_left_out(&self, value: &Value) -> bool {
        value == "" && !self.required && self.content != Content::Text
    }
}

/// One of the values that a field may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub value: &'static str,
    /// For people.
    pub display_name: String,
}

/// The fields of a request type for rows with these columns, its key first.
pub(super) fn fields(columns: &Columns, reads: Reads) -> Vec<Field> {
    let required = required_fields(reads);
    let names = names(reads);
    let keys = columns.all.iter().filter(|column| column.is_key);
    let keys = keys.filter(|column| !names.contains(&column.json_key));
    let keys = keys.map(|column| Field {
        name: column.json_key.to_owned(),
        kind: kind_of_key(column),
        required: false,
        read_only: true,
        label: label(column.json_key),
        max_length: None,
        max_digits: None,
        decimal_places: None,
        min_value: None,
        max_value: None,
        choices: Vec::new(),
        is_list: false,
        is_nullable: false,
        is_long: false,
        content: Content::Other,
    });
    let own = names.iter().map(|&name| {
        let (kind, choices) = kind(reads, name);
        let column = columns.by_key(name);
        let decimal = column.and_then(|column| column.decimal);
        let range = column
            .filter(|_| kind == "integer")
            .and_then(|column| column.range);
        let max_length = column.and_then(|column| column.max_length);
        Field {
            name: name.to_owned(),
            kind,
            required: required.contains(&name),
            read_only: false,
            label: label(name),
            max_length: max_length.filter(|_| choices.is_empty()),
            max_digits: decimal.map(|(digits, _)| digits),
            decimal_places: decimal.map(|(_, places)| places),
            min_value: range.map(|(least, _)| least),
            max_value: range.map(|(_, greatest)| greatest),
            choices: choices.into_iter().map(Choice::new).collect(),
            is_list: kind == "list",
            is_nullable: takes_null(reads, name),
            is_long: false,
            content: Content::Other,
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

fn kind_of_key(column: &Column) -> &'static str {
    match column.kind {
        Kind::Text | Kind::Uuid => "string",
        _ => "integer",
    }
}
