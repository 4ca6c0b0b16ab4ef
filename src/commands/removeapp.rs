//! `backsmith removeapp NAME`

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use clap_complete::ArgValueCompleter;

use crate::apply::remove_empty;
use crate::commands::output::{self, Output};
use crate::commands::own_app;
use crate::commands::project::find;
use crate::error::Failure;
use crate::migrations::changes::{self, Options};
use crate::migrations::{Layout, candidates, models, runtime};
use crate::plan::Plan;
use crate::project::{AppSource, Project, Source};
use crate::questions::Flags;
use crate::rust::edit;
use crate::schema::parse::Models;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app to remove
    #[arg(add = ArgValueCompleter::new(candidates::own_apps))]
    name: String,
    /// Remove it without asking
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    output: Output,
    /// Never ask: fail without --yes
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Removes an app from the project in the current folder: its files, the lines that name it, and by a migration its
/// tables.
pub fn run(args: Args) -> Result<()> {
    let project = find()?;
    let app = own_app::find(&project, &args.name)?;
    let layout = Layout::of(&project);
    let read = models::read(&layout)?;
    refuse_mentions(&project, app, &read)?;
    let mut plan = Plan::new(&project.root);
    let (files, folders) = own_app::read_files(&project, app, "move the file away first")?;
    for file in files {
        plan.remove(file.path, file.text);
    }
    take_out(&mut plan, &project, &app.label)?;
    let sources = models::sources(&layout)?;
    let others = sources.into_iter().filter(|source| source.app != app.label);
    let options = Options::settled(Flags::settled([]), Some("removed".to_owned()));
    let changes = runtime()?.block_on(changes::find_after(&layout, others.collect(), &options))?;
    plan.steps.extend(changes.plan(&layout).steps);
    let tables = own_app::tables(&read, &app.label);
    if !changes.migrations.is_empty() {
        plan.next = vec!["backsmith migrate    # drops its tables, with their rows".to_owned()];
    }
    if !args.output.dry_run {
        consent(&args, &plan, &tables)?;
    }
    let title = format!("Removed the app {}:", app.label);
    args.output.carry_out(&plan, &title)?;
    if !args.output.dry_run {
        remove_empty(&project.root, &folders);
    }
    Ok(())
}

/// Fails if something outside of the app needs it: code, or a table.
fn refuse_mentions(project: &Project, app: &AppSource, models: &Models) -> Result<()> {
    let wiring = [
        &project.lib.path,
        &project.settings.path,
        &project.urls.path,
    ];
    let roots = own_app::roots(project);
    let roots: Vec<_> = roots.iter().map(String::as_str).collect();
    let mut places = BTreeSet::new();
    for source in own_app::read_others(project, app)? {
        // Its lines in the three files are taken out; the compiler sees anything more.
        if wiring.contains(&&source.path) {
            continue;
        }
        for line in edit::lines_with_module(&source.text, &roots, &app.label) {
            places.insert(format!("{}:{line}", source.path.display()));
        }
    }
    let own = own_app::tables(models, &app.label);
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
    let may_ask = !args.no_input && !args.output.json;
    let (open, question) = (format!("this removes {what}"), format!("Remove {what}?"));
    if args.yes || output::ask(plan, may_ask, &open, &question)? {
        return Ok(());
    }
    Err(Failure::new("nothing was removed")
        .hint("it was not confirmed")
        .into())
}
