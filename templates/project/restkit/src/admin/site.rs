//! The admin site: the models that apps register, and the project's own looks.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order};

use crate::admin::model::RegisteredModel;
use crate::admin::options::ModelAdmin;
use crate::admin::store::Query;
use crate::db::Connection;
use crate::model::{Entity, value};
use crate::pages::looks::Looks;
use crate::{Error, Result, Site};

/// The registry of the admin site: apps add their models to it in admin.rs.
///
/// ```
/// use restkit::auth::models::group;
/// use restkit::{AdminSite, ModelAdmin};
///
/// pub fn register(site: &mut AdminSite) {
///     site.register(ModelAdmin::new(group::Entity));
/// }
/// ```
#[derive(Default)]
pub struct AdminSite {
    app: &'static str,
    models: Vec<RegisteredModel>,
    pub(crate) looks: Looks,
}

impl AdminSite {
    /// Shows a model to staff: `site.register(ModelAdmin::new(task::Entity))`.
    pub fn register<E: Entity>(&mut self, admin: ModelAdmin<E>) {
        let mut model = admin.finish();
        model.app = self.app;
        for inline in &mut model.options.inlines {
            inline.model.app = self.app;
        }
        self.models.push(model);
    }

    /// Gives columns the choices that the API knows, where the project names none.
    pub(super) fn learn_choices(&mut self) {
        for model in &mut self.models {
            model.learn_choices();
            for inline in &mut model.options.inlines {
                inline.model.learn_choices();
            }
        }
    }

    /// The site's name at the top of its pages, instead of the project's.
    pub fn title(&mut self, title: &'static str) {
        self.looks.title = Some(title);
    }

    /// The picture before the name: `include_bytes!("logo.svg")`.
    pub fn logo(&mut self, svg: &'static [u8]) {
        self.looks.logo = Some(svg);
    }

    /// Rules after those of the stylesheet, such as `:root { --accent: #06c; }`.
    pub fn style(&mut self, css: &'static str) {
        self.looks.style = css;
    }

    /// The language of the project's own texts, such as `de` or `ar`; it decides the direction, too.
    pub fn language(&mut self, code: &'static str) {
        self.looks.language = Some(code);
    }

    /// A template in place of ours of the same name, such as `admin/index.html`, or a new one:
    /// `site.template("admin/index.html", include_str!("index.html"))`.
    pub fn template(&mut self, name: &'static str, source: &'static str) {
        self.looks.templates.push((name, source));
    }

    /// The models, by app in the order of `installed_apps()`.
    pub fn models(&self) -> &[RegisteredModel] {
        &self.models
    }

    /// Models registered from now on belong to `app`.
    pub(crate) fn begin_app(&mut self, app: &'static str) {
        self.app = app;
    }

    /// The model at this path.
    ///
    /// # Errors
    ///
    /// 404.
    pub(crate) fn find(&self, app: &str, slug: &str) -> Result<&RegisteredModel> {
        let mut models = self.models.iter();
        models
            .find(|model| model.app == app && model.slug == slug)
            .ok_or_else(Error::not_found)
    }

    /// The model whose rows are in this table.
    pub(crate) fn of_table(&self, table: &str) -> Option<&RegisteredModel> {
        self.models.iter().find(|model| model.table == table)
    }
}

impl RegisteredModel {
    /// The order that the project wants, or the newest first.
    pub(super) fn own_order(&self) -> Vec<(&'static str, Order)> {
        let wanted = self.options.ordering.iter();
        let wanted = wanted.map(|(number, order)| (self.columns[*number].name, order.clone()));
        // The key goes the way of the column before it: so does an index of that column.
        let last = self.options.ordering.last();
        let key = (self.key().name, last.map_or(Order::Desc, |it| it.1.clone()));
        wanted.chain([key]).collect()
    }

    /// So many of them, in words: `1 task`, `2 tasks`.
    pub(super) fn counted(&self, number: usize) -> String {
        let name = if number == 1 {
            &self.name
        } else {
            &self.plural
        };
        format!("{number} {name}")
    }

    /// How the rows with these keys are called.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(super) async fn labels<'k>(
        &self,
        db: &Connection,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<BTreeMap<String, String>> {
        let keys = keys.into_iter().filter(|key| !key.is_empty());
        let keys: Vec<_> = keys
            .filter_map(|key| value::parse(&self.key().null, key).ok())
            .collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let number = keys.len() as u64;
        let query = Query::new(self.with_keys(keys), number);
        let rows = self.store.rows(db, query).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.label)).collect())
    }

    /// The condition of having one of these keys.
    pub(super) fn with_keys(&self, keys: Vec<sea_orm::Value>) -> Condition {
        let column = Expr::col((self.table.clone(), self.key().name));
        Condition::all().add(column.is_in(keys))
    }
}

impl AdminSite {
    /// The app and the model of each table.
    pub(crate) fn names(&self) -> BTreeMap<String, (&'static str, String)> {
        let models = self.models.iter();
        models
            .map(|model| (model.table.clone(), (model.app, model.slug.clone())))
            .collect()
    }
}

impl Site {
    /// The models that the admin site shows.
    pub fn admin(&self) -> &AdminSite {
        self.part()
    }
}
