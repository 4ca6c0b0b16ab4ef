//! Databases for the tests of this module, and models that proptest makes up.

#[path = "../../../tests/support/cluster.rs"]
#[expect(
    clippy::disallowed_methods,
    reason = "shared with the end-to-end tests"
)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod cluster;
mod database;
pub mod models;
pub mod rows;

use crate::schema::Schema;
use crate::schema::parse::{self, Source};

pub use database::{Database, server};

/// The schema of the entities in `text`.
pub fn schema(text: &str) -> Schema {
    let source = Source {
        app: "api".to_owned(),
        path: "src/api/models.rs".to_owned(),
        module: ["crate", "api", "models"].map(str::to_owned).to_vec(),
        text: text.to_owned(),
    };
    match parse::parse(&[source]) {
        Ok(models) => models.schema,
        Err(problems) => panic!("{problems:#?}\n{text}"),
    }
}

/// Models by their fields: `task: title: String; #[sea_orm(unique)] code: String`. A key `id` is
/// added where none is given.
pub fn entities(models: &[&str]) -> String {
    models.iter().map(|model| entity(model)).collect()
}

fn entity(model: &str) -> String {
    let (name, fields) = model.split_once(": ").unwrap_or((model, ""));
    let key = if fields.contains("primary_key") {
        ""
    } else {
        "#[sea_orm(primary_key)] pub id: i64,"
    };
    let fields: String = fields
        .split("; ")
        .filter(|field| !field.is_empty())
        .map(|field| format!("{field},"))
        .collect();
    format!(
        "pub mod {name} {{\n#[sea_orm::model]\n#[derive(DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"api_{name}\")]\npub struct Model {{ {key} {fields} }}\n}}\n"
    )
}
