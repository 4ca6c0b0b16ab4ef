//! From what an action gave to an answer in JSON.

use axum::http::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, PrimaryKeyToColumn};
use serde::Serialize;
use serde_json::Value;

use crate::http::etag;
use crate::http::path::encode_segment;
use crate::query::Page;
use crate::rest::answer::Answer;
use crate::rest::resource::Resource;
use crate::rest::viewset::ModelViewSet;
use crate::{Context, Error, Result};

impl<V: ModelViewSet> Resource<V> {
    /// Answers with a page of rows.
    pub(super) fn present_page(&self, page: &Page<V::Response>) -> Result<Answer> {
        let Some(notation) = self.declared.notation() else {
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
    pub(super) fn present_row(&self, status: StatusCode, row: &V::Response) -> Result<Answer> {
        let mut answer = match self.declared.notation() {
            Some(notation) => {
                let mut data = to_value(row)?;
                notation.apply(&mut data);
                Answer::of(status, &data)?
            }
            None => Answer::of(status, row)?,
        };
        answer.etag = answer.body.as_deref().map(etag::of);
        Ok(answer)
    }

    /// Answers with a row that was created, and its URL if its key is shown.
    pub(super) fn present_created(&self, ctx: &Context, row: &V::Response) -> Result<Answer> {
        let mut answer = self.present_row(StatusCode::CREATED, row)?;
        let keys = <V::Entity as EntityTrait>::PrimaryKey::iter();
        let mut keys = keys.map(|key| key.into_column().json_key());
        let mut shown = to_value(row)?;
        if let Some(notation) = self.declared.notation() {
            notation.apply(&mut shown);
        }
        let key = match keys.next().and_then(|key| shown.get(key)) {
            Some(Value::String(text)) => encode_segment(text),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Ok(answer),
        };
        let list = ctx.uri.path().trim_end_matches('/');
        answer.location = Some(ctx.absolute(&format!("{list}/{key}/")));
        Ok(answer)
    }
}

fn to_value(shown: &impl Serialize) -> Result<Value> {
    serde_json::to_value(shown).map_err(|error| Error::Internal(error.into()))
}
