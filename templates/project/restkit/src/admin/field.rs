//! The fields that pages show.

use serde::Serialize;

/// The parameter of a form that was opened beside a field, to make a row that it refers to; its
/// value is the field's id.
pub(super) const POPUP: &str = "_popup";

/// One field of a page.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Field {
    pub name: String,
    pub label: String,
    /// The template's name for how it is typed.
    pub widget: &'static str,
    pub value: String,
    /// In a list: what is stored.
    pub was: String,
    /// The label of the row that `value` refers to.
    pub value_label: String,
    pub choices: Vec<Choice>,
    pub required: bool,
    pub readonly: bool,
    pub errors: Vec<String>,
    pub help: String,
    pub max_length: Option<u32>,
    /// The URL for searching a value.
    pub search: String,
    /// The URL of the form for a new row to refer to.
    pub add: String,
}

/// One of the values to choose from.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}
