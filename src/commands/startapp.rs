//! `backsmith startapp NAME [MODEL]`

use std::env::current_dir;

use anyhow::{Context, Result};

use crate::apply::apply;
use crate::error::{Exit, Failure};
use crate::migrations::folder::read_all;
use crate::migrations::{Layout, models};
use crate::name::{AppName, ModelName};
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::app::{self, Contents};
use crate::scaffold::fields::{self, Kind, Target};
use crate::schema::Dialect;
use crate::ui;

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
    /// Make the files without a model in them
    #[arg(long, conflicts_with = "model")]
    empty: bool,
    /// Also make services.rs: functions that take a database and data, for rules that are wanted without HTTP
    #[arg(long, conflicts_with = "empty")]
    with_services: bool,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what is written as JSON
    #[arg(long)]
    json: bool,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Adds an app to the project in the current folder.
pub fn run(args: Args) -> Result<()> {
    let name: AppName = args.name.parse()?;
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let contents = contents(&args, &project, &name)?;
    let plan = plan(&project, &name, &contents, args.with_services)?;
    ui::carry_out(
        &plan,
        apply,
        &format!("Created the app {name}:"),
        (args.dry_run, args.json),
    )
}

/// Chooses what the app begins with: the model that was named, or a default.
fn contents(args: &Args, project: &Project, name: &AppName) -> Result<Contents> {
    if args.empty {
        return Ok(Contents::Empty);
    }
    if let Some(model) = &args.model
        && !args.fields.is_empty()
    {
        let words: Vec<_> = [model].into_iter().chain(&args.fields).cloned().collect();
        let models = fields::parse(&words)?;
        check_targets(project, &models)?;
        return Ok(Contents::Models(models));
    }
    let model = match &args.model {
        Some(model) => model.parse(),
        None if project.apps.iter().all(|app| app.label == "auth") => Ok(ModelName::task()),
        None => ModelName::of_app(name).map_err(|error| {
            let hint = format!("say which model it begins with: backsmith startapp {name} MODEL");
            error.context(
                Failure::new(format!("a model cannot be called as the app `{name}`"))
                    .hint(hint)
                    .exit(Exit::Usage),
            )
        }),
    };
    model.map(Contents::Model)
}

fn plan(
    project: &Project,
    name: &AppName,
    contents: &Contents,
    with_services: bool,
) -> Result<Plan> {
    refuse_existing(project, name)?;
    let mut plan = Plan::new(&project.root);
    let anchors = app::Anchors {
        lib: &project.lib,
        settings: &project.settings,
        urls: &project.urls,
    };
    app::add(&mut plan, name, contents, with_services, anchors)?;
    let path = match contents {
        Contents::Model(model) => format!("{name}/{}/", app::url_path(model)),
        Contents::Models(models) => format!("{name}/{}/", models[models.len() - 1].path()),
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

/// Fails if a key or a list refers to a model that is not there.
fn check_targets(project: &Project, models: &[fields::Model]) -> Result<()> {
    // Mistakes in models are for makemigrations and the compiler to tell.
    let others = models::read(&Layout::of(project)).unwrap_or_default();
    let is_there = |target: &Target| match target.app.as_deref() {
        None => models.iter().any(|model| model.name() == target.model),
        // Its modules are called after its tables: `restkit::auth::models::user`.
        Some(app) => others.models.values().any(|other| {
            other.app == app && other.module.ends_with(&format!("::{}", target.module()))
        }),
    };
    for field in models.iter().flat_map(|model| &model.fields) {
        if let Kind::Fk(target) | Kind::M2m(target) = &field.kind
            && !is_there(target)
        {
            let app = target.app.as_ref().map(|app| format!("{app}."));
            let name = format!("{}{}", app.unwrap_or_default(), target.model);
            let message = format!(
                "`{}` refers to `{name}`, and there is no such model",
                field.name
            );
            let hint = "name one of this line, or APP.MODEL of an app that is there: auth.User";
            return Err(Failure::new(message).hint(hint).exit(Exit::Usage).into());
        }
    }
    Ok(())
}

fn refuse_existing(project: &Project, name: &AppName) -> Result<()> {
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
