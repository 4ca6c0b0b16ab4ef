//! Writing what a form holds: all of it in one transaction, or nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use sea_orm::{TransactionTrait, Value};

use crate::admin::check::Checked;
use crate::admin::edit_conflicts::{self, Conflict, Originals};
use crate::admin::field::POPUP;
use crate::admin::form_data::FormData;
use crate::admin::history::{self, Change};
use crate::admin::inlines::Group;
use crate::admin::model_page::{ModelPage, gone};
use crate::admin::sheet::{Sheet, joined, page, stored};
use crate::admin::store::{Row, Saving};
use crate::db::Connection;
use crate::error::NON_FIELD;
use crate::model::value;
use crate::pages::flash;
use crate::{Error, FieldErrors, Result};

/// Writes a new row, or shows the form again.
pub(super) async fn add(model_page: &ModelPage<'_>, data: &Arc<FormData>) -> Result<Response> {
    let transaction = model_page.staff.ctx.begin().await?;
    let db = transaction.connection();
    let sheet = sent(model_page, db, None, data).await?;
    if let Err(error) = is_good(&sheet) {
        return again(model_page, db, None, sheet, error).await;
    }
    let saving = Saving::new(&model_page.staff.ctx, true, data);
    let written = write(model_page, db, None, (sheet, &saving)).await;
    let row = match written {
        Ok((row, _)) => row,
        Err(error) => return refused(model_page, db, None, data, error).await,
    };
    history::note(db, model_page.staff, model_page.model, ("add", &row), &[]).await?;
    if let Err(error) = transaction.commit().await {
        return refused(
            model_page,
            model_page.staff.ctx.db(),
            None,
            data,
            error.into(),
        )
        .await;
    }
    match model_page.staff.ctx.query(POPUP) {
        Some(field) => model_page.staff.ctx.render(
            "admin/added.html",
            context! { place => model_page.crumbs(), field, key => row.key, label => row.label },
        ),
        None => Ok(done(model_page, data, &row, ("added", &saving))),
    }
}

/// Writes what has changed in a row, or shows the form again.
pub(super) async fn change(
    model_page: &ModelPage<'_>,
    key: &str,
    data: &Arc<FormData>,
) -> Result<Response> {
    let transaction = model_page.staff.ctx.begin().await?;
    let db = transaction.connection();
    let Some(row) = model_page.row(db, key).await? else {
        return Ok(gone(model_page, key));
    };
    let mut sheet = sent(model_page, db, Some(&row), data).await?;
    sheet.resolve(model_page, db, &row, data).await?;
    if let Err(error) = is_good(&sheet) {
        return again(model_page, db, Some(&row), sheet, error).await;
    }
    let saving = Saving::new(&model_page.staff.ctx, false, data);
    let written = write(model_page, db, Some(&row), (sheet, &saving)).await;
    let (after, changes) = match written {
        Ok(written) => written,
        Err(error) => return refused(model_page, db, Some(&row), data, error).await,
    };
    if !changes.is_empty() {
        history::note(
            db,
            model_page.staff,
            model_page.model,
            ("change", &after),
            &changes,
        )
        .await?;
    }
    if let Err(error) = transaction.commit().await {
        let db = model_page.staff.ctx.db();
        return refused(model_page, db, Some(&row), data, error.into()).await;
    }
    Ok(done(model_page, data, &after, ("changed", &saving)))
}

/// Writes all that a form holds, as a part of the transaction that can fail alone: what the database
/// refuses must leave one to make the next page with. What has changed, as people read it.
async fn write(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: Option<&Row>,
    (mut sheet, saving): (Sent, &Saving),
) -> Result<(Row, Vec<Change>)> {
    let part = db.begin().await?;
    let written = async {
        let db = part.connection();
        let values = std::mem::take(&mut sheet.values);
        let mut changes = match row {
            Some(row) => changes(model_page, db, row, &values).await?,
            None => Vec::new(),
        };
        let key = row.map(|row| model_page.model.key_of(row)).transpose()?;
        let store = &model_page.model.store;
        let after = store.save(db, key, values, saving.clone()).await?;
        changes.extend(
            sheet
                .write_rest(model_page, db, (&after, row), saving)
                .await?,
        );
        Ok((after, changes))
    };
    match written.await {
        Ok(written) => {
            part.commit().await?;
            Ok(written)
        }
        Err(error) => {
            part.rollback().await?;
            Err(error)
        }
    }
}

/// Shows the form once more, since the database has refused what it holds.
async fn refused(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: Option<&Row>,
    data: &FormData,
    error: Error,
) -> Result<Response> {
    let sheet = sent(model_page, db, row, data).await?;
    again(model_page, db, row, sheet, error).await
}

/// A form that was sent, and what of it is to be written.
struct Sent {
    sheet: Sheet,
    values: Vec<(usize, Value)>,
}

async fn sent(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: Option<&Row>,
    data: &FormData,
) -> Result<Sent> {
    let columns = model_page.writable(row.is_none());
    let fields = model_page.fields(db, "");
    let mut checked = Checked::read(&fields, &columns, data, row).await?;
    let values = std::mem::take(&mut checked.values);
    let mut sheet = Sheet::typed(checked);
    let key = row.map(|row| model_page.model.key_of(row)).transpose()?;
    if let Some(row) = row {
        for (column, stored) in model_page.model.columns.iter().zip(&row.values) {
            sheet
                .texts
                .entry(column.name)
                .or_insert_with(|| value::text(stored));
        }
    }
    for links in &model_page.model.options.links {
        let chosen = match (model_page.is_for_superusers(&links.name), &key) {
            (false, _) => data.all(&links.name).map(str::to_owned).collect(),
            (true, Some(key)) => links.read(db, key).await?,
            (true, None) => BTreeSet::new(),
        };
        sheet.chosen.insert(links.name.clone(), chosen);
    }
    sheet.inlines = Group::sent_all(model_page, db, key.as_ref(), data).await?;
    sheet.originals = Originals::parse(data.get(edit_conflicts::FIELD));
    Ok(Sent { sheet, values })
}

fn is_good(sent: &Sent) -> Result<()> {
    let sheet = &sent.sheet;
    let is_good = sheet.errors.is_empty()
        && sheet.conflicts.is_empty()
        && !sheet.inlines.iter().any(Group::has_errors);
    if is_good {
        Ok(())
    } else {
        Err(Error::Validation(Default::default()))
    }
}

impl Sent {
    /// Finds what somebody else has changed since the page of this form was made. Fields that were
    /// not touched here take the new values; nothing is written before it was seen.
    async fn resolve(
        &mut self,
        model_page: &ModelPage<'_>,
        db: &Connection,
        row: &Row,
        data: &FormData,
    ) -> Result<()> {
        let originals = std::mem::take(&mut self.sheet.originals);
        let now = stored(model_page, db, row).await?;
        let mut conflicts = Vec::new();
        for number in model_page.writable(false) {
            let column = &model_page.model.columns[number];
            let theirs = now.texts.get(column.name).cloned().unwrap_or_default();
            let yours = self
                .sheet
                .texts
                .get(column.name)
                .cloned()
                .unwrap_or_default();
            let is_theirs = originals.differ(column.name, &column.canonical(&theirs));
            if !is_theirs || column.is_same(&theirs, &yours) {
                continue;
            }
            if !originals.differ(column.name, &column.canonical(&yours)) {
                self.sheet.texts.insert(column.name, theirs.clone());
                self.sheet.errors.shift_remove(column.name);
            }
            conflicts.push(Conflict {
                label: column.label.clone(),
                theirs,
                yours,
            });
        }
        for links in &model_page.model.options.links {
            let empty = BTreeSet::new();
            let theirs = joined(now.chosen.get(&links.name).unwrap_or(&empty));
            let yours: BTreeSet<String> = data.all(&links.name).map(str::to_owned).collect();
            let yours = joined(&yours);
            if originals.differ(&links.name, &theirs) && theirs != yours {
                conflicts.push(Conflict {
                    label: links.name.clone(),
                    theirs,
                    yours,
                });
            }
        }
        for (inline, group) in model_page
            .model
            .options
            .inlines
            .iter()
            .zip(&self.sheet.inlines)
        {
            conflicts.extend(group.conflicts(model_page, inline, &originals));
        }
        // Seen is seen: what comes back next is compared with what is stored now.
        self.sheet.originals = now.originals;
        self.sheet.conflicts = conflicts;
        Ok(())
    }

    /// Writes what is kept in other tables.
    async fn write_rest(
        &mut self,
        model_page: &ModelPage<'_>,
        db: &Connection,
        (row, before): (&Row, Option<&Row>),
        saving: &Saving,
    ) -> Result<Vec<Change>> {
        let key = model_page.model.key_of(row)?;
        let mut changes = Vec::new();
        for links in &model_page.model.options.links {
            let empty = BTreeSet::new();
            let after = self.sheet.chosen.get(&links.name).unwrap_or(&empty);
            let earlier = match before {
                Some(_) => links.read(db, &key).await?,
                None => BTreeSet::new(),
            };
            if earlier != *after {
                links
                    .write(model_page.site, db, &key, (&earlier, after))
                    .await?;
                let (from, to) = (joined(&earlier), joined(after));
                changes.push(Change {
                    field: links.name.clone(),
                    from,
                    to,
                });
            }
        }
        let groups = std::mem::take(&mut self.sheet.inlines);
        for (inline, group) in model_page.model.options.inlines.iter().zip(groups) {
            changes.extend(group.write(model_page, inline, db, (&key, saving)).await?);
        }
        Ok(changes)
    }
}

/// Shows the form once more, with what was typed and what is wrong.
async fn again(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: Option<&Row>,
    mut sent: Sent,
    error: Error,
) -> Result<Response> {
    let errors = match error {
        Error::Validation(errors) => errors,
        Error::Conflict(words) => FieldErrors::from([(NON_FIELD.to_owned(), vec![words])]),
        error => return Err(error),
    };
    for (name, problems) in errors {
        sent.sheet.errors.entry(name).or_default().extend(problems);
    }
    page(model_page, db, row, sent.sheet).await
}

/// Lists the changes in a row, as people read them.
async fn changes(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: &Row,
    values: &[(usize, Value)],
) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (number, value) in values {
        let column = &model_page.model.columns[*number];
        let (from, to) = (value::text(&row.values[*number]), value::text(value));
        let other = column
            .refers
            .as_ref()
            .and_then(|(table, _)| model_page.site.of_table(table));
        let labels = match other {
            Some(other) => other.labels(db, [from.as_str(), to.as_str()]).await?,
            None => Default::default(),
        };
        let called = |key: String| labels.get(&key).cloned().unwrap_or(key);
        changes.push(Change {
            field: column.label.clone(),
            from: called(from),
            to: called(to),
        });
    }
    Ok(changes)
}

/// Returns the next page after saving, and its message.
fn done(
    model_page: &ModelPage<'_>,
    data: &FormData,
    row: &Row,
    (what, saving): (&str, &Saving),
) -> Response {
    let list = model_page.staff.ctx.query("list").unwrap_or_default();
    // Written again, it is a query whatever it was.
    let mut query = form_urlencoded::Serializer::new(String::new());
    let list = query
        .extend_pairs(form_urlencoded::parse(list.as_bytes()))
        .finish();
    let (to, more) = if data.find("_continue").is_some() {
        (
            format!("{}change/", model_page.url_of(&row.key)),
            "You may edit it again below.",
        )
    } else if data.find("_addanother").is_some() {
        (
            format!("{}add/", model_page.url()),
            "You may add another one below.",
        )
    } else if list.is_empty() {
        (model_page.url(), "")
    } else {
        (format!("{}?{list}", model_page.url()), "")
    };
    let name = &model_page.model.name;
    let text = format!("The {name} “{}” was {what} successfully. {more}", row.label);
    let mut response = Redirect::to(&to).into_response();
    let messages: Vec<_> = [text.trim().to_owned()]
        .into_iter()
        .chain(saving.messages())
        .collect();
    flash::say(&model_page.staff.ctx, &mut response, &messages);
    response
}
