//! `backsmith add PART...`: files, and features of restkit.

use std::env::current_dir;
use std::fs;

use anyhow::{Context, Result};

use crate::apply::digest;
use crate::commands::output::Output;
use crate::error::{Failure, OTHERWISE, unread};
use crate::plan::{Plan, Step};
use crate::project::Project;
use crate::scaffold::lockfile::{self, Lock};
use crate::scaffold::parts::{self, Part};
use crate::scaffold::templates::Templates;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The parts to add
    #[arg(required = true, value_name = "PART")]
    parts: Vec<Part>,
    #[command(flatten)]
    output: Output,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Adds files for where the project is built and served, or turns features of restkit on.
pub fn run(args: Args) -> Result<()> {
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let parts = parts::complete(&args.parts);
    let templates = Templates::own();
    let mut plan = Plan::new(&project.root);
    let manifest = project.root.join("Cargo.toml");
    let manifest =
        fs::read_to_string(&manifest).map_err(|error| unread(error, &manifest, OTHERWISE))?;
    for part in &parts {
        let before = plan.steps.len();
        parts::add(
            &mut plan,
            &templates,
            *part,
            &project.package,
            Some(&manifest),
        )?;
        // A part that another one needs may be there already, as it is.
        if !args.parts.contains(part) {
            let added = plan.steps.split_off(before);
            let missing = added
                .into_iter()
                .filter(|step| !project.root.join(step.path()).exists());
            plan.steps.extend(missing);
        }
    }
    refuse_existing(&project, &plan)?;
    note_in_lock(&mut plan, &parts)?;
    plan.next = parts
        .iter()
        .map(|part| part.next_step(&project.package))
        .collect();
    plan.next.dedup();
    args.output.carry_out(&plan, "Added:")
}

/// Notes the parts in backsmith.lock, if the project has one, so that `upgrade` brings news for them, too.
fn note_in_lock(plan: &mut Plan, parts: &[Part]) -> Result<()> {
    let Ok(before) = fs::read_to_string(plan.root.join(lockfile::NAME)) else {
        return Ok(());
    };
    let mut lock = Lock::parse(&before)?;
    lock.answers.parts.extend(parts);
    lock.answers.parts.sort();
    lock.answers.parts.dedup();
    for step in &plan.steps {
        let path = lockfile::slashed(step.path());
        match step {
            Step::Create { contents, .. } => {
                lock.files.insert(path, digest(contents));
            }
            // Only a file that is as it was made is known again by what it is now.
            Step::Edit { before, after, .. } => {
                let known = lock.files.get_mut(&path);
                if let Some(known) = known.filter(|known| **known == digest(before.as_bytes())) {
                    *known = digest(after.as_bytes());
                }
            }
            Step::Remove { .. } => {}
        }
    }
    plan.edit(lockfile::NAME, before, lock.to_string());
    Ok(())
}

fn refuse_existing(project: &Project, plan: &Plan) -> Result<()> {
    let created = plan
        .steps
        .iter()
        .filter(|step| matches!(step, Step::Create { .. }));
    let mut paths = created.map(Step::path);
    match paths.find(|path| project.root.join(path).exists()) {
        None => Ok(()),
        Some(path) => Err(Failure::new(format!("`{}` exists already", path.display()))
            .hint("nothing was written; move it away first, or leave this part out")
            .into()),
    }
}
