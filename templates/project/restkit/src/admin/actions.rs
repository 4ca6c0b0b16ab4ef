//! Actions on the selected rows of a list, and values changed in the list.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::Value;
use sea_orm::sea_query::Condition;

use crate::admin::check::{Checked, typed};
use crate::admin::count::{COUNTED, Count, count};
use crate::admin::edit::Place;
use crate::admin::form::FormData;
use crate::admin::history::Change;
use crate::admin::kept::StaffForm;
use crate::admin::listing::Listing;
use crate::admin::model::Shown;
use crate::admin::store::{Query, Row, Saving};
use crate::admin::{delete, history, list};
use crate::db::Connection;
use crate::error::NON_FIELD;
use crate::model::value;
use crate::pages::flash;
use crate::{Error, FieldErrors, Result};

/// The field that selects the rows of all pages.
pub(super) const EVERYTHING: &str = "everything";

/// To no more rows something is done at once: each of them is read, and noted in the history.
const MOST: u64 = COUNTED;

const NOTHING_SELECTED: &str =
    "Items must be selected in order to perform actions on them. No items have been changed.";

/// POST /admin/{app}/{model}/
pub(super) async fn act(
    Path((app, slug)): Path<(String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let place = Place::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    if data.find("_save").is_some() {
        place.require("change")?;
        return save_list(&place, Arc::new(data)).await;
    }
    if place.may("change") && has_touched(&place, &data) {
        let problem = "Save the list first: values were changed in it. Nothing was done yet.";
        let errors = BTreeMap::from([(
            String::new(),
            FieldErrors::from([(NON_FIELD.to_owned(), vec![problem.to_owned()])]),
        )]);
        return list::page(&place, &errors, Some(&data)).await;
    }
    let selection = Selection::read(&place, &data).await?;
    let action = data.get("action");
    let number = action
        .strip_prefix("custom-")
        .and_then(|number| number.parse::<usize>().ok());
    let condition = match selection {
        Selection::None => return Ok(back(&place, NOTHING_SELECTED)),
        Selection::TooMany => return Ok(back(&place, &too_many())),
        Selection::Rows(condition) => condition,
    };
    match (action, number) {
        ("delete", _) => delete::selected(&place, condition, &data).await,
        ("csv", _) => csv(&place, condition).await,
        (_, Some(number)) => {
            place.require("change")?;
            let store = &place.model.store;
            let said = store.act(number, staff.ctx.clone(), condition).await;
            Ok(back(&place, &said?))
        }
        _ => Ok(back(&place, "No action selected.")),
    }
}

/// The rows that something is to be done to.
enum Selection {
    None,
    TooMany,
    Rows(Condition),
}

impl Selection {
    /// The rows that are ticked, or all that the list shows on all of its pages.
    async fn read(place: &Place<'_>, data: &FormData) -> Result<Self> {
        if data.find(EVERYTHING).is_some() {
            let db = place.staff.ctx.db();
            let listing = Listing::read(&place.staff.ctx, db, place.model).await?;
            let condition = listing.condition();
            let found = count(db, &place.model.table, (condition.clone(), MOST)).await?;
            return Ok(match found {
                Count::All(_) => Self::Rows(condition),
                Count::MoreThan(_) => Self::TooMany,
            });
        }
        let sample = &place.model.key().null;
        let keys = data.all("row").map(|key| value::parse(sample, key).ok());
        let keys: Vec<Value> = keys.flatten().collect();
        Ok(match keys.len() as u64 {
            0 => Self::None,
            number if number > MOST => Self::TooMany,
            _ => Self::Rows(place.model.with_keys(keys)),
        })
    }
}

fn too_many() -> String {
    format!(
        "More than {MOST} items are selected. Narrow the list down first; no items have been changed."
    )
}

/// Back to the list as it was, with a message.
pub(super) fn back(place: &Place<'_>, message: &str) -> Response {
    let here = place.staff.ctx.uri.path_and_query();
    let here = here.map_or_else(|| place.url(), |here| here.as_str().to_owned());
    back_to(place, &here, message.to_owned())
}

/// To another page, with a message.
pub(super) fn back_to(place: &Place<'_>, url: &str, message: String) -> Response {
    let mut response = Redirect::to(url).into_response();
    flash::say(&place.staff.ctx, &mut response, &[message]);
    response
}

/// The rows of a selection, in the model's own order.
pub(super) async fn chosen(
    place: &Place<'_>,
    db: &Connection,
    condition: Condition,
) -> Result<Vec<Row>> {
    let mut query = Query::new(condition, MOST);
    query.order = place.model.own_order();
    place.model.store.rows(db, query).await
}

/// Writes the values that were changed in the list: all of them or none.
async fn save_list(place: &Place<'_>, data: Arc<FormData>) -> Result<Response> {
    let keys = data
        .all("shown")
        .map(|key| value::parse(&place.model.key().null, key).ok());
    let keys: Vec<Value> = keys.flatten().collect();
    let transaction = place.staff.ctx.begin().await?;
    let db = transaction.connection();
    let (mut number, mut errors) = (0, BTreeMap::new());
    for row in chosen(place, db, place.model.with_keys(keys)).await? {
        match save_line(place, db, &row, &data).await {
            Ok(is_changed) => number += usize::from(is_changed),
            Err(Error::Validation(problems)) => {
                errors.insert(row.key.clone(), problems);
            }
            Err(error) => return Err(error),
        }
    }
    if !errors.is_empty() {
        transaction.rollback().await?;
        return list::page(place, &errors, Some(&data)).await;
    }
    transaction.commit().await?;
    let verb = if number == 1 { "was" } else { "were" };
    let counted = place.model.counted(number);
    Ok(back(
        place,
        &format!("{counted} {verb} changed successfully."),
    ))
}

/// Returns whether values were typed into the list, which an action would leave behind.
fn has_touched(place: &Place<'_>, data: &FormData) -> bool {
    let editable = place.writable(false).into_iter();
    let editable: Vec<_> = editable
        .filter(|number| place.model.options.editable.contains(number))
        .map(|number| &place.model.columns[number])
        .collect();
    data.all("shown").any(|key| {
        editable.iter().any(|column| {
            let prefix = format!("{key}-");
            let was = data.find(&format!("{prefix}{}-was", column.name));
            was.is_some_and(|was| !column.is_same(was, &typed(column, data, &prefix)))
        })
    })
}

/// Writes what was changed in one row of the list.
async fn save_line(
    place: &Place<'_>,
    db: &Connection,
    row: &Row,
    data: &Arc<FormData>,
) -> Result<bool> {
    let prefix = format!("{}-", row.key);
    let fields = place.fields(db, &prefix);
    let columns = place.writable(false).into_iter();
    // A form without a field says nothing of it.
    let is_sent = |number: &usize| {
        let was = format!("{prefix}{}-was", place.model.columns[*number].name);
        data.find(&was).is_some()
    };
    let columns: Vec<_> = columns
        .filter(|it| place.model.options.editable.contains(it))
        .filter(is_sent)
        .collect();
    let mut checked = Checked::read(&fields, &columns, data, Some(row)).await?;
    // A value that was not touched here is not to undo what somebody else has changed meanwhile.
    let was =
        |number: usize| data.get(&format!("{prefix}{}-was", place.model.columns[number].name));
    let is_touched = |number: usize| {
        let column = &place.model.columns[number];
        !column.is_same(&checked.typed[column.name], was(number))
    };
    let (touched, errors) = (&mut checked.values, &mut checked.errors);
    let is_touched: Vec<_> = columns
        .iter()
        .filter(|number| is_touched(**number))
        .collect();
    touched.retain(|(number, _)| is_touched.contains(&number));
    for number in is_touched {
        let column = &place.model.columns[*number];
        let stored = value::text(&row.values[*number]);
        if !column.is_same(&stored, was(*number)) {
            let problem = format!("Changed by somebody else meanwhile; it is now “{stored}”.");
            errors
                .entry(column.name.to_owned())
                .or_default()
                .push(problem);
        }
    }
    if !errors.is_empty() {
        return Err(Error::Validation(std::mem::take(errors)));
    }
    if touched.is_empty() {
        return Ok(false);
    }
    let changes = touched.iter().map(|(number, value)| Change {
        field: place.model.columns[*number].label.clone(),
        from: value::text(&row.values[*number]),
        to: value::text(value),
    });
    let changes: Vec<_> = changes.collect();
    let key = row.values[place.model.key].clone();
    let saving = Saving::new(&place.staff.ctx, false, data);
    let values = std::mem::take(touched);
    let row = place
        .model
        .store
        .save(db, Some(key), values, saving)
        .await?;
    history::note(db, place.staff, place.model, ("change", &row), &changes).await?;
    Ok(true)
}

/// The rows as a file for spreadsheets.
async fn csv(place: &Place<'_>, condition: Condition) -> Result<Response> {
    let db = place.staff.ctx.db();
    let (model, rows) = (place.model, chosen(place, db, condition).await?);
    let heads = model.options.list.iter().map(|shown| match shown {
        Shown::Column(number) => model.columns[*number].name.to_owned(),
        Shown::Cell(number) => model.options.cells[*number].clone(),
    });
    let mut text = csv_line(heads);
    for row in rows {
        let cells = model.options.list.iter().map(|shown| match shown {
            Shown::Column(number) => value::text(&row.values[*number]),
            Shown::Cell(number) => row.cells[*number].clone(),
        });
        text.push_str(&csv_line(cells));
    }
    let file = format!("attachment; filename=\"{}.csv\"", model.slug);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    Ok((headers, text).into_response())
}

fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.map(|cell| csv_cell(&cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A text that a spreadsheet would calculate (CSV injection, CWE-1236) begins with a quote, which
/// makes it a text; numbers stay numbers.
fn csv_cell(text: &str) -> String {
    let is_formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheets_do_not_calculate() {
        for (text, cell) in [
            ("plain", "plain"),
            ("-1.5", "-1.5"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}
