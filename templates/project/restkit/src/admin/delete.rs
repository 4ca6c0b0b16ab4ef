//! Deleting rows, after it was shown what goes with them.

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use sea_orm::Value;

use crate::admin::actions::{back, chosen};
use crate::admin::cascade::Cascade;
use crate::admin::edit::{Place, gone, key_of};
use crate::admin::form::FormData;
use crate::admin::history;
use crate::admin::staff::Staff;
use crate::admin::store::{Db, Row};
use crate::pages::flash;
use crate::{Error, Result};

/// GET /admin/{app}/{model}/{key}/delete/
pub(super) async fn form(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
) -> Result<Response> {
    let place = Place::find(&staff, &app, &slug)?;
    place.require("delete")?;
    let db = Db::from(staff.ctx.db());
    match place.row(&db, &key).await? {
        Some(row) => page(&place, &db, &[row], false).await,
        None => Ok(gone(&place, &key)),
    }
}

/// POST /admin/{app}/{model}/{key}/delete/
pub(super) async fn delete(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response> {
    FormData::read(&staff.ctx, request).await?;
    let place = Place::find(&staff, &app, &slug)?;
    place.require("delete")?;
    let transaction = staff.ctx.begin().await?;
    let db = transaction.executor();
    let Some(row) = place.row(&db, &key).await? else {
        return Ok(gone(&place, &key));
    };
    let rows = [row];
    if !remove(&place, &db, &rows).await? {
        return page(&place, &db, &rows, false).await;
    }
    drop(db);
    transaction.commit().await?;
    let [row] = rows;
    let text = format!(
        "The {} “{}” was deleted successfully.",
        place.model.name, row.label
    );
    let mut response = Redirect::to(&place.url()).into_response();
    flash::say(&staff.ctx, &mut response, &[text]);
    Ok(response)
}

/// Deletes the rows that are ticked in a list, once it is confirmed.
pub(super) async fn selected(
    place: &Place<'_>,
    keys: Vec<Value>,
    is_confirmed: bool,
) -> Result<Response> {
    place.require("delete")?;
    let transaction = place.staff.ctx.begin().await?;
    let db = transaction.executor();
    let rows = chosen(place, &db, keys).await?;
    if !is_confirmed || !remove(place, &db, &rows).await? {
        return page(place, &db, &rows, true).await;
    }
    drop(db);
    transaction.commit().await?;
    let name = match rows.len() {
        1 => &place.model.name,
        _ => &place.model.plural,
    };
    let text = format!("Successfully deleted {} {name}.", rows.len());
    Ok(back(place, &text))
}

/// Deletes rows, unless others are in the way.
async fn remove(place: &Place<'_>, db: &Db<'_>, rows: &[Row]) -> Result<bool> {
    let keys = rows.iter().map(|row| key_of(place.model, row));
    let keys: Vec<_> = keys.collect::<Result<_>>()?;
    if !Cascade::of(place, db, keys.clone())
        .await?
        .protected
        .is_empty()
    {
        return Ok(false);
    }
    for (row, key) in rows.iter().zip(keys) {
        history::note(db, place.staff, place.model, ("delete", row), &[]).await?;
        match place.model.store.delete(db, key).await {
            // A row that referred to another one of them is gone with that.
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

async fn page(
    place: &Place<'_>,
    db: &Db<'_>,
    rows: &[Row],
    is_selection: bool,
) -> Result<Response> {
    let keys = rows.iter().map(|row| key_of(place.model, row));
    let cascade = Cascade::of(place, db, keys.collect::<Result<_>>()?).await?;
    let is_protected = !cascade.protected.is_empty();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| context! { key => &row.key, label => &row.label, url => place.url_of(&row.key) })
        .collect();
    let mut response = place.staff.ctx.render(
        "admin/delete.html",
        context! {
            place => place.crumbs(),
            rows => shown,
            cascade => Serde(cascade),
            is_selection,
            is_protected,
        },
    )?;
    if is_protected {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}
