//! Objects within a request that become rows of other tables.

use std::sync::Arc;

use serde_json::Value;

use crate::model::Entity;
use crate::serializer::form::Form;
use crate::serializer::request::Request;

/// A field of a request type that holds objects, each of them meant for a row of another model: the
/// rules of that model hold for them, too.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// # #[derive(Serialize, JsonSchema)]
/// # pub struct GroupResponse { id: i64, name: String }
/// # impl From<group::Model> for GroupResponse {
/// #     fn from(group: group::Model) -> Self { Self { id: group.id, name: group.name } }
/// # }
/// # #[derive(Clone, Debug, Deserialize, Validate, JsonSchema, DeriveIntoActiveModel)]
/// # #[sea_orm(active_model = "group::ActiveModel")]
/// # #[garde(allow_unvalidated)]
/// # pub struct GroupRequest { name: String }
/// fn nested() -> Vec<Nested> {
///     vec![Nested::of::<group::Entity, GroupRequest>("groups")]
/// }
/// ```
///
/// One object, a list of them, a list of lists or a map of them is the same.
#[derive(Clone, Debug)]
pub struct Nested {
    pub(crate) field: &'static str,
    pub(crate) form: Arc<Form>,
}

impl Nested {
    /// The objects of type `T` in `field`, for rows of `E`.
    pub fn of<E: Entity, T: Request<E>>(field: &'static str) -> Self {
        Self {
            field,
            form: Arc::new(T::form()),
        }
    }

    /// The objects in a body, each with its path: `comments[0]`.
    pub(crate) fn objects<'v>(&self, body: &'v Value) -> Vec<(String, &'v Value)> {
        let mut objects = Vec::new();
        if let Some(value) = body.get(self.field) {
            self.find(self.field.to_owned(), value, &mut objects);
        }
        objects
    }

    fn find<'v>(&self, path: String, value: &'v Value, found: &mut Vec<(String, &'v Value)>) {
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.find(format!("{path}[{number}]"), item, found);
                }
            }
            Value::Object(members) => {
                let is_row = |name: &String| self.form.fields.iter().any(|it| it.name == *name);
                if members.keys().any(is_row) {
                    found.push((path, value));
                } else {
                    for (name, member) in members {
                        self.find(format!("{path}.{name}"), member, found);
                    }
                }
            }
            _ => {}
        }
    }
}
