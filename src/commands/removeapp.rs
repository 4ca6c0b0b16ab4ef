//! `backsmith removeapp NAME`

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap_complete::ArgValueCompleter;
use walkdir::WalkDir;

use crate::apply::{apply, remove_empty};
use crate::commands::project::find;
use crate::error::{Exit, Failure};
use crate::migrations::changes::{self, Options};
use crate::migrations::{Layout, candidates, models, runtime};
use crate::nearest::nearest;
use crate::plan::Plan;
use crate::project::{AppSource, Project, Source};
use crate::prompt;
use crate::questions::Flags;
use crate::rust::edit;
use crate::schema::parse::Models;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app to remove
    #[arg(add = ArgValueCompleter::new(candidates::own_apps))]
    name: String,
    /// Remove it without asking
    #[arg(long, short)]
    yes: bool,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what is written as JSON
    #[arg(long)]
    json: bool,
    /// Never ask: fail without --yes
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Removes an app from the project in the current folder: its files, the lines that name it, and by a migration its
/// tables.
pub fn run(args: Args) -> Result<()> {
    let project = find()?;
    let app = find_own(&project, &args.name)?;
    let layout = Layout::of(&project);
    let read = models::read(&layout)?;
    refuse_mentions(&project, app, &read)?;
    let mut plan = Plan::new(&project.root);
    let folders = remove_files(&mut plan, &project, app)?;
    take_out(&mut plan, &project, &app.label)?;
    let sources = models::sources(&layout)?;
    let others = sources.into_iter().filter(|source| source.app != app.label);
    let options = Options::settled(Flags::settled([]), Some("removed".to_owned()));
    let changes = runtime()?.block_on(changes::find_after(&layout, others.collect(), &options))?;
    plan.steps.extend(changes.plan(&layout).steps);
    let tables = tables_of(&read, &app.label);
    if !changes.migrations.is_empty() {
        plan.next = vec!["backsmith migrate    # drops its tables, with their rows".to_owned()];
    }
    if !args.dry_run {
        consent(&args, &plan, &tables)?;
    }
    let title = format!("Removed the app {}:", app.label);
    ui::carry_out(&plan, apply, &title, (args.dry_run, args.json))?;
    if !args.dry_run {
        remove_empty(&project.root, &folders);
    }
    Ok(())
}

/// The app `label`, if its code is the project's own.
///
/// # Errors
///
/// If there is none.
pub fn find_own<'p>(project: &'p Project, label: &str) -> Result<&'p AppSource> {
    let own = |app: &&AppSource| app.folder == Path::new("src").join(&app.label);
    if let Some(app) = project
        .apps
        .iter()
        .filter(own)
        .find(|app| app.label == label)
    {
        return Ok(app);
    }
    let labels = project.apps.iter().filter(own).map(|app| app.label.clone());
    let labels: Vec<_> = labels.collect();
    let hint = match nearest(label, labels.iter().cloned()) {
        Some(near) => format!("did you mean {near}?"),
        None if labels.is_empty() => "the project has no app of its own yet".to_owned(),
        None => format!("the project's own apps: {}", labels.join(", ")),
    };
    let message = format!("there is no app `{}` in `src/`", label.escape_debug());
    Err(Failure::new(message).hint(hint).exit(Exit::Usage).into())
}

/// The tables of an app's models.
pub fn tables_of(models: &Models, label: &str) -> Vec<String> {
    let own = models.models.iter().filter(|(_, model)| model.app == label);
    own.map(|(table, _)| table.clone()).collect()
}

/// The project's own Rust, without that of the app.
///
/// # Errors
///
/// If a file cannot be read.
pub fn other_sources(project: &Project, app: &AppSource) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        let entries = WalkDir::new(project.root.join(folder)).sort_by_file_name();
        for entry in entries.into_iter().flatten() {
            let path = entry.path();
            let below = path.strip_prefix(&project.root).unwrap_or(path);
            let is_rust = path.extension().is_some_and(|it| it == "rs");
            if !is_rust || below.starts_with(&app.folder) {
                continue;
            }
            let text = fs::read_to_string(path)
                .with_context(|| format!("could not read `{}`", below.display()))?;
            sources.push(Source {
                path: below.to_owned(),
                text,
            });
        }
    }
    Ok(sources)
}

/// The names by which Rust reaches the project's modules: from within, and from its tests.
pub fn roots(project: &Project) -> [String; 2] {
    ["crate".to_owned(), project.package.replace('-', "_")]
}

/// Fails if something outside of the app needs it: code, or a table.
fn refuse_mentions(project: &Project, app: &AppSource, models: &Models) -> Result<()> {
    let wiring = [
        &project.lib.path,
        &project.settings.path,
        &project.urls.path,
    ];
    let roots = roots(project);
    let roots: Vec<_> = roots.iter().map(String::as_str).collect();
    let mut places = BTreeSet::new();
    for source in other_sources(project, app)? {
        // What the three files say of it is taken out; anything more is seen by the compiler.
        if wiring.contains(&&source.path) {
            continue;
        }
        for line in edit::lines_with_module(&source.text, &roots, &app.label) {
            places.insert(format!("{}:{line}", source.path.display()));
        }
    }
    let own = tables_of(models, &app.label);
    for (name, table) in &models.schema.tables {
        let Some(model) = models
            .models
            .get(name)
            .filter(|model| model.app != app.label)
        else {
            continue;
        };
        if table
            .foreign_keys
            .values()
            .any(|key| own.contains(&key.table))
        {
            places.insert(format!("{}: `{name}` has a key into it", model.place));
        }
    }
    if places.is_empty() {
        return Ok(());
    }
    let places: Vec<_> = places.into_iter().collect();
    let message = format!(
        "the app `{}` is needed elsewhere:\n  {}",
        app.label,
        places.join("\n  ")
    );
    Err(Failure::new(message)
        .hint("nothing was written; change these places first")
        .into())
}

/// Plans the removal of all files of the app; the folders that are empty then.
fn remove_files(plan: &mut Plan, project: &Project, app: &AppSource) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in WalkDir::new(project.root.join(&app.folder)).sort_by_file_name() {
        let entry = entry.context("could not list the app's files")?;
        let path = entry.path().strip_prefix(&project.root)?.to_owned();
        if entry.file_type().is_dir() {
            folders.push(path);
            continue;
        }
        let text = fs::read_to_string(entry.path()).with_context(|| {
            Failure::new(format!(
                "`{}` is no text that could be brought back",
                path.display()
            ))
            .hint("nothing was written; move the file away first")
        })?;
        plan.remove(path, text);
    }
    Ok(folders)
}

/// Takes the app out of `lib.rs`, `settings.rs` and `urls.rs`.
fn take_out(plan: &mut Plan, project: &Project, label: &str) -> Result<()> {
    type Edit = fn(&str, &str) -> Result<String>;
    let edits: [(&Source, Edit); 3] = [
        (&project.lib, edit::remove_module),
        (&project.settings, edit::remove_installed_app),
        (&project.urls, edit::remove_nest),
    ];
    for (source, edit) in edits {
        let after = edit(&source.text, label).with_context(|| {
            Failure::new(format!(
                "could not take the app out of `{}`",
                source.path.display()
            ))
            .hint("nothing was written; once that is mended, run it again")
        })?;
        plan.edit(&source.path, source.text.clone(), after);
    }
    Ok(())
}

fn consent(args: &Args, plan: &Plan, tables: &[String]) -> Result<()> {
    let lost = match tables {
        [] => String::new(),
        tables => format!(", and the tables {} with all their rows", tables.join(", ")),
    };
    let what = format!("the code of `{}`{lost}", args.name);
    if args.yes {
        return Ok(());
    }
    if args.no_input || args.json || !prompt::is_possible() {
        return Err(Failure::new(format!(
            "this removes {what}, and nobody is there to say so"
        ))
        .hint("--dry-run shows it, --yes does it")
        .exit(Exit::Unanswered)
        .into());
    }
    ui::changes(plan);
    if prompt::confirm(&format!("Remove {what}?"))? {
        return Ok(());
    }
    Err(Failure::new("nothing was removed")
        .hint("it was not confirmed")
        .into())
}
