//! The forms for new and existing rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use sea_orm::Value as SeaValue;
use serde::Serialize;

use crate::admin::actions::back_to;
use crate::admin::check::Checked;
use crate::admin::form::{Field, Fields};
use crate::admin::history::in_path;
use crate::admin::inlines::Group;
use crate::admin::kept::StaffForm;
use crate::admin::model::RegisteredModel;
use crate::admin::originals::Originals;
use crate::admin::staff::Staff;
use crate::admin::store::{Query, Row};
use crate::admin::{history, save};
use crate::db::Connection;
use crate::http::query::query_pairs;
use crate::model::value;
use crate::{AdminSite, Error, FieldErrors, Result};

/// A model, and who works on it.
pub(super) struct Place<'a> {
    pub staff: &'a Staff,
    pub site: &'a AdminSite,
    pub model: &'a RegisteredModel,
}

impl<'a> Place<'a> {
    /// The model at this path.
    ///
    /// # Errors
    ///
    /// 404.
    pub fn find(staff: &'a Staff, app: &str, slug: &str) -> Result<Self> {
        let site = staff.ctx.site().admin();
        let model = site.find(app, slug)?;
        Ok(Self { staff, site, model })
    }

    /// The row with the key of the path.
    pub async fn row(&self, db: &Connection, key: &str) -> Result<Option<Row>> {
        let Ok(key) = value::parse(&self.model.key().null, key) else {
            return Ok(None);
        };
        let query = Query::new(self.model.with_keys(vec![key]), 1);
        Ok(self.model.store.rows(db, query).await?.pop())
    }

    /// Returns whether the user may `action` the rows, and the project lets anybody.
    pub fn may(&self, action: &str) -> bool {
        let options = &self.model.options;
        let is_possible = match action {
            "add" => options.may_add,
            "change" => options.may_change,
            _ => true,
        };
        is_possible && self.staff.may(self.model.app, action, &self.model.slug)
    }

    /// # Errors
    ///
    /// 403 unless `may`.
    pub fn require(&self, action: &str) -> Result<()> {
        if self.may(action) {
            Ok(())
        } else {
            Err(Error::permission_denied())
        }
    }

    /// The breadcrumbs of the model's pages.
    pub fn crumbs(&self) -> minijinja::Value {
        context! {
            app => self.model.app,
            name => &self.model.name,
            plural => &self.model.plural,
            url => self.url(),
            may_add => self.may("add"),
            may_change => self.may("change"),
            may_delete => self.may("delete"),
        }
    }

    /// The list.
    pub fn url(&self) -> String {
        format!("{}{}", self.staff.ctx.site().admin_url(), self.model.path())
    }

    /// The page of a row.
    pub fn url_of(&self, key: &str) -> String {
        format!("{}{}/", self.url(), in_path(key))
    }

    pub fn fields<'f>(&'f self, db: &'f Connection, prefix: &'f str) -> Fields<'f> {
        Fields {
            staff: self.staff,
            site: self.site,
            db,
            model: self.model,
            prefix,
        }
    }

    /// The columns of the form by group, and whether they are only to be read.
    pub fn columns(&self, is_new: bool) -> Vec<(&'static str, Vec<(usize, bool)>)> {
        let options = &self.model.options;
        let is_shown = |number: &usize| {
            let is_made = is_new && self.model.columns[*number].is_automatic;
            !options.exclude.contains(number) && !is_made
        };
        let groups = if options.fieldsets.is_empty() {
            vec![("", (0..self.model.columns.len()).collect())]
        } else {
            options.fieldsets.clone()
        };
        let action = if is_new { "add" } else { "change" };
        let is_readonly = |number: usize| {
            let column = &self.model.columns[number];
            options.readonly.contains(&number)
                || !self.may(action)
                || number == self.model.key && !is_new
                || column.is_automatic
                || self.is_for_superusers(column.name)
        };
        let groups = groups.into_iter().map(|(title, columns)| {
            let columns = columns.into_iter().filter(is_shown);
            (
                title,
                columns
                    .map(|number| (number, is_readonly(number)))
                    .collect::<Vec<_>>(),
            )
        });
        groups
            .filter(|(_, columns)| columns.iter().any(|(_, readonly)| !is_new || !readonly))
            .collect()
    }

    /// The columns that this user changes.
    pub fn writable(&self, is_new: bool) -> Vec<usize> {
        let columns = self
            .columns(is_new)
            .into_iter()
            .flat_map(|(_, columns)| columns);
        columns
            .filter(|(_, readonly)| !readonly)
            .map(|(number, _)| number)
            .collect()
    }

    /// Returns whether only superusers may change a field, and this user is none.
    pub fn is_for_superusers(&self, name: &str) -> bool {
        !self.staff.user.is_superuser && self.model.options.superusers.contains(&name)
    }
}

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

/// A field that somebody else has changed meanwhile.
#[derive(Debug, Serialize)]
pub(super) struct Conflict {
    pub label: String,
    pub theirs: String,
    pub yours: String,
}

/// A group of fields.
#[derive(Serialize)]
struct Fieldset {
    title: &'static str,
    fields: Vec<Field>,
}

/// GET /admin/{app}/{model}/add/
pub(super) async fn add_form(
    staff: Staff,
    Path((app, slug)): Path<(String, String)>,
) -> Result<Response> {
    let place = Place::find(&staff, &app, &slug)?;
    place.require("add")?;
    let db = staff.ctx.db();
    let mut sheet = Sheet::default();
    for column in &place.model.columns {
        let asked = query_pairs(&staff.ctx.uri).find(|(name, _)| name == column.name);
        let text = asked.map(|(_, text)| text).or(column.default.clone());
        sheet.texts.insert(column.name, text.unwrap_or_default());
    }
    sheet.inlines = Group::read_all(&place, db, None, &mut sheet.originals).await?;
    page(&place, db, None, sheet).await
}

/// GET /admin/{app}/{model}/{key}/change/
pub(super) async fn change_form(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
) -> Result<Response> {
    let place = Place::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    let db = staff.ctx.db();
    let Some(row) = place.row(db, &key).await? else {
        return Ok(gone(&place, &key));
    };
    let sheet = stored(&place, db, &row).await?;
    page(&place, db, Some(&row), sheet).await
}

/// POST /admin/{app}/{model}/add/
pub(super) async fn add(
    Path((app, slug)): Path<(String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let data = Arc::new(data);
    let place = Place::find(&staff, &app, &slug)?;
    place.require("add")?;
    save::add(&place, &data).await
}

/// POST /admin/{app}/{model}/{key}/change/
pub(super) async fn change(
    Path((app, slug, key)): Path<(String, String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let data = Arc::new(data);
    let place = Place::find(&staff, &app, &slug)?;
    if data.find("_saveasnew").is_some() && place.model.options.save_as {
        place.require("add")?;
        return save::add(&place, &data).await;
    }
    place.require("change")?;
    save::change(&place, &key, &data).await
}

/// The row that a page was asked for does not exist, or no longer.
pub(super) fn gone(place: &Place<'_>, key: &str) -> Response {
    let name = super::model::label_of(&place.model.name);
    let text = format!("{name} with ID “{key}” doesn’t exist. Perhaps it was deleted?");
    back_to(place, &place.url(), text)
}

/// A form with the values of a row.
pub(super) async fn stored(place: &Place<'_>, db: &Connection, row: &Row) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    for (column, value) in place.model.columns.iter().zip(&row.values) {
        let text = value::text(value);
        sheet.originals.note(column.name, &column.canonical(&text));
        sheet.texts.insert(column.name, text);
    }
    let key = key_of(place.model, row)?;
    for links in &place.model.options.links {
        let chosen = links.read(db, &key).await?;
        sheet.originals.note(&links.name, &joined(&chosen));
        sheet.chosen.insert(links.name.clone(), chosen);
    }
    sheet.inlines = Group::read_all(place, db, Some(&key), &mut sheet.originals).await?;
    Ok(sheet)
}

pub(super) fn joined(chosen: &BTreeSet<String>) -> String {
    chosen
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn key_of(model: &RegisteredModel, row: &Row) -> Result<SeaValue> {
    row.values
        .get(model.key)
        .cloned()
        .ok_or_else(Error::not_found)
}

/// The page with the form.
pub(super) async fn page(
    place: &Place<'_>,
    db: &Connection,
    row: Option<&Row>,
    sheet: Sheet,
) -> Result<Response> {
    let is_new = row.is_none();
    let fields = place.fields(db, "");
    let mut fieldsets = Vec::new();
    for (title, columns) in place.columns(is_new) {
        let mut group = Vec::new();
        for (number, readonly) in columns {
            let text = sheet.texts.get(place.model.columns[number].name);
            let text = text.cloned().unwrap_or_default();
            group.push(fields.field(number, text, readonly, &sheet.errors).await?);
        }
        fieldsets.push(Fieldset {
            title,
            fields: group,
        });
    }
    let last = extra_fields(place, db, is_new, &sheet).await?;
    if !last.is_empty() {
        fieldsets.push(Fieldset {
            title: "",
            fields: last,
        });
    }
    let inlines = Group::show_all(place, db, &sheet.inlines).await?;
    let has_errors = !sheet.errors.is_empty() || sheet.inlines.iter().any(Group::has_errors);
    let by = match (row, sheet.conflicts.is_empty()) {
        (Some(row), false) => history::of(db, place.staff, place.model, &row.key).await?,
        _ => Vec::new(),
    };
    place.staff.ctx.render(
        "admin/form.html",
        context! {
            place => place.crumbs(),
            is_new,
            label => row.map(|row| row.label.clone()),
            url => row.map(|row| place.url_of(&row.key)),
            view_only => !place.may(if is_new { "add" } else { "change" }),
            fieldsets => Serde(fieldsets),
            inlines,
            has_errors,
            general => sheet.errors.get(crate::error::NON_FIELD),
            conflicts => Serde(&sheet.conflicts),
            by => by.first().map(history::Entry::by),
            original_field => super::originals::FIELD,
            original => sheet.originals.to_text(),
            tools => &place.model.options.tools,
            save_as => place.model.options.save_as && place.may("add"),
            page => row.and_then(|row| row.page.as_deref()),
        },
    )
}

/// The fields that are not columns.
async fn extra_fields(
    place: &Place<'_>,
    db: &Connection,
    is_new: bool,
    sheet: &Sheet,
) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    let inputs = place.model.options.inputs.iter().filter(|_| is_new);
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
    for links in &place.model.options.links {
        let readonly = !place.may(action) || place.is_for_superusers(&links.name);
        let none = BTreeSet::new();
        let chosen = sheet.chosen.get(&links.name).unwrap_or(&none);
        let mut field = links.field(place.site, db, chosen, readonly).await?;
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
