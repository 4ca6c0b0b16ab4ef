//! `backsmith startmodel APP MODEL FIELD...`

use std::env::current_dir;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap_complete::ArgValueCompleter;

use crate::commands::output::Output;
use crate::commands::startapp::{explain, questions, references};
use crate::error::{Exit, Failure, OTHERWISE, unread};
use crate::migrations::candidates;
use crate::nearest::nearest;
use crate::plan::Plan;
use crate::project::{AppSource, Project};
use crate::scaffold::fields::{self, Model};
use crate::scaffold::model::{self, TestsPlace};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app to add it to
    #[arg(add = ArgValueCompleter::new(candidates::own_apps))]
    app: String,
    /// The model and its fields, as for startapp: Tag name:str:50!; more models follow behind a `+`
    #[arg(value_name = "MODEL FIELD")]
    words: Vec<String>,
    /// Also say what each word of the fields has become
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    output: Output,
    /// Never ask; what is not given is a mistake
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Adds a model, with all that belongs to it, to an app of the project in the current folder.
pub fn run(args: Args) -> Result<()> {
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let app = find_app(&project, &args.app)?;
    let words = match args.words.as_slice() {
        [] | [_] if !args.no_input && !args.output.json && questions::are_possible() => {
            questions::ask_model(args.words.first().map(String::as_str), None)?
        }
        words => words.to_vec(),
    };
    if words.is_empty() {
        return Err(Failure::new("you must say which model")
            .hint(format!(
                "backsmith startmodel {} Tag name:str:50!",
                args.app
            ))
            .exit(Exit::Usage)
            .into());
    }
    let models = fields::parse(&words)?;
    let plan = plan(&project, app, &models)?;
    let names: Vec<_> = models.iter().map(Model::name).collect();
    let title = format!("Added {} to the app {}:", names.join(" and "), app.label);
    args.output.carry_out(&plan, &title)?;
    if args.explain {
        explain::tell(&models);
    }
    Ok(())
}

fn find_app<'p>(project: &'p Project, label: &str) -> Result<&'p AppSource> {
    if let Some(app) = project.own_apps().find(|app| app.label == label) {
        return Ok(app);
    }
    let labels = project.own_apps().map(|app| app.label.clone());
    let hint = match nearest(label, labels) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            format!("make it together with its model: backsmith startapp {label} MODEL FIELD...")
        }
    };
    let shown = label.escape_debug();
    Err(
        Failure::new(format!("there is no app `{shown}` to add a model to"))
            .hint(hint)
            .exit(Exit::Usage)
            .into(),
    )
}

fn plan(project: &Project, app: &AppSource, models: &[Model]) -> Result<Plan> {
    let elsewhere = references::resolve(project, &app.label, models)?;
    let mut plan = Plan::new(&project.root);
    let read = |name: &str| read(&project.root, place(project, app, name));
    for (name, added) in model::additions(&app.label, models) {
        let (path, before) = read(name)?;
        let after = added.add_to(&before).map_err(|error| {
            let failure = Failure::new(format!("could not add to `{}`", path.display()));
            error.context(failure.hint("nothing was written; once that is mended, run it again"))
        })?;
        plan.edit(path, before, after);
    }
    let (place, declaring) = tests_place(project, app, models)?;
    let text = model::tests_of(&app.label, models, &elsewhere);
    plan.create(app.folder.join(&place.file), text);
    let (path, before) = read(declaring)?;
    let after = place.declare_in(&before)?;
    plan.edit(path, before, after);
    let path = models.last().map(Model::path).unwrap_or_default();
    plan.next = vec![
        "backsmith makemigrations".to_owned(),
        "backsmith migrate".to_owned(),
        format!(
            "backsmith runserver    # http://127.0.0.1:8000/{}/{path}/",
            app.label
        ),
    ];
    Ok(plan)
}

/// The file of a module of the app, for example `models.rs`, which may be a folder's `models/mod.rs` as well.
fn place(project: &Project, app: &AppSource, name: &str) -> PathBuf {
    let folder = app.folder.join(name.trim_end_matches(".rs")).join("mod.rs");
    if project.root.join(&folder).is_file() {
        return folder;
    }
    app.folder.join(name)
}

/// Chooses a file of their own for the tests, below the app's tests; and names the file that declares it.
fn tests_place(
    project: &Project,
    app: &AppSource,
    models: &[Model],
) -> Result<(TestsPlace, &'static str)> {
    let module = models.last().map(Model::module).unwrap_or_default();
    let is_there = |name: &&str| project.root.join(&app.folder).join(name).is_file();
    if let Some(tests) = ["tests.rs", "tests/mod.rs"].into_iter().find(is_there) {
        let place = TestsPlace {
            file: Path::new("tests").join(format!("{module}.rs")),
            module,
            is_below_tests: true,
        };
        return Ok((place, tests));
    }
    let (_, text) = read(&project.root, app.folder.join("mod.rs"))?;
    let module = if text.contains("mod tests") {
        format!("{module}_tests")
    } else {
        "tests".to_owned()
    };
    let place = TestsPlace {
        file: format!("{module}.rs").into(),
        module,
        is_below_tests: false,
    };
    Ok((place, "mod.rs"))
}

fn read(root: &Path, path: PathBuf) -> Result<(PathBuf, String)> {
    let full = root.join(&path);
    let text = fs::read_to_string(&full).map_err(|error| unread(error, &full, OTHERWISE))?;
    Ok((path, text))
}
