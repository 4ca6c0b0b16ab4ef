//! The pages of a model: who works on it, what they may do, and their URLs.

use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use sea_orm::Value;

use crate::admin::model::{RegisteredModel, label_of};
use crate::admin::staff::Staff;
use crate::admin::store::{Query, Row};
use crate::db::Connection;
use crate::http::path::encode_segment;
use crate::model::value;
use crate::pages::flash;
use crate::{AdminSite, Error, Result};

/// The pages of a model for one visitor.
#[derive(Clone, Copy)]
pub(super) struct ModelPage<'a> {
    pub staff: &'a Staff,
    pub site: &'a AdminSite,
    pub model: &'a RegisteredModel,
}

impl<'a> ModelPage<'a> {
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
        format!("{}{}/", self.url(), encode_segment(key))
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

impl RegisteredModel {
    /// The key of a row, as a value.
    ///
    /// # Errors
    ///
    /// 404 if the row has none.
    pub(super) fn key_of(&self, row: &Row) -> Result<Value> {
        let key = row.values.get(self.key).cloned();
        key.ok_or_else(Error::not_found)
    }
}

/// The row that a page was asked for does not exist, or no longer.
pub(super) fn gone(model_page: &ModelPage<'_>, key: &str) -> Response {
    let name = label_of(&model_page.model.name);
    let text = format!("{name} with ID “{key}” doesn’t exist. Perhaps it was deleted?");
    back_to(model_page, &model_page.url(), text)
}

/// Back to the list as it was, with a message.
pub(super) fn back(model_page: &ModelPage<'_>, message: &str) -> Response {
    let here = model_page.staff.ctx.uri.path_and_query();
    let here = here.map_or_else(|| model_page.url(), |here| here.as_str().to_owned());
    back_to(model_page, &here, message.to_owned())
}

/// To another page, with a message.
pub(super) fn back_to(model_page: &ModelPage<'_>, url: &str, message: String) -> Response {
    let mut response = Redirect::to(url).into_response();
    flash::say(&model_page.staff.ctx, &mut response, &[message]);
    response
}
