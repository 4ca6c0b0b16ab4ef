//! Actions on the selected rows of a list, and values changed in the list.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sea_orm::Value;
use sea_orm::sea_query::Condition;

use crate::admin::check::{Checked, typed};
use crate::admin::form_data::FormData;
use crate::admin::history::Change;
use crate::admin::model::Shown;
use crate::admin::model_page::{ModelPage, back};
use crate::admin::selection::{Selection, chosen, too_many};
use crate::admin::staff_form::StaffForm;
use crate::admin::store::{Row, Saving};
use crate::admin::{delete, history, list};
use crate::db::Connection;
use crate::error::NON_FIELD;
use crate::model::value;
use crate::{Error, FieldErrors, Result};

const NOTHING_SELECTED: &str =
    "Items must be selected in order to perform actions on them. No items have been changed.";

/// POST /admin/{app}/{model}/
pub(super) async fn act(
    Path((app, slug)): Path<(String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    if data.find("_save").is_some() {
        model_page.require("change")?;
        return save_list(&model_page, Arc::new(data)).await;
    }
    if model_page.may("change") && has_touched(&model_page, &data) {
        let problem = "Save the list first: values were changed in it. Nothing was done yet.";
        let errors = BTreeMap::from([(
            String::new(),
            FieldErrors::from([(NON_FIELD.to_owned(), vec![problem.to_owned()])]),
        )]);
        return list::page(&model_page, &errors, Some(&data)).await;
    }
    let selection = Selection::read(&model_page, &data).await?;
    let action = data.get("action");
    let number = action
        .strip_prefix("custom-")
        .and_then(|number| number.parse::<usize>().ok());
    let condition = match selection {
        Selection::None => return Ok(back(&model_page, NOTHING_SELECTED)),
        Selection::TooMany => return Ok(back(&model_page, &too_many())),
        Selection::Rows(condition) => condition,
    };
    match (action, number) {
        ("delete", _) => delete::selected(&model_page, condition, &data).await,
        ("csv", _) => csv(&model_page, condition).await,
        (_, Some(number)) => {
            model_page.require("change")?;
            let store = &model_page.model.store;
            let said = store.act(number, staff.ctx.clone(), condition).await;
            Ok(back(&model_page, &said?))
        }
        _ => Ok(back(&model_page, "No action selected.")),
    }
}

/// Writes the values that were changed in the list: all of them or none.
async fn save_list(model_page: &ModelPage<'_>, data: Arc<FormData>) -> Result<Response> {
    let keys = data
        .all("shown")
        .map(|key| value::parse(&model_page.model.key().null, key).ok());
    let keys: Vec<Value> = keys.flatten().collect();
    let transaction = model_page.staff.ctx.begin().await?;
    let db = transaction.connection();
    let (mut number, mut errors) = (0, BTreeMap::new());
    for row in chosen(model_page, db, model_page.model.with_keys(keys)).await? {
        match save_line(model_page, db, &row, &data).await {
            Ok(is_changed) => number += usize::from(is_changed),
            Err(Error::Validation(problems)) => {
                errors.insert(row.key.clone(), problems);
            }
            Err(error) => return Err(error),
        }
    }
    if !errors.is_empty() {
        transaction.rollback().await?;
        return list::page(model_page, &errors, Some(&data)).await;
    }
    transaction.commit().await?;
    let verb = if number == 1 { "was" } else { "were" };
    let counted = model_page.model.counted(number);
    Ok(back(
        model_page,
        &format!("{counted} {verb} changed successfully."),
    ))
}

/// Returns whether values were typed into the list, which an action would leave behind.
fn has_touched(model_page: &ModelPage<'_>, data: &FormData) -> bool {
    let editable = model_page.writable(false).into_iter();
    let editable: Vec<_> = editable
        .filter(|number| model_page.model.options.editable.contains(number))
        .map(|number| &model_page.model.columns[number])
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
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: &Row,
    data: &Arc<FormData>,
) -> Result<bool> {
    let prefix = format!("{}-", row.key);
    let fields = model_page.fields(db, &prefix);
    let columns = model_page.writable(false).into_iter();
    // A form without a field says nothing of it.
    let is_sent = |number: &usize| {
        let was = format!("{prefix}{}-was", model_page.model.columns[*number].name);
        data.find(&was).is_some()
    };
    let columns: Vec<_> = columns
        .filter(|it| model_page.model.options.editable.contains(it))
        .filter(is_sent)
        .collect();
    let mut checked = Checked::read(&fields, &columns, data, Some(row)).await?;
    // A value that was not touched here is not to undo what somebody else has changed meanwhile.
    let was = |number: usize| {
        data.get(&format!(
            "{prefix}{}-was",
            model_page.model.columns[number].name
        ))
    };
    let is_touched = |number: usize| {
        let column = &model_page.model.columns[number];
        !column.is_same(&checked.typed[column.name], was(number))
    };
    let (touched, errors) = (&mut checked.values, &mut checked.errors);
    let is_touched: Vec<_> = columns
        .iter()
        .filter(|number| is_touched(**number))
        .collect();
    touched.retain(|(number, _)| is_touched.contains(&number));
    for number in is_touched {
        let column = &model_page.model.columns[*number];
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
        field: model_page.model.columns[*number].label.clone(),
        from: value::text(&row.values[*number]),
        to: value::text(value),
    });
    let changes: Vec<_> = changes.collect();
    let key = row.values[model_page.model.key].clone();
    let saving = Saving::new(&model_page.staff.ctx, false, data);
    let values = std::mem::take(touched);
    let row = model_page
        .model
        .store
        .save(db, Some(key), values, saving)
        .await?;
    history::note(
        db,
        model_page.staff,
        model_page.model,
        ("change", &row),
        &changes,
    )
    .await?;
    Ok(true)
}

/// The rows as a file for spreadsheets.
async fn csv(model_page: &ModelPage<'_>, condition: Condition) -> Result<Response> {
    let db = model_page.staff.ctx.db();
    let (model, rows) = (model_page.model, chosen(model_page, db, condition).await?);
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
