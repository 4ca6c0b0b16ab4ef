//! Deleting rows, after it was shown what goes with them.

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use sea_orm::sea_query::Condition;

use crate::admin::cascade::Cascade;
use crate::admin::form_data::FormData;
use crate::admin::history;
use crate::admin::listing::Listing;
use crate::admin::model_page::{ModelPage, back_to, gone};
use crate::admin::selection::{EVERYTHING, chosen};
use crate::admin::staff::Staff;
use crate::admin::store::Row;
use crate::db::Connection;
use crate::{Error, Result};

/// So many of the rows are called by their names.
const MAX_NAMED: usize = 100;

/// GET /admin/{app}/{model}/{key}/delete/
pub(super) async fn form(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    model_page.require("delete")?;
    let db = staff.ctx.db();
    match model_page.row(db, &key).await? {
        Some(row) => page(&model_page, db, &[row], Of::Row).await,
        None => Ok(gone(&model_page, &key)),
    }
}

/// POST /admin/{app}/{model}/{key}/delete/
pub(super) async fn delete(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response> {
    FormData::read(&staff.ctx, request.into_body()).await?;
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    model_page.require("delete")?;
    let transaction = staff.ctx.begin().await?;
    let db = transaction.connection();
    let Some(row) = model_page.row(db, &key).await? else {
        return Ok(gone(&model_page, &key));
    };
    let rows = [row];
    if !remove(&model_page, db, &rows).await? {
        return page(&model_page, db, &rows, Of::Row).await;
    }
    transaction.commit().await?;
    let [row] = rows;
    let text = format!(
        "The {} “{}” was deleted successfully.",
        model_page.model.name, row.label
    );
    Ok(back_to(&model_page, &model_page.url(), text))
}

/// Deletes the rows that are selected in a list, once it is confirmed.
pub(super) async fn selected(
    model_page: &ModelPage<'_>,
    condition: Condition,
    data: &FormData,
) -> Result<Response> {
    model_page.require("delete")?;
    let transaction = model_page.staff.ctx.begin().await?;
    let db = transaction.connection();
    let rows = chosen(model_page, db, condition).await?;
    let of = Of::Selection {
        is_everything: data.find(EVERYTHING).is_some(),
    };
    // Of all pages no row is deleted that came after the question: then it is asked once more.
    let is_confirmed = !data.get("confirmed").is_empty()
        && (data.find(EVERYTHING).is_none() || data.get("number") == rows.len().to_string());
    if !is_confirmed || !remove(model_page, db, &rows).await? {
        return page(model_page, db, &rows, of).await;
    }
    transaction.commit().await?;
    let text = format!(
        "Successfully deleted {}.",
        model_page.model.counted(rows.len())
    );
    // The page that was shown may be one that is no more.
    let db = model_page.staff.ctx.db();
    let list = Listing::read(&model_page.staff.ctx, db, model_page.model).await?;
    Ok(back_to(model_page, &list.url(&[]), text))
}

/// The rows to delete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Row,
    Selection { is_everything: bool },
}

/// Deletes rows, unless others are in the way.
async fn remove(model_page: &ModelPage<'_>, db: &Connection, rows: &[Row]) -> Result<bool> {
    let keys = rows.iter().map(|row| model_page.model.key_of(row));
    let keys: Vec<_> = keys.collect::<Result<_>>()?;
    if !Cascade::of(model_page, db, keys.clone())
        .await?
        .protected
        .is_empty()
    {
        return Ok(false);
    }
    for (row, key) in rows.iter().zip(keys) {
        history::note(db, model_page.staff, model_page.model, ("delete", row), &[]).await?;
        match model_page.model.store.delete(db, key).await {
            // A row that referred to another one of them is gone with that.
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

async fn page(
    model_page: &ModelPage<'_>,
    db: &Connection,
    rows: &[Row],
    of: Of,
) -> Result<Response> {
    let keys = rows.iter().map(|row| model_page.model.key_of(row));
    let cascade = Cascade::of(model_page, db, keys.collect::<Result<_>>()?).await?;
    let is_protected = !cascade.protected.is_empty();
    let shown: Vec<_> = rows
        .iter()
        .take(MAX_NAMED)
        .map(|row| context! { key => &row.key, label => &row.label, url => model_page.url_of(&row.key) })
        .collect();
    let mut response = model_page.staff.ctx.render(
        "admin/delete.html",
        context! {
            place => model_page.crumbs(),
            cascade => Serde(cascade),
            more => rows.len() - shown.len(),
            number => rows.len(),
            keys => rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>(),
            rows => shown,
            is_selection => of != Of::Row,
            everything => (of == Of::Selection { is_everything: true }).then_some(EVERYTHING),
            is_protected,
        },
    )?;
    if is_protected {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}
