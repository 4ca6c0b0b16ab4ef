//! A line of the log as an object of JSON, for programs that collect logs.

use std::fmt;

use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value};
use tracing::Event;
use tracing::field::{Field, Visit};

/// Writes an event: `time`, `level`, `target`, `request_id`, `message`, and the fields of the event by their names,
/// such as `http.status`.
pub(super) fn line(event: &Event<'_>, id: Option<&str>) -> Value {
    let mut object = Map::new();
    let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    object.insert("time".to_owned(), now.into());
    let metadata = event.metadata();
    object.insert("level".to_owned(), metadata.level().as_str().into());
    object.insert("target".to_owned(), metadata.target().into());
    if let Some(id) = id {
        object.insert("request_id".to_owned(), id.into());
    }
    event.record(&mut Fields(&mut object));
    Value::Object(object)
}

struct Fields<'o>(&'o mut Map<String, Value>);

impl Fields<'_> {
    fn add(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }
}
