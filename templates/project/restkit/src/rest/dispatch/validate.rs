//! Validates the data of a client: against the types, the model and the database.

use std::sync::Arc;

use sea_orm::{Iterable, ModelTrait};
use serde_json::{Map, Value};

use crate::error::FieldErrors;
use crate::rest::constraints::Check;
use crate::rest::resource::Resource;
use crate::rest::viewset::{ModelViewSet, Row};
use crate::serializer::Nested;
use crate::serializer::request::{Request, Valid};
use crate::{Context, Error, Result, serializer};

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
            let mut stored = self.declared.form.stored::<V::Entity>(row, is_partial);
            for list in &self.declared.lists {
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
        let parsed = <V::Request as Request<V::Entity>>::parse(&self.declared.form, data, stored);
        let Some(given) = data.as_object() else {
            return parsed
                .map(|data| Valid::new(data, Map::new(), Arc::clone(&self.declared.form)));
        };
        let mut errors = match &parsed {
            Ok(_) => FieldErrors::new(),
            Err(Error::Validation(errors)) => errors.clone(),
            Err(_) => {
                return parsed
                    .map(|data| Valid::new(data, Map::new(), Arc::clone(&self.declared.form)));
            }
        };
        errors.extend(mistakes);
        let check = Check {
            db: ctx.db(),
            form: &self.declared.form,
            lists: &self.declared.lists,
            given,
            row: fields.as_ref().zip(values.as_deref()),
        };
        check.run(&mut errors).await?;
        for nested in &self.declared.nested {
            check_nested(ctx, nested, data, &mut errors).await?;
        }
        serializer::fill_lists(data, &mut errors);
        if !errors.is_empty() {
            errors.sort_by_key(|path, _| self.declared.form.position_of(path));
            return Err(Error::Validation(errors));
        }
        Ok(Valid::new(
            parsed?,
            given.clone(),
            Arc::clone(&self.declared.form),
        ))
    }
}

/// Holds the objects within a body against the rules of their own model.
async fn check_nested(
    ctx: &Context,
    nested: &Nested,
    data: &Value,
    errors: &mut FieldErrors,
) -> Result<()> {
    for (path, object) in nested.objects(data) {
        let Some(given) = object.as_object() else {
            continue;
        };
        // The mistakes in this object that are known already, by its own fields.
        let prefix = format!("{path}.");
        let known = errors.iter().filter_map(|(path, words)| {
            let field = path.strip_prefix(&prefix)?;
            Some((field.to_owned(), words.clone()))
        });
        let mut found: FieldErrors = known.collect();
        let check = Check {
            db: ctx.db(),
            form: &nested.form,
            lists: &[],
            given,
            row: None,
        };
        check.run(&mut found).await?;
        for (field, words) in found {
            errors.insert(format!("{prefix}{field}"), words);
        }
    }
    Ok(())
}
