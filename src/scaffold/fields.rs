//! Models from one line: `Product title:str:200 price:decimal:8,2 in_stock:bool=true owner:fk:auth.User`.
//!
//! A word is `NAME:TYPE[:WHAT][marks][=DEFAULT]`; the marks are `?` for a column that may be empty, `!` for values that
//! are unique, `#` for an index. What is written is what a careful person would have: read it, and change it.

mod admin;
mod field;
mod line;
mod models;
mod samples;
mod serializers;
mod tests_file;
mod views;

use std::path::Path;

use crate::name::AppName;
use crate::rust::layout::{Brackets, list};
use crate::scaffold::templates::Rendered;

pub use field::{Field, Kind, TYPES, Target};
pub use line::{Model, parse};

/// The files of an app with these models, in their order.
pub fn files(app: &AppName, models: &[Model]) -> Vec<Rendered> {
    let app = app.as_ref();
    let names = [
        ("admin.rs", admin::write(models)),
        ("mod.rs", mod_file(app)),
        ("models.rs", models::write(app, models)),
        ("serializers.rs", serializers::write(models)),
        ("tests.rs", tests_file::write(app, models)),
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

fn urls(models: &[Model]) -> String {
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
    let registered: Vec<_> = models
        .iter()
        .map(|model| format!(".register::<{}ViewSet>(\"{}\")", model.name(), model.path()))
        .collect();
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
