//! From what an action gave to an answer in JSON.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::http::etag;
use crate::http::path::encode_segment;
use crate::query::Page;
use crate::rest::answer::Answer;
use crate::rest::declaration::Declared;
use crate::{Context, Error, Result};

/// Answers with a page of rows.
pub(super) fn page(declared: &Declared, page: &Page<impl Serialize>) -> Result<Answer> {
    let Some(notation) = declared.notation() else {
        return Answer::of(StatusCode::OK, page);
    };
    let mut data = to_value(page)?;
    let rows = match &mut data {
        Value::Object(page) => page.get_mut("results"),
        rows => Some(rows),
    };
    if let Some(Value::Array(rows)) = rows {
        rows.iter_mut().for_each(|row| notation.apply(row));
    }
    Answer::of(StatusCode::OK, &data)
}

/// Answers with one row, and the ETag of its state.
pub(super) fn row(declared: &Declared, status: StatusCode, row: &impl Serialize) -> Result<Answer> {
    match declared.notation() {
        Some(_) => tagged(status, &written(declared, row)?),
        None => tagged(status, row),
    }
}

/// Answers with a row that was created, and its URL if its key is shown.
pub(super) fn created(declared: &Declared, ctx: &Context, row: &impl Serialize) -> Result<Answer> {
    let shown = written(declared, row)?;
    let mut answer = match declared.notation() {
        Some(_) => tagged(StatusCode::CREATED, &shown)?,
        None => tagged(StatusCode::CREATED, row)?,
    };
    answer.location = location(declared, ctx, &shown);
    Ok(answer)
}

fn tagged(status: StatusCode, row: &impl Serialize) -> Result<Answer> {
    let mut answer = Answer::of(status, row)?;
    answer.etag = answer.body.as_deref().map(etag::of);
    Ok(answer)
}

fn location(declared: &Declared, ctx: &Context, shown: &Value) -> Option<String> {
    let columns = &declared.form.columns;
    let key = &columns.all[*columns.keys.first()?];
    let key = match shown.get(key.json_key)? {
        Value::String(text) => encode_segment(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let list = ctx.uri.path().trim_end_matches('/');
    Some(ctx.absolute(&format!("{list}/{key}/")))
}

/// Returns a row with its values as they are written in answers.
fn written(declared: &Declared, row: &impl Serialize) -> Result<Value> {
    let mut shown = to_value(row)?;
    if let Some(notation) = declared.notation() {
        notation.apply(&mut shown);
    }
    Ok(shown)
}

fn to_value(shown: &impl Serialize) -> Result<Value> {
    serde_json::to_value(shown).map_err(|error| Error::Internal(error.into()))
}
