//! `backsmith migrate [APP] [TARGET]`

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;

use crate::commands::makemigrations;
use crate::error::Failure;
use crate::migrations::apply::Migrator;
use crate::migrations::database::Database;
use crate::migrations::fit::Fitted;
use crate::migrations::{History, Migration, Place, PlaceArgs, runtime, target};
use crate::shared::server::Manner;
use crate::ui;

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The app that TARGET is of; or TARGET itself, which is enough
    app: Option<String>,
    /// Where to go: a migration's number or name, or `zero`; forwards or backwards
    target: Option<String>,
    /// List what would be done and do nothing
    #[arg(long)]
    plan: bool,
    /// Exit with 1 if something is not applied, and apply nothing
    #[arg(long)]
    check: bool,
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
    place: PlaceArgs,
}

/// One step on the way to the target.
enum Step<'h> {
    Up(&'h Migration),
    Down(&'h Migration),
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

impl<'h> Step<'h> {
    fn undone(&self) -> Option<&'h Migration> {
        match *self {
            Self::Up(_) => None,
            Self::Down(migration) => Some(migration),
        }
    }
}

/// Brings the database to the target: all migrations, if none is named.
pub fn run(args: Args) -> Result<()> {
    let place = args.place.find()?;
    runtime()?.block_on(migrate(&place, &args))
}

async fn migrate(place: &Place, args: &Args) -> Result<()> {
    let database = database(place, args.database_url.as_deref())?;
    let history = History::read(&place.migrations(), database.dialect())?;
    let apps: Vec<String> = place.labels();
    let target = target::find(&history, &apps, &args.named())?;
    if (args.plan || args.check) && database.is_missing() {
        return show(&steps(&history, &[], target), &apps, args);
    }
    database.refuse_pooler().await?;
    let mut migrator = database.connect().await?;
    let manner = manner(place)?;
    let outcome = bring_to(target, &mut migrator, &history, &apps, (args, manner)).await;
    migrator.close().await?;
    outcome?;
    if !(args.plan || args.check) {
        warn_of_changes(place).await;
    }
    Ok(())
}

async fn bring_to(
    target: i64,
    migrator: &mut Migrator,
    history: &History,
    apps: &[String],
    (args, manner): (&Args, Manner),
) -> Result<()> {
    migrator.lock(|words| ui::say(words)).await?;
    let fitted = history.fit(&migrator.records().await?)?;
    let steps = steps(&fitted.history, &fitted.applied, target);
    if let [app, _] = args.named().as_slice() {
        let undone = steps.iter().filter_map(Step::undone);
        target::refuse_others(undone, apps, app, target)?;
    }
    if args.plan || args.check {
        return show(&steps, apps, args);
    }
    migrator.remember().await?;
    tell_of_renumbered(migrator, &fitted, apps).await?;
    carry_out(migrator, &steps, &fitted, apps, (args, manner)).await?;
    record_squashed(migrator, &fitted, history).await
}

/// Tells the database of squashed migrations whose originals it has by now.
async fn record_squashed(
    migrator: &mut Migrator,
    fitted: &Fitted,
    history: &History,
) -> Result<()> {
    if fitted.to_record.is_empty() {
        return Ok(());
    }
    let now = history.fit(&migrator.records().await?)?;
    for (migration, replaced) in &now.to_record {
        if now.applied.contains(&migration.number) && now.history.migrations.contains(migration) {
            migrator.record_squashed(migration, replaced).await?;
        }
    }
    Ok(())
}

/// The database in `url`, or in the project's settings.
pub fn database(place: &Place, url: Option<&str>) -> Result<Database> {
    let url = match url {
        Some(url) => Some(url.to_owned()),
        None => match place.setting("MIGRATIONS_DATABASE_URL")? {
            Some(url) if !url.is_empty() => Some(url),
            _ => place.database_url()?,
        },
    };
    let url = url.ok_or_else(|| {
        Failure::new("DATABASE_URL is not set")
            .hint("put it into .env, for example DATABASE_URL=sqlite://db.sqlite3")
    })?;
    Database::from_url(&url, &place.root)
}

/// How long a migration waits for tables that others hold, by the project's settings.
fn manner(place: &Place) -> Result<Manner> {
    let name = "DATABASE_LOCK_TIMEOUT";
    let default = Manner::default();
    let patience = match place.setting(name)?.filter(|value| !value.is_empty()) {
        None => default.patience,
        Some(value) => Duration::from_secs(value.parse().map_err(|_| {
            Failure::new(format!("{name}={value} is no number of seconds from 0 on"))
                .hint("correct it in the environment or in .env, or leave it out")
        })?),
    };
    let tell = |words: &str| ui::say(words);
    Ok(Manner { patience, tell })
}

/// Forwards to `target`, or backwards if it lies behind.
fn steps<'h>(history: &'h History, applied: &[i64], target: i64) -> Vec<Step<'h>> {
    let applied: BTreeSet<_> = applied.iter().copied().collect();
    let all = &history.migrations;
    let down = all
        .iter()
        .rev()
        .filter(|it| it.number > target && applied.contains(&it.number))
        .map(Step::Down);
    let up = all
        .iter()
        .filter(|it| it.number <= target && !applied.contains(&it.number))
        .map(Step::Up);
    down.chain(up).collect()
}

fn show(steps: &[Step<'_>], apps: &[String], args: &Args) -> Result<()> {
    for step in steps {
        match step {
            Step::Up(migration) => ui::data(migration.shown(apps)),
            Step::Down(migration) => ui::data(format!("undo {}", migration.shown(apps))),
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

/// Tells the database of migrations that `makemigrations --merge` has given other numbers.
async fn tell_of_renumbered(
    migrator: &mut Migrator,
    fitted: &Fitted,
    apps: &[String],
) -> Result<()> {
    let changes: Vec<_> = fitted
        .renumbered
        .iter()
        .map(|(old, new)| (*old, new))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    for (old, new) in &changes {
        let new = new.shown(apps);
        ui::say(format!("Migration {old:04} is {new} now, as in its file."));
    }
    migrator.renumber(&changes).await
}

/// Takes the steps, and says so.
async fn carry_out(
    migrator: &mut Migrator,
    steps: &[Step<'_>],
    fitted: &Fitted,
    apps: &[String],
    (args, manner): (&Args, Manner),
) -> Result<()> {
    announce(&fitted.history, apps, args);
    if steps.is_empty() {
        ui::say("  No migrations to apply.");
    }
    let began_empty = migrator.is_empty().await?;
    let mut applied: Vec<_> = fitted.history.migrations.iter().collect();
    applied.retain(|migration| fitted.applied.contains(&migration.number));
    for step in steps {
        let before = (!began_empty).then_some(applied.as_slice());
        let (what, how) = match (step, args.fake) {
            (Step::Up(migration), false) => {
                let is_ours = migrator.apply(migration, before, manner).await?;
                let how = if is_ours {
                    "OK"
                } else {
                    "OK (by another program)"
                };
                ("Applying", how)
            }
            (Step::Up(migration), true) => {
                migrator.fake(migration).await?;
                ("Applying", "FAKED")
            }
            (Step::Down(migration), false) => {
                migrator.revert(migration, before, manner).await?;
                ("Unapplying", "OK")
            }
            (Step::Down(migration), true) => {
                migrator.forget(migration).await?;
                ("Unapplying", "FAKED")
            }
        };
        let migration = match *step {
            Step::Up(migration) => {
                applied.push(migration);
                migration
            }
            Step::Down(migration) => {
                applied.retain(|it| it.number != migration.number);
                migration
            }
        };
        ui::say(format!("  {what} {}... {how}", migration.shown(apps)));
    }
    Ok(())
}

fn announce(history: &History, apps: &[String], args: &Args) {
    ui::say("Operations to perform:");
    match args.named().as_slice() {
        [app, target] => ui::say(format!("  Target specific migration: {target}, from {app}")),
        [target] => ui::say(format!("  Target specific migration: {target}")),
        _ => {
            let migrations = history.migrations.iter();
            let labels = migrations.filter_map(|migration| migration.app_and_title(apps));
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

/// The models may be ahead of the migrations: that is worth a word, but no failure.
async fn warn_of_changes(place: &Place) {
    if makemigrations::has_changes(place).await.unwrap_or(false) {
        ui::say(
            "  Your models have changes that are not yet in a migration, and so are not applied.",
        );
        ui::say(
            "  Run 'backsmith makemigrations' to make new migrations, then 'backsmith migrate' to apply them.",
        );
    }
}
