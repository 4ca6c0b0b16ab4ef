//! The contents of a form, and its page.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use crate::admin::check::Checked;
use crate::admin::edit_conflicts::{self, Conflict, Originals};
use crate::admin::field::Field;
use crate::admin::history;
use crate::admin::inlines::Group;
use crate::admin::model_page::ModelPage;
use crate::admin::store::Row;
use crate::db::Connection;
use crate::model::value;
use crate::{FieldErrors, Result};

/// The contents of a form.
#[derive(Default)]
pub(super) struct Sheet {
    pub texts: BTreeMap<&'static str, String>,
    pub chosen: BTreeMap<String, BTreeSet<String>>,
    pub errors: FieldErrors,
    pub inlines: Vec<Group>,
    pub originals: Originals,
    /// The changes that somebody else made meanwhile.
    pub conflicts: Vec<Conflict>,
}

/// A group of fields.
#[derive(Serialize)]
struct Fieldset {
    title: &'static str,
    fields: Vec<Field>,
}

/// A form with the values of a row.
pub(super) async fn stored(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: &Row,
) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    for (column, value) in model_page.model.columns.iter().zip(&row.values) {
        let text = value::text(value);
        sheet.originals.note(column.name, &column.canonical(&text));
        sheet.texts.insert(column.name, text);
    }
    let key = model_page.model.key_of(row)?;
    for links in &model_page.model.options.links {
        let chosen = links.read(db, &key).await?;
        sheet.originals.note(&links.name, &joined(&chosen));
        sheet.chosen.insert(links.name.clone(), chosen);
    }
    sheet.inlines = Group::read_all(model_page, db, Some(&key), &mut sheet.originals).await?;
    Ok(sheet)
}

pub(super) fn joined(chosen: &BTreeSet<String>) -> String {
    chosen
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The page with the form.
pub(super) async fn page(
    model_page: &ModelPage<'_>,
    db: &Connection,
    row: Option<&Row>,
    sheet: Sheet,
) -> Result<Response> {
    let is_new = row.is_none();
    let fields = model_page.fields(db, "");
    let mut fieldsets = Vec::new();
    for (title, columns) in model_page.columns(is_new) {
        let mut group = Vec::new();
        for (number, readonly) in columns {
            let text = sheet.texts.get(model_page.model.columns[number].name);
            let text = text.cloned().unwrap_or_default();
            group.push(fields.field(number, text, readonly, &sheet.errors).await?);
        }
        fieldsets.push(Fieldset {
            title,
            fields: group,
        });
    }
    let last = extra_fields(model_page, db, is_new, &sheet).await?;
    if !last.is_empty() {
        fieldsets.push(Fieldset {
            title: "",
            fields: last,
        });
    }
    let inlines = Group::show_all(model_page, db, &sheet.inlines).await?;
    let has_errors = !sheet.errors.is_empty() || sheet.inlines.iter().any(Group::has_errors);
    let by = match (row, sheet.conflicts.is_empty()) {
        (Some(row), false) => history::of(db, model_page.staff, model_page.model, &row.key).await?,
        _ => Vec::new(),
    };
    model_page.staff.ctx.render(
        "admin/form.html",
        context! {
            place => model_page.crumbs(),
            is_new,
            label => row.map(|row| row.label.clone()),
            url => row.map(|row| model_page.url_of(&row.key)),
            view_only => !model_page.may(if is_new { "add" } else { "change" }),
            fieldsets => Serde(fieldsets),
            inlines,
            has_errors,
            general => sheet.errors.get(crate::error::NON_FIELD),
            conflicts => Serde(&sheet.conflicts),
            by => by.first().map(history::Entry::by),
            original_field => edit_conflicts::FIELD,
            original => sheet.originals.to_text(),
            tools => &model_page.model.options.tools,
            save_as => model_page.model.options.save_as && model_page.may("add"),
            page => row.and_then(|row| row.page.as_deref()),
        },
    )
}

/// The fields that are not columns.
async fn extra_fields(
    model_page: &ModelPage<'_>,
    db: &Connection,
    is_new: bool,
    sheet: &Sheet,
) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    let inputs = model_page.model.options.inputs.iter().filter(|_| is_new);
    for input in inputs {
        fields.push(Field {
            name: input.name.to_owned(),
            label: input.label.to_owned(),
            widget: "password",
            required: true,
            help: input.help.to_owned(),
            errors: sheet.errors.get(input.name).cloned().unwrap_or_default(),
            ..Field::default()
        });
    }
    let action = if is_new { "add" } else { "change" };
    for links in &model_page.model.options.links {
        let readonly = !model_page.may(action) || model_page.is_for_superusers(&links.name);
        let none = BTreeSet::new();
        let chosen = sheet.chosen.get(&links.name).unwrap_or(&none);
        let mut field = links.field(model_page.site, db, chosen, readonly).await?;
        field.errors = sheet.errors.get(&links.name).cloned().unwrap_or_default();
        if !(is_new && readonly) {
            fields.push(field);
        }
    }
    Ok(fields)
}

impl Sheet {
    /// The typed values, with the mistakes in them.
    pub fn typed(checked: Checked) -> Self {
        Self {
            texts: checked.typed,
            errors: checked.errors,
            ..Self::default()
        }
    }
}
