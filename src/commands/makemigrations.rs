//! `backsmith makemigrations [APP...]`

mod report;

use anyhow::Result;

use crate::apply::apply;
use crate::error::Failure;
use crate::migrations::{LayoutArgs, changes, merge, runtime};
use crate::plan::Plan;
use crate::project::warn_of_loose_ends;
use crate::ui;

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Exit with 1 if models have changed, and write nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    changes: changes::Options,
    /// Renumber migrations of another branch that have the numbers of ours
    #[arg(long, conflicts_with_all = ["empty", "name", "apps"])]
    merge: bool,
    /// Print what was found as JSON
    #[arg(long, conflicts_with = "merge")]
    json: bool,
    #[command(flatten)]
    layout: LayoutArgs,
}

/// Writes migrations for what has changed in the models since the last one.
pub fn run(args: Args) -> Result<()> {
    let layout = args.layout.find()?;
    if args.merge {
        return renumber(&args, &runtime()?.block_on(merge::plan(&layout))?);
    }
    warn_of_loose_ends(&layout.root);
    let found = runtime()?.block_on(changes::find(&layout, &args.changes))?;
    let is_nothing = found.is_nothing();
    let new = if is_nothing {
        &[]
    } else {
        found.migrations.as_slice()
    };
    let plan = if is_nothing {
        Plan::new(&layout.root)
    } else {
        found.plan(&layout)
    };
    let is_written = !is_nothing && !args.check && !args.dry_run;
    if is_written {
        apply(&plan)?;
    }
    if args.json {
        ui::data(report::as_json(new, &found.names, &plan, is_written));
    } else {
        report::announce(new, &args.changes.apps, &layout, &found.names);
    }
    if is_nothing {
        return Ok(());
    }
    if args.check {
        return Err(
            Failure::new("models have changes that are not in a migration yet")
                .hint("backsmith makemigrations")
                .into(),
        );
    }
    if args.dry_run && !args.json {
        ui::preview(&plan);
    }
    if is_written && args.changes.are_about_all() {
        found.remember(&layout);
    }
    Ok(())
}

/// Brings the migrations of two branches into one order.
fn renumber(args: &Args, merged: &merge::Merged) -> Result<()> {
    if merged.renumbered.is_empty() {
        ui::say("No conflicts detected to merge.");
        return Ok(());
    }
    for migration in &merged.renumbered {
        ui::data(format!("{} -> {}", migration.from, migration.to));
    }
    if args.check {
        return Err(
            Failure::new("two branches have migrations of the same number")
                .hint("backsmith makemigrations --merge")
                .into(),
        );
    }
    if args.dry_run {
        ui::preview(&merged.plan);
        return Ok(());
    }
    apply(&merged.plan)
}
