//! What a client sent, held against the types, the model and the database.

use std::sync::Arc;

use sea_orm::{Iterable, ModelTrait};
use serde_json::{Map, Value};

use crate::error::FieldErrors;
use crate::rest::constraints::Check;
use crate::rest::request::{Request, Valid};
use crate::rest::resource::Resource;
use crate::rest::viewset::{ModelViewSet, Row};
use crate::{Context, Error, Result};

impl<V: ModelViewSet> Resource<V> {
    /// The request, if all of it is valid and no `mistakes` have been found before; for a change, `row` is the stored row and whether what is
    /// not given stays as it is.
    ///
    /// # Errors
    ///
    /// 400 with all mistakes at once; or if the database fails.
    pub(super) async fn validate(
        &self,
        ctx: &Context,
        data: &Value,
        mistakes: FieldErrors,
        row: Option<(&Row<V>, bool)>,
    ) -> Result<Valid<V::Request>> {
        let stored = row.map(|(row, is_partial)| {
            let mut stored = self.form.stored::<V::Entity>(row, is_partial);
            for list in &self.lists {
                stored
                    .row
                    .insert(list.field.to_owned(), Value::Array(Vec::new()));
            }
            stored
        });
        let fields = stored.as_ref().map(|stored| stored.row.clone());
        let values: Option<Vec<_>> = row.map(|(row, _)| {
            let columns = <V::Entity as sea_orm::EntityTrait>::Column::iter();
            columns.map(|column| row.get(column)).collect()
        });
        let parsed = <V::Request as Request<V::Entity>>::parse(data, stored);
        let Some(given) = data.as_object() else {
            return parsed.map(|data| Valid::new(data, Map::new(), Arc::clone(&self.form)));
        };
        let mut errors = match &parsed {
            Ok(_) => FieldErrors::new(),
            Err(Error::Validation(errors)) => errors.clone(),
            Err(_) => {
                return parsed.map(|data| Valid::new(data, Map::new(), Arc::clone(&self.form)));
            }
        };
        errors.extend(mistakes);
        let check = Check {
            db: ctx.db(),
            form: &self.form,
            lists: &self.lists,
            given,
            row: fields.as_ref().zip(values.as_deref()),
        };
        check.run(&mut errors).await?;
        if !errors.is_empty() {
            return Err(Error::Validation(errors));
        }
        Ok(Valid::new(parsed?, given.clone(), Arc::clone(&self.form)))
    }
}
