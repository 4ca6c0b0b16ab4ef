//! `backsmith undo`: takes back what the last command has written.

use std::fs;

use anyhow::Result;
use diffy::merge;
use serde_json::json;

use crate::apply::{ChangeKind, Record, apply, digest, remove_empty};
use crate::commands::output;
use crate::commands::project::find;
use crate::error::Failure;
use crate::migrations::{History, Layout, runtime};
use crate::plan::Plan;
use crate::project::Project;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Take it back without asking
    #[arg(long, short)]
    yes: bool,
    /// Show what would be taken back and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what is taken back as JSON
    #[arg(long)]
    json: bool,
    /// Leave files alone that were changed since, and take back the others
    #[arg(long)]
    keep_changed: bool,
    /// Never ask
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Takes the last command's changes back.
pub fn run(args: Args) -> Result<()> {
    let project = find()?;
    let record = Record::last(&project.root).ok_or_else(|| {
        Failure::new("there is nothing to take back in this project")
            .hint("what the last ten commands wrote is kept for this user; see also git")
    })?;
    let (plan, changed) = plan(&project, &record);
    if !changed.is_empty() && !args.keep_changed {
        let message = format!(
            "`{}` cannot be taken back whole: these files were changed since:\n  {}",
            record.command,
            changed.join("\n  ")
        );
        let hint =
            "nothing was written; --keep-changed leaves them as they are and takes back the rest";
        return Err(Failure::new(message).hint(hint).into());
    }
    if args.dry_run {
        if args.json {
            tell_as_json(&record, &plan, &changed);
        } else {
            ui::preview(&plan);
        }
        return Ok(());
    }
    refuse_applied(&project, &record)?;
    let open = format!("`{}` is to be taken back", record.command);
    let question = format!("Take back `{}`?", record.command);
    if !args.yes && !output::ask(&plan, !args.no_input, &open, &question)? {
        ui::say("Nothing was taken back.");
        return Ok(());
    }
    apply(&plan)?;
    remove_empty(&project.root, &record.folders);
    record.forget();
    if args.json {
        tell_as_json(&record, &plan, &changed);
    } else {
        ui::done(&format!("Took back `{}`:", record.command), &plan);
        for path in &changed {
            ui::say(format!("  left as it is: {path}"));
        }
    }
    Ok(())
}

fn tell_as_json(record: &Record, plan: &Plan, changed: &[String]) {
    let steps = ui::steps_as_json(plan);
    let told = json!({ "command": record.command, "steps": steps, "left": changed });
    ui::data(format!("{told:#}"));
}

/// The steps back, and the files that were changed since and cannot be brought back by themselves.
fn plan(project: &Project, record: &Record) -> (Plan, Vec<String>) {
    let mut plan = Plan::new(&project.root);
    plan.is_undo = true;
    let mut changed = Vec::new();
    for change in &record.changes {
        let path = &change.path;
        let now = fs::read_to_string(project.root.join(path)).ok();
        let is_back = match (&change.kind, now) {
            (ChangeKind::Created(_), None) => true,
            (ChangeKind::Created(made), Some(now)) => {
                let is_as_made = digest(now.as_bytes()) == *made;
                if is_as_made {
                    plan.remove(path, now);
                }
                is_as_made
            }
            (ChangeKind::Removed(before), None) => {
                plan.create(path, before.as_str());
                true
            }
            (ChangeKind::Removed(before), Some(now)) => *before == now,
            (ChangeKind::Edited { before, after }, Some(now)) => match merge(after, &now, before) {
                Ok(back) => {
                    plan.edit(path, now.as_str(), back);
                    true
                }
                Err(_) => false,
            },
            (ChangeKind::Edited { .. }, None) => false,
        };
        if !is_back {
            changed.push(path.display().to_string());
        }
    }
    (plan, changed)
}

/// A migration that a database has is taken back there first: without its file nobody could.
fn refuse_applied(project: &Project, record: &Record) -> Result<()> {
    let made = record
        .changes
        .iter()
        .filter(|change| matches!(change.kind, ChangeKind::Created(_)));
    let names = made.filter_map(|change| {
        let name = change.path.file_name()?.to_str()?.strip_suffix(".up.sql")?;
        change
            .path
            .starts_with("migrations")
            .then(|| name.to_owned())
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        return Ok(());
    }
    let Some(applied) = applied(project) else {
        return Ok(());
    };
    match names.iter().find(|name| applied.contains(*name)) {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!("the migration `{name}` is applied: the database has what it makes"))
            .hint("nothing was written; take it back there first: backsmith migrate APP NAME_OF_THE_ONE_BEFORE, then undo")
            .into()),
    }
}

/// The names of the migrations that the project's database has, if it can be asked.
fn applied(project: &Project) -> Option<Vec<String>> {
    let layout = Layout::of(project);
    let database = layout.database(None).ok()?;
    let history = History::read(&layout.migrations(), database.dialect()).ok()?;
    let records = runtime().ok()?.block_on(database.records()).ok()?;
    let reconciled = history.reconcile(records).ok()?;
    let applied = reconciled
        .history
        .iter()
        .filter(|migration| reconciled.has(migration));
    Some(applied.map(|migration| migration.name.clone()).collect())
}
