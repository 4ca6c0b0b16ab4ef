//! Tests each word of an entity, and how wrong ones are refused.

mod columns;
mod entities;
mod expanded;
mod own_types;
mod refused;
mod relations;
mod types;

use super::{Models, Problem, Source, parse};
use crate::schema::{Column, Table};

fn source(path: &str, module: &[&str], text: &str) -> Source {
    Source {
        app: "api".to_owned(),
        path: path.to_owned(),
        module: module.iter().map(|part| (*part).to_owned()).collect(),
        text: text.to_owned(),
    }
}

fn read(text: &str) -> Result<Models, Vec<Problem>> {
    parse(&[source(
        "src/api/models.rs",
        &["crate", "api", "models"],
        text,
    )])
}

fn models(text: &str) -> Models {
    read(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The table `api_task` with these fields, next to a key, and with these items beside the entity.
fn table_beside(fields: &str, items: &str) -> Table {
    let text = format!("pub mod task {{ {} {items} }}", entity("api_task", fields));
    models(&text).schema.tables["api_task"].clone()
}

fn table(fields: &str) -> Table {
    table_beside(fields, "")
}

/// The column `x`.
fn column(field: &str) -> Column {
    table(field).columns["x"].clone()
}

fn entity(table: &str, fields: &str) -> String {
    format!(
        "#[sea_orm::model] #[derive(Clone, Debug, DeriveEntityModel)] #[sea_orm(table_name = \"{table}\")]
         pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, {fields} }}"
    )
}

/// The message for a field that is refused.
fn refused(field: &str) -> String {
    let text = format!("pub mod task {{ {} }}", entity("api_task", field));
    match read(&text) {
        Ok(_) => panic!("not refused: {field}"),
        Err(problems) => problems[0].message.clone(),
    }
}
