//! The models that the admin site shows.

use std::future::Future;
use std::pin::Pin;

use sea_orm::sea_query::sea_value_to_json_value;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, IdenStatic, Iterable, ModelTrait, PaginatorTrait,
    QuerySelect,
};
use serde::Serialize;
use serde_json::Value;

use crate::Result;
use crate::rest::viewset::{Entity, by_key, model_name};

/// Columns that are nobody's business, whatever the model.
const HIDDEN: [&str; 1] = ["password"];

/// What apps register in their admin.rs.
#[derive(Default)]
pub struct AdminSite {
    app: &'static str,
    models: Vec<RegisteredModel>,
}

/// A model in the admin site.
pub struct RegisteredModel {
    /// The app's label.
    pub app: &'static str,
    /// The last part of its URL, for example `task`.
    pub slug: String,
    /// For example `Task`.
    pub name: String,
    /// The shown columns.
    pub columns: Vec<&'static str>,
    rows: for<'d> fn(&'d DatabaseConnection, u64, u64) -> RowsFuture<'d>,
}

type RowsFuture<'d> = Pin<Box<dyn Future<Output = Result<Rows>> + Send + 'd>>;

/// A page of rows, each value as a text in the order of the columns.
#[derive(Debug, Serialize)]
pub struct Rows {
    pub count: u64,
    pub rows: Vec<Vec<String>>,
}

impl AdminSite {
    /// Shows the entity's rows to staff.
    pub fn register<E: Entity>(&mut self) {
        let name = model_name::<E>();
        let module = std::any::type_name::<E>()
            .rsplit("::")
            .nth(1)
            .unwrap_or("model");
        self.models.push(RegisteredModel {
            app: self.app,
            slug: module.trim_start_matches("r#").to_owned(),
            name,
            columns: columns::<E>().map(|column| column.as_str()).collect(),
            rows: |db, size, page| Box::pin(rows::<E>(db, size, page)),
        });
    }

    /// The models, by app in the order of `installed_apps()`.
    pub fn models(&self) -> &[RegisteredModel] {
        &self.models
    }

    /// Models registered from now on belong to `app`.
    pub(crate) fn begin_app(&mut self, app: &'static str) {
        self.app = app;
    }

    pub(crate) fn find(&self, app: &str, slug: &str) -> Option<&RegisteredModel> {
        self.models
            .iter()
            .find(|model| model.app == app && model.slug == slug)
    }
}

impl RegisteredModel {
    /// Page `page` (from 1) of the rows, `size` a page.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn rows(&self, db: &DatabaseConnection, size: u64, page: u64) -> Result<Rows> {
        (self.rows)(db, size, page).await
    }
}

fn columns<E: Entity>() -> impl Iterator<Item = E::Column> {
    E::Column::iter().filter(|column| !HIDDEN.contains(&column.as_str()))
}

async fn rows<E: Entity>(db: &DatabaseConnection, size: u64, page: u64) -> Result<Rows> {
    let count = E::find().count(db).await?;
    let offset = size.saturating_mul(page.saturating_sub(1));
    let found = by_key(E::find()).limit(size).offset(offset).all(db).await?;
    let rows = found
        .iter()
        .map(|row| columns::<E>().map(|column| text(row, column)).collect());
    Ok(Rows {
        count,
        rows: rows.collect(),
    })
}

fn text<M: ModelTrait>(row: &M, column: <M::Entity as EntityTrait>::Column) -> String
where
    <M::Entity as EntityTrait>::Column: ColumnTrait,
{
    match sea_value_to_json_value(&row.get(column)) {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => "✓".to_owned(),
        Value::Bool(false) => "✗".to_owned(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
