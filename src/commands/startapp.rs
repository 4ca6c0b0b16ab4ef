//! `backsmith startapp NAME [MODEL]`

pub mod explain;
pub mod questions;
pub mod references;

use std::env::current_dir;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::commands::output::Output;
use crate::error::{Exit, Failure};
use crate::migrations::folder::read_all;
use crate::name::{AppName, ModelName};
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::app::{self, Contents, NewApp};
use crate::scaffold::fields;
use crate::scaffold::templates::Templates;
use crate::schema::Dialect;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app's name: its folder, its URL and the prefix of its tables
    name: String,
    /// The model to begin with, for example `Post`; without it, the first app gets a Task, and later
    /// ones a model that is called as they are
    model: Option<String>,
    /// The fields of the model, as NAME:TYPE; more models follow behind a `+`:
    /// Post title:str:200 body:text + Tag name:str:50!
    #[arg(value_name = "FIELD")]
    fields: Vec<String>,
    /// A model with its fields, in quotes; may be given several times: --model "Tag name:str:50!"
    #[arg(long = "model", value_name = "MODEL FIELD...", conflicts_with_all = ["model", "empty"])]
    models: Vec<String>,
    /// Also say what each word of the fields has become
    #[arg(long)]
    explain: bool,
    /// Make the files without a model in them
    #[arg(long, conflicts_with = "model")]
    empty: bool,
    /// Also make services.rs: functions that take a database and data, for rules that are wanted without HTTP
    #[arg(long, conflicts_with = "empty")]
    with_services: bool,
    /// A folder with templates of your own, in place of ours: docs/templates.md
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["empty", "with_services"])]
    template: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
    /// Never ask; without a model there is one by default
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Adds an app to the project in the current folder.
pub fn run(args: Args) -> Result<()> {
    let name: AppName = args.name.parse()?;
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let templates = match &args.template {
        Some(folder) => Some(Templates::of_folder("app", folder)?),
        None => None,
    };
    let app = NewApp {
        contents: contents(&args, &project, &name)?,
        name,
        with_services: args.with_services,
        templates,
    };
    let plan = plan(&project, &app)?;
    args.output
        .carry_out(&plan, &format!("Created the app {}:", app.name))?;
    if let (Contents::Models(models, _), true) = (&app.contents, args.explain) {
        explain::tell(models);
    }
    Ok(())
}

/// Chooses what the app begins with: the model that was named, or a default.
fn contents(args: &Args, project: &Project, name: &AppName) -> Result<Contents> {
    if args.empty {
        return Ok(Contents::Empty);
    }
    let may_ask = !args.no_input && !args.output.json && questions::are_possible();
    let words = match &args.model {
        Some(model) => [model].into_iter().chain(&args.fields).cloned().collect(),
        None if !args.models.is_empty() => words(&args.models),
        None if may_ask => {
            let default = default_model(project, name).ok();
            questions::ask_model(None, default.as_ref().map(AsRef::as_ref))?
        }
        None => Vec::new(),
    };
    match words.as_slice() {
        [] => default_model(project, name).map(Contents::Model),
        [model] if args.models.is_empty() => model.parse().map(Contents::Model),
        words => {
            let models = fields::parse(words)?;
            let elsewhere = references::resolve(project, name.as_ref(), &models)?;
            Ok(Contents::Models(models, elsewhere))
        }
    }
}

/// The words of several models, as they are written in one line.
fn words(models: &[String]) -> Vec<String> {
    let models = models.iter().map(|model| {
        model
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    models.collect::<Vec<_>>().join(&"+".to_owned())
}

fn default_model(project: &Project, name: &AppName) -> Result<ModelName> {
    if project.apps.iter().all(|app| app.label == "auth") {
        return Ok(ModelName::task());
    }
    ModelName::of_app(name).map_err(|error| {
        let hint = format!("say which model it begins with: backsmith startapp {name} MODEL");
        error.context(
            Failure::new(format!("a model cannot be called as the app `{name}`"))
                .hint(hint)
                .exit(Exit::Usage),
        )
    })
}

fn plan(project: &Project, app: &NewApp) -> Result<Plan> {
    let name = &app.name;
    refuse_existing(project, name)?;
    let mut plan = Plan::new(&project.root);
    let anchors = app::Anchors {
        lib: &project.lib,
        settings: &project.settings,
        urls: &project.urls,
    };
    app::add(&mut plan, app, anchors)?;
    let path = match &app.contents {
        Contents::Model(model) => format!("{name}/{}/", app::url_path(model)),
        Contents::Models(models, _) => format!("{name}/{}/", models[models.len() - 1].path()),
        Contents::Empty => format!("{name}/"),
    };
    plan.next = vec![
        format!("look at src/{name}/models.rs, then:"),
        "backsmith makemigrations".to_owned(),
        "backsmith migrate".to_owned(),
        format!("backsmith runserver    # http://127.0.0.1:8000/{path}"),
    ];
    Ok(plan)
}

/// Fails if something has the name of a new app.
///
/// # Errors
///
/// If an app, a file or the migrations of another one have it.
pub fn refuse_existing(project: &Project, name: &AppName) -> Result<()> {
    let name = name.as_ref();
    if project.apps.iter().any(|app| app.label == name) {
        return Err(
            Failure::new(format!("the app `{name}` is installed already"))
                .hint(format!(
                    "its code is in src/{name}; choose another name for a new app"
                ))
                .into(),
        );
    }
    refuse_others_migrations(project, name)?;
    for path in [format!("src/{name}"), format!("src/{name}.rs")] {
        if project.root.join(&path).exists() {
            return Err(Failure::new(format!(
                "`{path}` exists already, so `{name}` cannot be the name of an app"
            ))
            .hint("nothing was written; choose another name")
            .into());
        }
    }
    Ok(())
}

/// The migration `0004_api_task_due` of the app `api` would be one of an app `api_task`.
fn refuse_others_migrations(project: &Project, name: &str) -> Result<()> {
    let labels = |more: &[&str]| -> Vec<String> {
        let labels = project.apps.iter().map(|app| app.label.as_str());
        labels
            .chain(more.iter().copied())
            .map(str::to_owned)
            .collect()
    };
    let (now, then) = (labels(&[]), labels(&[name]));
    // Files that cannot be read are reported by the commands that need them.
    let migrations = read_all(&project.migrations(), Dialect::Sqlite).unwrap_or_default();
    for migration in &migrations {
        let Some((app, _)) = migration.app_and_title(&now) else {
            continue;
        };
        if migration.app_and_title(&then) != migration.app_and_title(&now) {
            let migration = &migration.name;
            return Err(Failure::new(format!(
                "the migration `{migration}` of the app `{app}` would be taken for one of an app `{name}`"
            ))
            .hint("nothing was written; choose another name")
            .into());
        }
    }
    Ok(())
}
