//! What a list can be asked for, described for schemas and pages.

use serde::Serialize;

/// One parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// As it stands in the URL: `title__icontains`.
    pub name: String,
    /// The type of its value: `string`, `boolean`, `integer`, `number`, `date`, `time`, `datetime`
    /// or `uuid`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Several values may be given, with commas between them.
    pub is_list: bool,
    /// The only values there are, if that is known.
    pub choices: Vec<String>,
    /// What it does, as a sentence.
    pub description: String,
}

impl Parameter {
    /// A parameter with one value.
    pub(super) fn new(
        name: impl Into<String>,
        kind: &'static str,
        description: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            kind,
            is_list: false,
            choices: Vec::new(),
            description: description.into(),
        }
    }
}
