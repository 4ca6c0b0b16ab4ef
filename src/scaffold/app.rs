//! A new app: its folder, and the three lines that make it part of the project.

use std::path::Path;

use anyhow::{Context, Result};
use heck::ToUpperCamelCase;

use crate::error::Failure;
use crate::name::{AppName, ModelName};
use crate::plan::Plan;
use crate::project::Source;
use crate::rust::edit;
use crate::scaffold::templates::Rendered;
use crate::scaffold::{fields, templates};

/// The three existing files that a new app touches.
#[derive(Clone, Copy, Debug)]
pub struct Anchors<'p> {
    /// `src/lib.rs`, which declares the module.
    pub lib: &'p Source,
    /// `settings.rs`, which installs the app.
    pub settings: &'p Source,
    /// `urls.rs`, which nests its routes.
    pub urls: &'p Source,
}

/// The contents of a new app.
#[derive(Clone, Debug)]
pub enum Contents {
    /// One model, with everything that makes it an API.
    Model(ModelName),
    /// Models as they were written in a line.
    Models(Vec<fields::Model>, fields::Elsewhere),
    /// The same files, without a model in them.
    Empty,
}

/// Adds to `plan` the files of the app `name` and the edits that wire it in.
///
/// # Errors
///
/// If a place to edit is not found: the message shows the lines to add by hand.
pub fn add(
    plan: &mut Plan,
    name: &AppName,
    contents: &Contents,
    with_services: bool,
    anchors: Anchors<'_>,
) -> Result<()> {
    let mut values = tera::Context::new();
    values.insert("app", name.as_ref());
    let mut files = match contents {
        Contents::Model(model) => {
            insert_model(&mut values, model);
            templates::render("app", name.as_ref(), &values)?
        }
        Contents::Models(models, elsewhere) => fields::files(name, models, elsewhere),
        Contents::Empty => templates::render("empty_app", name.as_ref(), &values)?,
    };
    if let Some(model) = contents.main_model().filter(|_| with_services) {
        add_services(&mut files, model)?;
    }
    let folder = Path::new("src").join(name.as_ref());
    for file in files {
        plan.create(folder.join(file.path), file.contents);
    }
    let app = format!("crate::{name}::app()");
    let router = format!("crate::{name}::urls::router()");
    let prefix = format!("/{name}");
    edit_with(plan, anchors.lib, &format!("pub mod {name};"), |text| {
        edit::add_module(text, name.as_ref())
    })?;
    edit_with(plan, anchors.settings, &format!("{app},"), |text| {
        edit::add_installed_app(text, &app)
    })?;
    edit_with(
        plan,
        anchors.urls,
        &format!(".nest(\"{prefix}\", {router})"),
        |text| edit::add_nest(text, &prefix, &router),
    )
}

impl Contents {
    /// The model that the app is about: of several, the one that refers to the others.
    pub fn main_model(&self) -> Option<&ModelName> {
        match self {
            Self::Model(model) => Some(model),
            Self::Models(models, _) => models.last().map(|model| &model.model),
            Self::Empty => None,
        }
    }
}

/// Adds `services.rs`, and names it in `mod.rs`.
fn add_services(files: &mut Vec<Rendered>, model: &ModelName) -> Result<()> {
    let mut values = tera::Context::new();
    values.insert("module", &model.module());
    values.insert("words", &model.plural());
    values.insert("word", &model.module().replace('_', " "));
    files.extend(templates::render("services", "", &values)?);
    for file in files
        .iter_mut()
        .filter(|file| file.path.ends_with("mod.rs"))
    {
        let text = String::from_utf8_lossy(&file.contents);
        let after = "pub mod serializers;\n";
        let text = text.replacen(after, &format!("{after}pub mod services;\n"), 1);
        file.contents = text.into_bytes();
    }
    Ok(())
}

/// The words that the templates have for a model. Each has a title and something to be ticked.
fn insert_model(values: &mut tera::Context, model: &ModelName) {
    let (flag, summary) = if *model == ModelName::task() {
        ("completed", "Something to do.".to_owned())
    } else {
        let words = model.module().replace('_', " ");
        ("active", format!("The data of one {words}."))
    };
    values.insert("Model", model.as_ref());
    values.insert("module", &model.module());
    values.insert("words", &model.plural());
    values.insert("path", &url_path(model));
    values.insert("flag", flag);
    values.insert("Flag", &flag.to_upper_camel_case());
    values.insert("summary", &summary);
}

/// Returns the path of a model's viewset below its app: `log-entries`.
pub fn url_path(model: &ModelName) -> String {
    model.plural().replace(' ', "-")
}

fn edit_with(
    plan: &mut Plan,
    source: &Source,
    line: &str,
    edit: impl Fn(&str) -> Result<String>,
) -> Result<()> {
    let after = edit(&source.text).map_err(|error| {
        let path = source.path.display();
        let failure = Failure::new(format!("could not wire the app into `{path}`"))
            .hint(format!("nothing was written; once that is mended, run it again. The line to add is:\n    {line}"));
        error.context(failure)
    })?;
    plan.edit(&source.path, &source.text, after);
    Ok(())
}

/// `source` as a template gives it, for a project that is not on the disk yet.
pub fn source_of(plan: &Plan, path: &Path) -> Result<Source> {
    let contents = plan.steps.iter().find_map(|step| match step {
        crate::plan::Step::Create {
            path: created,
            contents,
            ..
        } if created == path => Some(contents),
        _ => None,
    });
    let contents =
        contents.with_context(|| format!("the templates make no `{}`", path.display()))?;
    Ok(Source {
        path: path.to_owned(),
        text: String::from_utf8(contents.clone())?,
    })
}
