//! `backsmith migrate [APP] [TARGET]`

use std::collections::BTreeSet;

use anyhow::Result;
use clap_complete::ArgValueCompleter;
use serde_json::{Value, json};

use crate::error::{Exit, Failure};
use crate::migrations::apply::Migrator;
use crate::migrations::steps::{self, Outcome, Step};
use crate::migrations::{
    History, Layout, LayoutArgs, Migration, Reconciled, candidates, changes, runtime, target,
};
use crate::ui;

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The app that TARGET is of; or TARGET itself, which is enough
    #[arg(add = ArgValueCompleter::new(candidates::targets))]
    app: Option<String>,
    /// The migration to go to, by number or name, or `zero`; forwards or backwards
    #[arg(add = ArgValueCompleter::new(candidates::migrations))]
    target: Option<String>,
    /// List what would be done and do nothing
    #[arg(long)]
    plan: bool,
    /// Exit with 1 if something is not applied, and apply nothing
    #[arg(long)]
    check: bool,
    /// With --plan or --check: print the list as JSON
    #[arg(long)]
    json: bool,
    /// Record the migrations without running them
    #[arg(long)]
    fake: bool,
    /// Another database than the one in DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
    #[command(flatten)]
    layout: LayoutArgs,
}

impl Args {
    /// The app and the target, as far as they are named.
    fn named(&self) -> Vec<&str> {
        [&self.app, &self.target]
            .into_iter()
            .filter_map(Option::as_deref)
            .collect()
    }
}

/// Brings the database to the target: all migrations, if none is named.
pub fn run(args: Args) -> Result<()> {
    if args.json && !(args.plan || args.check) {
        return Err(Failure::new("--json tells what would be done")
            .hint("backsmith migrate --plan --json")
            .exit(Exit::Usage)
            .into());
    }
    let layout = args.layout.find()?;
    runtime()?.block_on(migrate(&layout, &args))
}

async fn migrate(layout: &Layout, args: &Args) -> Result<()> {
    let database = layout.database(args.database_url.as_deref())?;
    let history = History::read(&layout.migrations(), database.dialect())?;
    let apps = layout.labels();
    let target = target::find(&history, &apps, &args.named())?;
    if (args.plan || args.check) && database.is_missing() {
        let nothing = history.reconcile(Vec::new())?;
        return show(&steps::plan(&nothing, target), &apps, args);
    }
    database.refuse_pooler().await?;
    let mut migrator = database.connect().await?;
    let outcome = bring_to(target, &mut migrator, &history, layout, args).await;
    migrator.close().await?;
    outcome?;
    if !(args.plan || args.check) {
        warn_of_changes(layout).await;
    }
    Ok(())
}

async fn bring_to(
    target: i64,
    migrator: &mut Migrator,
    history: &History,
    layout: &Layout,
    args: &Args,
) -> Result<()> {
    let (apps, manner) = (layout.labels(), layout.manner(|words| ui::say(words))?);
    migrator.lock(manner.tell).await?;
    let reconciled = history.reconcile(migrator.records().await?)?;
    let steps = steps::plan(&reconciled, target);
    if let [app, _] = args.named().as_slice() {
        let undone = steps.iter().filter_map(|step| step.undone());
        target::refuse_others(undone, &apps, app, target)?;
    }
    if args.plan || args.check {
        return show(&steps, &apps, args);
    }
    migrator.remember().await?;
    renumber(migrator, &reconciled, &apps).await?;
    announce(&reconciled.history, &apps, args);
    if steps.is_empty() {
        ui::say("  No migrations to apply.");
    }
    let report = |step: Step<'_>, outcome| tell(step, outcome, &apps);
    steps::take(migrator, &steps, &reconciled, args.fake, manner, report).await?;
    if reconciled.squashed.is_empty() {
        return Ok(());
    }
    let squashed = history.reconcile(migrator.records().await?)?.squashed;
    migrator.record_squashed(&squashed).await
}

/// Gives records the numbers that `makemigrations --merge` has given their migrations.
async fn renumber(
    migrator: &mut Migrator,
    reconciled: &Reconciled<'_>,
    apps: &[String],
) -> Result<()> {
    for (old, new) in &reconciled.renumbered {
        let new = new.shown(apps);
        ui::say(format!("Migration {old:04} is {new} now, as in its file."));
    }
    migrator.renumber(&reconciled.renumbered).await
}

fn tell(step: Step<'_>, outcome: Outcome, apps: &[String]) {
    let what = match step {
        Step::Up(_) => "Applying",
        Step::Down(_) => "Unapplying",
    };
    let how = match outcome {
        Outcome::Done => "OK",
        Outcome::Found => "OK (by another program)",
        Outcome::Faked => "FAKED",
    };
    ui::say(format!(
        "  {what} {}... {how}",
        step.migration().shown(apps)
    ));
}

/// Lists the steps; with `--check` it is a failure if there are any.
fn show(steps: &[Step<'_>], apps: &[String], args: &Args) -> Result<()> {
    if args.json {
        ui::data(format!("{:#}", as_json(steps, apps)));
    } else {
        for step in steps {
            match step {
                Step::Up(migration) => ui::data(migration.shown(apps)),
                Step::Down(migration) => ui::data(format!("undo {}", migration.shown(apps))),
            }
        }
    }
    if args.check && !steps.is_empty() {
        return Err(Failure::new(match steps.len() {
            1 => "1 migration is not applied".to_owned(),
            count => format!("{count} migrations are not applied"),
        })
        .hint("backsmith migrate")
        .into());
    }
    if steps.is_empty() {
        ui::say("  No migrations to apply.");
    }
    Ok(())
}

/// The steps for programs, each with its migration's file name and its app.
fn as_json(steps: &[Step<'_>], apps: &[String]) -> Value {
    let steps = steps.iter().map(|step| {
        let migration = step.migration();
        let action = match step {
            Step::Up(_) => "apply",
            Step::Down(_) => "undo",
        };
        let app = migration.app_and_title(apps).map(|(app, _)| app);
        json!({ "migration": migration.name, "app": app, "action": action })
    });
    json!({ "steps": steps.collect::<Vec<_>>() })
}

fn announce(history: &[&Migration], apps: &[String], args: &Args) {
    ui::say("Operations to perform:");
    match args.named().as_slice() {
        [app, target] => ui::say(format!("  Target specific migration: {target}, from {app}")),
        [target] => ui::say(format!("  Target specific migration: {target}")),
        _ => {
            let labels = history
                .iter()
                .filter_map(|migration| migration.app_and_title(apps));
            let labels: BTreeSet<_> = labels.map(|(app, _)| app).collect();
            let labels: Vec<_> = labels.into_iter().collect();
            if labels.is_empty() {
                ui::say("  Apply all migrations");
            } else {
                ui::say(format!("  Apply all migrations: {}", labels.join(", ")));
            }
        }
    }
    ui::say("Running migrations:");
}

/// Says that the models are ahead of the migrations, which is not a failure.
async fn warn_of_changes(layout: &Layout) {
    if changes::exist(layout).await.unwrap_or(false) {
        ui::say(
            "  Your models have changes that are not yet in a migration, and so are not applied.",
        );
        ui::say(
            "  Run 'backsmith makemigrations' to make new migrations, then 'backsmith migrate' to apply them.",
        );
    }
}
