//! Models from one line: `Product title:str:200 price:decimal:8,2 in_stock:bool=true owner:fk:auth.User`.
//!
//! A word is `NAME:TYPE[:WHAT][marks][=DEFAULT]`; the marks are `?` for a column that may be empty, `!` for values that
//! are unique, `#` for an index. What is written is what a careful person would have: read it, and change it.

pub(super) mod admin;
mod field;
mod line;
pub(super) mod models;
mod samples;
pub(super) mod serializers;
pub(super) mod tests_file;
pub(super) mod views;

use std::path::Path;

use serde_json::{Value, json};

use crate::name::AppName;
use crate::rust::layout::{Brackets, list};
use crate::scaffold::templates::Rendered;

pub use field::{Field, Kind, TYPES, Target};
pub use line::{Model, parse};

/// The rows that tests need of models which are not in the line.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// Statements that insert the rows 1 and 2 of each, in their order.
    pub inserts: Vec<String>,
    /// Whether these refer to accounts.
    pub needs_accounts: bool,
}

/// The models as templates see them.
pub fn values(models: &[Model]) -> Value {
    let field = |model: &Model, field: &Field| {
        json!({
            "name": field.name,
            "word": field.word,
            "column": field.column(),
            "Column": field.variant(),
            "rust_type": models::rust_type(model, field, ""),
            "is_optional": field.is_optional,
            "is_unique": field.is_unique,
            "is_indexed": models::is_indexed(model, field),
            "is_required": field.is_required(),
            "default": field.default,
        })
    };
    let models = models.iter().map(|model| {
        let fields: Vec<_> = model.fields.iter().map(|it| field(model, it)).collect();
        json!({
            "Model": model.name(),
            "module": model.module(),
            "words": model.model.plural(),
            "path": model.path(),
            "fields": fields,
        })
    });
    models.collect()
}

/// The models as they are in `models.rs`, without what is the same in each.
pub fn show(models: &[Model]) -> String {
    let show = |model: &Model| {
        let fields: String = model
            .fields
            .iter()
            .map(|field| show_field(model, field))
            .collect();
        let fields = fields.replace("        ", "    ").replace("super::", "");
        format!(
            "pub struct {} {{\n    pub id: i64,\n{fields}}}",
            model.name()
        )
    };
    models.iter().map(show).collect::<Vec<_>>().join("\n")
}

/// A field as it is in `models.rs`, with its attributes.
pub fn show_field(model: &Model, field: &Field) -> String {
    match &field.kind {
        Kind::M2m(target) => format!(
            "        // a table `{}` with {}\n",
            model.between(field).unwrap_or_default(),
            target.model
        ),
        _ => models::column(model, field),
    }
}

/// The words of a model's name with the article before them: `a log entry`, `an article`.
fn with_article(model: &Model) -> String {
    let words = model.module().replace('_', " ");
    let article = if words.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {words}")
}

/// The call by which a router gets the model's viewset.
pub(super) fn route(model: &Model) -> String {
    format!(".register::<{}ViewSet>(\"{}\")", model.name(), model.path())
}

/// The files of an app with these models, in their order.
pub fn files(app: &AppName, models: &[Model], elsewhere: &Elsewhere) -> Vec<Rendered> {
    let app = app.as_ref();
    let names = [
        ("admin.rs", admin::write(models)),
        ("mod.rs", mod_file(app)),
        ("models.rs", models::write(app, models)),
        ("serializers.rs", serializers::write(models)),
        ("tests.rs", tests_file::write(app, models, elsewhere)),
        ("urls.rs", urls(models)),
        ("views.rs", views::write(models)),
    ];
    let files = names.into_iter().map(|(name, text)| Rendered {
        path: Path::new(name).to_owned(),
        contents: text.into_bytes(),
    });
    files.collect()
}

fn mod_file(app: &str) -> String {
    format!(
        "//! This app's modules, and what it adds to the site. Delete the folder and the three lines that name
//! it (in `lib.rs`, `settings.rs` and `urls.rs`), and the app is gone.

pub mod admin;
pub mod models;
pub mod serializers;
#[cfg(test)]
mod tests;
pub mod urls;
pub mod views;

use restkit::App;

/// The app, as `installed_apps()` names it.
pub fn app() -> App {{
    App::new(\"{app}\").admin(admin::register)
}}
"
    )
}

pub(super) fn urls(models: &[Model]) -> String {
    let views = models.iter();
    let mut views: Vec<_> = views
        .map(|model| format!("{}ViewSet", model.name()))
        .collect();
    views.sort();
    let uses = list("use super::views::", "", views, ";", Brackets::Braces);
    let mut text = format!(
        "//! The paths of this app, below the prefix that the site's `urls.rs` gives it. No logic here.

use restkit::DefaultRouter;

{uses}

/// The routes of this app's API, with a root that lists them.
pub fn router() -> DefaultRouter {{
    DefaultRouter::new()"
    );
    let registered: Vec<_> = models.iter().map(route).collect();
    match registered.as_slice() {
        [only] => text.push_str(only),
        several => {
            for line in several {
                text.push_str(&format!("\n        {line}"));
            }
        }
    }
    text.push_str("\n}\n");
    text
}

#[cfg(test)]
mod tests;
