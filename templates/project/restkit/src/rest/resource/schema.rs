//! Describes the paths of a viewset in OpenAPI.

use axum::http::Method;
use serde_json::{Map, Value};

use super::{Resource, Target};
use crate::model::Column;
use crate::openapi;
use crate::openapi::Operation;
use crate::query::Parameter;
use crate::rest::operations::TypeSchemas;
use crate::rest::view::View;
use crate::serializer::schemas;
use crate::serializer::schemas::Schemas;

impl Resource {
    /// Describes a path in OpenAPI.
    pub fn describe(
        &self,
        schemas: &mut Schemas,
        (view, target): (&View, &Target),
        path: &str,
    ) -> Map<String, Value> {
        let (name, columns) = (&self.name, &self.declared.form.columns);
        let of_column = |column: &Column| schemas::of_value(&column.null);
        let key = columns.all.iter().find(|column| column.is_key);
        let key = key.map(of_column).unwrap_or_default();
        let above = self
            .parent
            .map(|parent| of_column(&columns.all[parent.number]));
        let methods = view.methods.iter();
        let operations = methods.map(|method| {
            let mut operation = Operation {
                method,
                id: String::new(),
                tag: name,
                description: view.description,
                parameters: Vec::new(),
                body: None,
                parser: (self.profile.parsers)(schemas.settings()).first().copied(),
                success: (200, None),
                is_record: matches!(target, Target::Row) || method == Method::POST,
                is_conditional: matches!(target, Target::Row),
                is_open: self.declared.permission.may_be_open_to(method),
            };
            let action = self.action(schemas, (view, target), &mut operation);
            operation.id = format!("{name}_{action}");
            operation
        });
        let operations = operations.collect();
        openapi::describe(path, &key, above.as_ref(), operations)
    }

    /// Fills in what one method does; its name.
    fn action(
        &self,
        schemas: &mut Schemas,
        (view, target): (&View, &Target),
        operation: &mut Operation<'_>,
    ) -> String {
        if let Target::Actions(actions) = target {
            operation.is_record = false;
            let Some(action) = actions.iter().find(|it| it.method == operation.method) else {
                return String::new();
            };
            let (body, shown) = (action.schema)(schemas);
            operation.body = body;
            operation.success = if shown["type"] == "null" {
                (204, None)
            } else {
                (200, Some(shown))
            };
            return action.name.to_owned();
        }
        let TypeSchemas {
            whole,
            partial,
            shown,
        } = self.operations.describe(schemas);
        let (name, body, success) = match (target, operation.method.as_str()) {
            (Target::List, "GET") => {
                let parameters = view.filters.iter().chain(&view.pages);
                operation.parameters = parameters.map(Parameter::schema).collect();
                let page = self.shape.schema(schemas, shown);
                ("list", None, (200, Some(page)))
            }
            (Target::List, _) => ("create", Some(whole), (201, Some(shown))),
            (_, "GET") => ("retrieve", None, (200, Some(shown))),
            (_, "PUT") => ("update", Some(whole), (200, Some(shown))),
            (_, "PATCH") => ("partial_update", Some(partial), (200, Some(shown))),
            _ => ("destroy", None, (204, None)),
        };
        (operation.body, operation.success) = (body, success);
        name.to_owned()
    }
}
