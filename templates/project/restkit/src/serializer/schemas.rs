//! The schemas of types, made stricter by what models say of their columns.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::Settings;
use crate::serializer::form::Form;

/// The path of the schemas in a document.
const DEFINITIONS: &str = "/components/schemas";

/// The schemas that a document refers to.
pub struct Schemas {
    /// Of what clients send.
    sent: SchemaGenerator,
    /// Of what they get.
    shown: SchemaGenerator,
    own: Map<String, Value>,
    site: Settings,
}

impl Schemas {
    /// Only those that every document has.
    pub(crate) fn new(site: &Settings) -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = DEFINITIONS.into();
                settings.meta_schema = None;
            })
        };
        let detail = json!({
            "type": "object",
            "required": ["detail"],
            "properties": { "detail": { "type": "string" } },
        });
        let errors = json!({
            "type": "object",
            "description": "What is wrong with each field, or with all of them (`non_field_errors`), or why the body cannot be read (`detail`).",
            "additionalProperties": {
                "anyOf": [
                    { "type": "array", "items": { "type": "string" } },
                    { "type": "object" },
                    { "type": "string" },
                ],
            },
        });
        let own = [("Detail", detail), ("Errors", errors)];
        Self {
            sent: settings().for_deserialize().into_generator(),
            shown: settings().for_serialize().into_generator(),
            own: own
                .map(|(name, schema)| (name.to_owned(), schema))
                .into_iter()
                .collect(),
            site: site.clone(),
        }
    }

    /// The settings of the site that the document is about.
    pub fn settings(&self) -> &Settings {
        &self.site
    }

    /// Describes a type of answers.
    pub fn shown<T: JsonSchema>(&mut self) -> Value {
        self.shown.subschema_for::<T>().to_value()
    }

    /// Describes a type of requests.
    pub fn sent<T: JsonSchema>(&mut self) -> Value {
        self.sent.subschema_for::<T>().to_value()
    }

    /// Describes a type of requests for rows of a model.
    pub fn row<T: JsonSchema>(&mut self, form: &Form) -> Value {
        let reference = self.sent::<T>();
        let name = reference["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        if let Some(schema) = name.and_then(|name| self.sent.definitions_mut().get_mut(name)) {
            tighten(schema, form);
        }
        reference
    }

    /// The same with nothing required, for PATCH.
    pub fn partial<T: JsonSchema>(&mut self, form: &Form) -> Value {
        let reference = self.row::<T>(form);
        let name = reference["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        let Some((name, mut schema)) = name.and_then(|name| {
            Some((
                format!("Patched{name}"),
                self.sent.definitions().get(name)?.clone(),
            ))
        }) else {
            return reference;
        };
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("required");
        }
        // A client that is made from the document would send each default along, and so undo what
        // it was not asked to touch.
        let fields = schema["properties"].as_object_mut();
        for field in fields.into_iter().flat_map(Map::values_mut) {
            if let Some(field) = field.as_object_mut() {
                field.remove("default");
            }
        }
        self.define(&name, schema)
    }

    /// A schema of ours, by reference.
    pub fn define(&mut self, name: &str, schema: Value) -> Value {
        self.own.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#{DEFINITIONS}/{name}") })
    }

    /// All of them by name. Types that are sent otherwise than they are shown get a name of their
    /// own.
    pub(crate) fn into_definitions(mut self) -> Map<String, Value> {
        let mut all = self.shown.take_definitions(true);
        let mut sent = Value::Object(self.sent.take_definitions(true));
        let mut own = Value::Object(self.own);
        let differing: Vec<_> = sent
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, schema)| all.get(*name).is_some_and(|other| other != *schema))
            .map(|(name, _)| name.clone())
            .collect();
        for name in differing {
            let new = format!("{name}Sent");
            if let Some(schema) = sent.as_object_mut().and_then(|sent| sent.remove(&name)) {
                sent[&new] = schema;
            }
            let (from, to) = (
                format!("#{DEFINITIONS}/{name}"),
                format!("#{DEFINITIONS}/{new}"),
            );
            refer(&mut sent, &from, &to);
            refer(&mut own, &from, &to);
        }
        for definitions in [sent, own] {
            if let Value::Object(definitions) = definitions {
                all.extend(definitions);
            }
        }
        all.values_mut().for_each(widen);
        all.sort_keys();
        all
    }
}

/// Writes schemas that allow everything as `{}`: `true` is as good, and generators of clients refuse
/// the whole document for it.
pub(crate) fn widen(schema: &mut Value) {
    if *schema == true {
        *schema = json!({});
    }
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    for (key, value) in schema {
        match (key.as_str(), value) {
            ("properties" | "$defs", Value::Object(members)) => {
                members.values_mut().for_each(widen);
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(schemas)) => {
                schemas.iter_mut().for_each(widen);
            }
            ("items" | "additionalProperties", schema) => widen(schema),
            _ => {}
        }
    }
}

/// Describes a key of this type.
pub(crate) fn of_value(null: &sea_orm::Value) -> Value {
    use crate::model::value::{Kind, kind};
    match kind(null) {
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        _ => json!({ "type": "string" }),
    }
}

fn refer(schema: &mut Value, from: &str, to: &str) {
    match schema {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, from, to)),
        Value::Object(entries) => entries
            .values_mut()
            .for_each(|value| refer(value, from, to)),
        _ => {}
    }
}

/// Adds what is checked besides serde and garde.
fn tighten(schema: &mut Value, form: &Form) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else {
            continue;
        };
        let column = form.column(name);
        if let Some(pattern) = moment(property) {
            property.insert("pattern".to_owned(), pattern.into());
        } else if let Some((digits, places)) = column.and_then(|column| column.decimal) {
            let whole = digits - places;
            let pattern = format!(
                r"^-?\d{{1,{}}}(\.\d{{1,{}}})?$",
                whole.max(1),
                places.max(1)
            );
            property.insert("pattern".to_owned(), pattern.into());
            only_text(property);
        } else if is(property, "string") && !property.contains_key("format") {
            if let Some(length) = column.and_then(|column| column.max_length) {
                property.entry("maxLength").or_insert(length.into());
            }
            text_pattern(property);
        } else if let Some((min, max)) = range(property) {
            property.entry("minimum").or_insert(min.into());
            property.entry("maximum").or_insert(max.into());
        }
    }
}

/// Times without a zone have no format that tools know.
fn moment(property: &Map<String, Value>) -> Option<&'static str> {
    match property.get("format")?.as_str()? {
        "partial-time" => Some(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"),
        "partial-date-time" => {
            Some(r"^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$")
        }
        _ => None,
    }
}

/// Returns whether a value may be of this type, be it also null.
fn is(property: &Map<String, Value>, kind: &str) -> bool {
    match property.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|other| other == kind),
        _ => false,
    }
}

/// A decimal is sent as a text, so that none of its digits are lost on the way.
fn only_text(property: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = property.get_mut("type") {
        kinds.retain(|kind| kind != "number");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            property.insert("type".to_owned(), only);
        }
    }
}

/// Texts are trimmed, and have no null characters; where one is needed, something must be left.
fn text_pattern(property: &mut Map<String, Value>) {
    let is_needed = property.get("minLength").and_then(Value::as_u64) > Some(0);
    let pattern = if is_needed {
        r"^[^\x00]*[^\s\x00][^\x00]*$"
    } else {
        r"^[^\x00]*$"
    };
    property.entry("pattern").or_insert(pattern.into());
}

fn range(property: &Map<String, Value>) -> Option<(i64, i64)> {
    match property.get("format")?.as_str()? {
        "int8" => Some((i8::MIN.into(), i8::MAX.into())),
        "int16" => Some((i16::MIN.into(), i16::MAX.into())),
        "int32" => Some((i32::MIN.into(), i32::MAX.into())),
        "int64" => Some((i64::MIN, i64::MAX)),
        "uint8" => Some((0, u8::MAX.into())),
        "uint16" => Some((0, u16::MAX.into())),
        "uint32" => Some((0, u32::MAX.into())),
        _ => None,
    }
}
