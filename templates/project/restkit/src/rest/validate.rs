//! Validates the data of a client: against the types, the model and the database.

use sea_orm::Value;
use serde_json::{Map, Value as Json};

use crate::error::FieldErrors;
use crate::rest::constraints::Check;
use crate::rest::declaration::Declared;
use crate::rest::operations::Sent;
use crate::serializer::{Nested, form};
use crate::{Context, Error, Result, serializer};

/// A row that is changed.
pub(super) struct StoredRow {
    /// By the fields of the request.
    pub stored: form::Stored,
    values: Vec<Value>,
}

/// The row with these values in its columns, as the fields of a request see it.
pub(super) fn stored(declared: &Declared, values: Vec<Value>, is_partial: bool) -> StoredRow {
    let mut stored = declared.form.stored(&values, is_partial);
    for list in &declared.lists {
        let field = list.field.to_owned();
        stored.row.insert(field, Json::Array(Vec::new()));
    }
    StoredRow { stored, values }
}

/// The mistakes of a request's fields; nothing if it could not be parsed at all.
pub(super) fn mistakes_of(error: Option<&Error>) -> Option<FieldErrors> {
    match error {
        None => Some(FieldErrors::new()),
        Some(Error::Validation(errors)) => Some(errors.clone()),
        Some(_) => None,
    }
}

/// Holds what was sent against all rules that its type does not say, and gives it as fields. `found` are the mistakes
/// that its type has found; without any knowledge of its fields there is nothing to check.
///
/// # Errors
///
/// 400 with all mistakes at once; or if the database fails.
pub(super) async fn check(
    ctx: &Context,
    declared: &Declared,
    sent: Sent<'_>,
    found: Option<FieldErrors>,
    row: Option<StoredRow>,
) -> Result<Map<String, Json>> {
    let (Some(given), Some(mut errors)) = (sent.data.as_object(), found) else {
        return Ok(Map::new());
    };
    errors.extend(sent.mistakes);
    let check = Check {
        db: ctx.db(),
        form: &declared.form,
        lists: &declared.lists,
        given,
        row: row
            .as_ref()
            .map(|row| (&row.stored.row, row.values.as_slice())),
    };
    check.run(&mut errors).await?;
    for nested in &declared.nested {
        check_nested(ctx, nested, sent.data, &mut errors).await?;
    }
    serializer::fill_lists(sent.data, &mut errors);
    if !errors.is_empty() {
        errors.sort_by_key(|path, _| declared.form.position_of(path));
        return Err(Error::Validation(errors));
    }
    Ok(given.clone())
}

/// Holds the objects within a body against the rules of their own model.
async fn check_nested(
    ctx: &Context,
    nested: &Nested,
    data: &Json,
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
