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

/// The widest line that rustfmt leaves as it is, and the widest list and chain of calls in one.
const WIDTH: usize = 100;
const MAX_LIST: usize = 60;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Brackets {
    Braces,
    Square,
}

/// A list in brackets as rustfmt writes it: in one line if it fits, else an item a line. One item of a `use` needs no
/// braces.
fn list(
    before: &str,
    indent: &str,
    items: impl IntoIterator<Item = String>,
    after: &str,
    brackets: Brackets,
) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let (open, close) = match brackets {
        Brackets::Braces if items.len() == 1 => ("", ""),
        Brackets::Braces => ("{", "}"),
        Brackets::Square => ("[", "]"),
    };
    let line = format!("{indent}{before}{open}{}{close}{after}", items.join(", "));
    let is_narrow = brackets == Brackets::Braces || items.join(", ").len() <= MAX_LIST;
    if line.len() <= WIDTH && is_narrow {
        return line;
    }
    let inner = format!("{indent}    ");
    let items = match brackets {
        Brackets::Square => items.join(&format!(",\n{inner}")),
        Brackets::Braces => fill(&items, &inner),
    };
    format!("{indent}{before}{open}\n{inner}{items},\n{indent}{close}{after}")
}

/// As many items in a line as there is room for.
fn fill(items: &[String], indent: &str) -> String {
    let mut text = String::new();
    let mut width = indent.len();
    for item in items {
        if text.is_empty() {
            width += item.len();
        } else if width + 2 + item.len() < WIDTH {
            text.push_str(", ");
            width += 2 + item.len();
        } else {
            text.push_str(&format!(",\n{indent}"));
            width = indent.len() + item.len();
        }
        text.push_str(item);
    }
    text
}

#[cfg(test)]
mod tests;
