//! `backsmith startproject NAME [DIRECTORY]`

use std::env::{current_dir, set_current_dir};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::apply::{apply, recover, repository};
use crate::commands::output::Output;
use crate::commands::{migrate, runserver};
use crate::error::{Exit, Failure};
use crate::migrations::changes;
use crate::name::{AppName, ProjectName};
use crate::plan::Plan;
use crate::project::MARKER;
use crate::prompt;
use crate::scaffold::answers::Database;
use crate::scaffold::parts::{self, Part};
use crate::scaffold::project::{self, NewProject};
use crate::scaffold::templates::Templates;
use crate::scaffold::{secret, workspace};
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The module that holds the settings and the routes, for example `core`
    name: Option<String>,
    /// The folder to fill, made if missing; without it, a new folder called NAME
    directory: Option<PathBuf>,
    /// Also make a first app of this name, with its migration
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// The database that .env points at
    #[arg(long, value_enum)]
    database: Option<Database>,
    /// Also add these parts, as `backsmith add` does: docker,ci
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    with: Vec<Part>,
    /// A folder with templates of your own, over ours: docs/templates.md
    #[arg(long, value_name = "FOLDER")]
    template: Option<PathBuf>,
    /// Leave AGENTS.md out, the page for programs that write code
    #[arg(long)]
    no_agents: bool,
    /// What keeps the project's history: a git repository, unless the folder is in one already
    #[arg(long, value_enum, default_value_t)]
    vcs: Vcs,
    /// Then migrate, build and serve
    #[arg(long, conflicts_with_all = ["dry_run", "json"])]
    run: bool,
    #[command(flatten)]
    output: Output,
    /// Never ask; what is not given takes its default
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// The keeper of a project's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Vcs {
    #[default]
    Git,
    None,
}

/// The page for programs that write code. The lock names it even where it is left out, so that `upgrade` takes it for deleted.
const AGENTS: &str = "AGENTS.md";

/// Makes a new project.
pub fn run(args: Args) -> Result<()> {
    let new = settle(&args)?;
    refuse_project(&new.root)?;
    workspace::check_around(&new.root)?;
    let mut plan = project::plan(&new, &parts::complete(&args.with), &secret::key()?)?;
    if args.no_agents {
        plan.steps.retain(|step| step.path() != Path::new(AGENTS));
    }
    plan.next = next_steps(&new, &args)?;
    if args.output.dry_run {
        return args.output.carry_out(&plan, "");
    }
    apply(&plan)?;
    if args.vcs == Vcs::Git
        && let Err(error) = repository::make(&plan.root)
    {
        ui::warning(format!("the project has no git repository: {error:#}"));
    }
    let folder = plan.root.display();
    let title = format!("Created the project {} in {folder}:", new.name);
    if !args.output.json {
        ui::done(&title, &plan);
    }
    if new.app.is_some() {
        plan.steps.extend(changes::first(&plan.root)?.steps);
    }
    if args.output.json {
        ui::data(format!("{:#}", ui::plan_as_json(&plan, true)));
        return Ok(());
    }
    if args.run {
        return serve(&plan);
    }
    ui::next_steps(&plan.next);
    Ok(())
}

/// Fails where a project is already: whoever types the command twice wants to go on.
fn refuse_project(root: &Path) -> Result<()> {
    if !root.join(MARKER).exists() {
        return Ok(());
    }
    let failure = Failure::new(format!("`{}` is a project already", root.display()));
    Err(failure
        .hint("nothing was written; backsmith startapp NAME adds an app to it")
        .into())
}

/// Turns the arguments, and the answers where somebody is there to give them, into a new project.
fn settle(args: &Args) -> Result<NewProject> {
    let here = current_dir().context("could not tell the current folder")?;
    let Some(name) = &args.name else {
        return ask(args, &here);
    };
    let name: ProjectName = name.parse()?;
    Ok(NewProject {
        root: root(&here, &name, args.directory.as_deref())?,
        database: args.database.unwrap_or_default(),
        app: app(args.app.as_deref(), &name)?,
        name,
        templates: templates(args)?,
    })
}

/// Asks for everything that the arguments leave open.
fn ask(args: &Args, here: &Path) -> Result<NewProject> {
    if args.no_input || !prompt::is_possible() {
        return Err(Failure::new("you must provide a project name")
            .hint("backsmith startproject NAME [DIRECTORY]")
            .exit(Exit::Usage)
            .into());
    }
    let name = prompt::input("Project name", Some("core"), |text| {
        text.parse::<ProjectName>().map(drop)
    })?;
    let name: ProjectName = name.parse()?;
    let directory = prompt::input("Folder (. is this one)", Some(name.as_ref()), |_| Ok(()))?;
    let root = if directory == name.as_ref() {
        root(here, &name, None)?
    } else {
        root(here, &name, Some(Path::new(&directory)))?
    };
    let database = match args.database {
        Some(database) => database,
        None => [Database::Sqlite, Database::Postgres][prompt::select(
            "Database",
            &["SQLite, a file in the project", "PostgreSQL, a server"],
        )?],
    };
    let first_app = match &args.app {
        Some(app) => Some(app.clone()),
        None => Some(prompt::input(
            "First app (leave blank for none)",
            Some(""),
            |text| match text {
                "" => Ok(()),
                text => app(Some(text), &name).map(drop),
            },
        )?)
        .filter(|app| !app.is_empty()),
    };
    let app = app(first_app.as_deref(), &name)?;
    Ok(NewProject {
        name,
        root,
        database,
        app,
        templates: templates(args)?,
    })
}

fn templates(args: &Args) -> Result<Option<Templates>> {
    let folder = args.template.as_deref();
    folder
        .map(|folder| Templates::of_folder("project", folder))
        .transpose()
}

fn app(app: Option<&str>, project: &ProjectName) -> Result<Option<AppName>> {
    let Some(app) = app else {
        return Ok(None);
    };
    if app == project.as_ref() {
        return Err(Failure::new(format!(
            "the project and its app cannot both be called `{app}`"
        ))
        .hint("choose another name for one of them")
        .into());
    }
    app.parse().map(Some)
}

/// The absolute path of the folder to fill.
fn root(here: &Path, name: &ProjectName, directory: Option<&Path>) -> Result<PathBuf> {
    recover(&here.join(directory.unwrap_or(Path::new(name.as_ref()))))?;
    let Some(directory) = directory else {
        let root = here.join(name.as_ref());
        if root.symlink_metadata().is_ok() {
            return Err(Failure::new(format!("`{}` already exists", root.display()))
                .hint(format!(
                    "choose another name, or fill that folder: backsmith startproject {name} {name}"
                ))
                .into());
        }
        return Ok(root);
    };
    let root = here.join(directory);
    if root.exists() && !root.is_dir() {
        return Err(
            Failure::new(format!("`{}` is a file, not a folder", root.display()))
                .hint("name a folder, or one that does not exist yet")
                .into(),
        );
    }
    // `.` and `..` have no name of their own; the package is called as the real folder is.
    if root.exists() {
        return root
            .canonicalize()
            .with_context(|| format!("could not find `{}`", root.display()));
    }
    Ok(root.components().collect())
}

fn next_steps(new: &NewProject, args: &Args) -> Result<Vec<String>> {
    let mut steps = Vec::new();
    let here = current_dir().context("could not tell the current folder")?;
    if new.root != here.canonicalize().unwrap_or_else(|_| here.clone()) {
        let below = new.root.strip_prefix(&here).unwrap_or(&new.root);
        steps.push(ui::change_to(args.directory.as_deref().unwrap_or(below)));
    }
    if new.database == Database::Postgres {
        steps.push("# correct DATABASE_URL in .env".to_owned());
    }
    steps.push("backsmith migrate".to_owned());
    steps.push("backsmith createsuperuser".to_owned());
    steps.push("backsmith runserver    # http://127.0.0.1:8000/".to_owned());
    if new.app.is_none() {
        steps.push("backsmith startapp api".to_owned());
    }
    Ok(steps)
}

/// The rest of the way to a running server, as the user would type it.
fn serve(plan: &Plan) -> Result<()> {
    set_current_dir(&plan.root)
        .with_context(|| format!("could not change to `{}`", plan.root.display()))?;
    migrate::run(migrate::Args::default())?;
    runserver::run(runserver::Args::default())
}
