//! A new app: its folder, and the three lines that make it part of the project.

use std::path::Path;

use anyhow::{Context, Result};
use heck::ToUpperCamelCase;
use serde_json::Value;

use crate::error::Failure;
use crate::name::{AppName, ModelName};
use crate::plan::Plan;
use crate::project::Source;
use crate::rust::edit;
use crate::scaffold::templates::{Rendered, Templates};
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

/// A new app.
#[derive(Clone, Debug)]
pub struct NewApp {
    pub name: AppName,
    pub contents: Contents,
    pub with_services: bool,
    /// Templates of a team, the tree `app/`, in place of ours.
    pub templates: Option<Templates>,
}

impl NewApp {
    /// An app with one model, as the templates have it.
    pub fn with_model(name: AppName, model: ModelName) -> Self {
        Self {
            name,
            contents: Contents::Model(model),
            with_services: false,
            templates: None,
        }
    }

    fn files(&self) -> Result<Vec<Rendered>> {
        let name = self.name.as_ref();
        let mut values = tera::Context::new();
        values.insert("app", name);
        if let Some(model) = self.contents.main_model() {
            insert_model(&mut values, model);
        }
        if let Some(templates) = &self.templates {
            values.insert("models", &self.models()?);
            return own_files(templates, name, &values);
        }
        let mut files = match &self.contents {
            Contents::Model(_) => templates::render("app", name, &values)?,
            Contents::Models(models, elsewhere) => fields::files(&self.name, models, elsewhere),
            Contents::Empty => templates::render("empty_app", name, &values)?,
        };
        if let Some(model) = self.contents.main_model().filter(|_| self.with_services) {
            add_services(&mut files, model)?;
        }
        Ok(files)
    }

    /// The models with their fields, as templates see them.
    fn models(&self) -> Result<Value> {
        let words = |model: &ModelName| {
            let flag = format!("{}:bool=false", flag_of(model));
            [model.as_ref(), "title:str:200", &flag].map(str::to_owned)
        };
        Ok(match &self.contents {
            Contents::Model(model) => fields::values(&fields::parse(&words(model))?),
            Contents::Models(models, _) => fields::values(models),
            Contents::Empty => Value::Array(Vec::new()),
        })
    }
}

/// The files of a team's templates, which have to make a module.
fn own_files(templates: &Templates, name: &str, values: &tera::Context) -> Result<Vec<Rendered>> {
    let files = templates.render("app", name, values)?;
    if files.iter().any(|file| file.path == Path::new("mod.rs")) {
        return Ok(files);
    }
    Err(
        Failure::new("the templates make no `mod.rs`, so they are no app")
            .hint("begin with a copy of ours: docs/templates.md")
            .into(),
    )
}

/// Adds to `plan` the files of an app and the edits that wire it in.
///
/// # Errors
///
/// If a template is wrong, or a place to edit is not found: the message shows the lines to add by hand.
pub fn add(plan: &mut Plan, app: &NewApp, anchors: Anchors<'_>) -> Result<()> {
    let name = &app.name;
    let files = app.files()?;
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

/// Names the yes-or-no field of a model without fields.
fn flag_of(model: &ModelName) -> &'static str {
    if *model == ModelName::task() {
        "completed"
    } else {
        "active"
    }
}

/// The words that the templates have for a model. Each has a title and something to be ticked.
fn insert_model(values: &mut tera::Context, model: &ModelName) {
    let flag = flag_of(model);
    let summary = if *model == ModelName::task() {
        "Something to do.".to_owned()
    } else {
        format!("The data of one {}.", model.module().replace('_', " "))
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
