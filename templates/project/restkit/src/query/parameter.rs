//! The parameters of a list, for schemas and pages.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::value::Kind;

/// One parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// As it is in the URL: `title__icontains`.
    pub name: String,
    /// Its name for people: `title contains`.
    pub label: String,
    /// The type of its value: `string`, `boolean`, `integer`, `number`, `date`, `time`, `datetime`
    /// or `uuid`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Several values may be given, with commas between them.
    pub is_list: bool,
    /// The only values there are, if that is known.
    pub choices: Vec<String>,
    /// The least and the greatest number that is taken.
    pub bounds: Option<(i64, i64)>,
    /// A sentence about its effect.
    pub description: String,
}

impl Parameter {
    /// A parameter with one value.
    pub(crate) fn new(
        name: impl Into<String>,
        kind: &'static str,
        description: impl Into<String>,
    ) -> Self {
        let name = name.into();
        Self {
            label: name.replace('_', " "),
            name,
            kind,
            is_list: false,
            choices: Vec::new(),
            bounds: None,
            description: description.into(),
        }
    }

    /// Returns what [`kind`](Self::kind) says of such values.
    pub(crate) fn kind_of(kind: Kind) -> &'static str {
        match kind {
            Kind::Bool => "boolean",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "datetime",
            Kind::Uuid => "uuid",
            Kind::Text | Kind::Json | Kind::Other => "string",
        }
    }

    /// Describes the parameter in OpenAPI.
    pub(crate) fn schema(&self) -> Value {
        let mut schema = match self.kind {
            "string" if self.name != "cursor" => {
                json!({ "type": "string", "maxLength": 1000, "pattern": r"^[^\x00]*$" })
            }
            "datetime" => json!({ "type": "string", "format": "date-time" }),
            "date" | "time" | "uuid" => json!({ "type": "string", "format": self.kind }),
            kind => json!({ "type": kind }),
        };
        if let Some((min, max)) = self.bounds {
            schema["minimum"] = min.into();
            schema["maximum"] = max.into();
        }
        // Other columns to order by are passed over and no mistake.
        if !self.choices.is_empty() && self.name != "ordering" {
            schema = json!({ "type": "string", "enum": self.choices });
        }
        let mut parameter = json!({
            "name": self.name,
            "in": "query",
            "required": false,
            // And then counts for nothing.
            "allowEmptyValue": true,
            "description": self.description,
            "schema": schema,
        });
        if self.is_list {
            parameter["explode"] = false.into();
            parameter["schema"] = json!({ "type": "array", "items": schema });
        }
        parameter
    }
}
