//! `migrate` and `showmigrations`, from the files that the program carries.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value, json};

use crate::db::migrations::{
    Manner, Migration, Migrations, Migrator, not_applied, refuse_unknown, standing,
};
use crate::db::pooler::Way;
use crate::db::{Database, pooler};
use crate::manage::Failure;
use crate::manage::terminal::{data, say};
use crate::{Project, Settings, program};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// List what would be applied and apply nothing
    #[arg(long)]
    plan: bool,
    /// Exit with 1 if something is not applied, and apply nothing
    #[arg(long)]
    check: bool,
    /// With --plan or --check: print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {}

/// Brings the database up to date.
pub(super) async fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    if args.json && !(args.plan || args.check) {
        return Err(Failure::new("--json tells what would be done")
            .hint(program::command("migrate --plan --json"))
            .into());
    }
    let database = Database::from_url(url(settings))?;
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let labels = labels(project);
    if database.way().await? != Way::Direct {
        return Err(Failure::new(pooler::KEEPS_LOCKS)
            .hint("set MIGRATIONS_DATABASE_URL to the server itself")
            .into());
    }
    let mut migrator = Migrator::connect(&database).await?;
    migrator.lock(|words| say(words)).await?;
    let reconciled = migrator.reconcile(&all).await?;
    refuse_unknown(&reconciled)?;
    let pending = reconciled.pending;
    if args.plan || args.check {
        if args.json {
            data(format!("{:#}", as_json(&pending, &labels)));
        } else {
            pending
                .iter()
                .for_each(|migration| data(migration.shown(&labels)));
        }
        if args.check && !pending.is_empty() {
            return Err(Failure::new(not_applied(pending.len()))
                .hint(program::command("migrate"))
                .into());
        }
        return Ok(());
    }
    let apps: BTreeSet<_> = all
        .iter()
        .map(|migration| app_of(migration, &labels))
        .collect();
    say("Operations to perform:");
    say(format!(
        "  Apply all migrations: {}",
        apps.into_iter().collect::<Vec<_>>().join(", ")
    ));
    say("Running migrations:");
    if pending.is_empty() {
        say("  No migrations to apply.");
    }
    let report = |migration: &Migration, is_ours| {
        let name = migration.shown(&labels);
        let other = if is_ours { "" } else { " (by another program)" };
        say(format!("  Applying {name}... OK{other}"));
    };
    let manner = Manner {
        patience: settings.database_lock_timeout,
        tell: |words| say(words),
    };
    migrator.migrate(&all, report, manner).await
}

/// What would be applied, for programs: file names and apps.
fn as_json(pending: &[&Migration], labels: &[&str]) -> Value {
    let steps = pending.iter().map(|migration| {
        let app = migration.app_and_title(labels).map(|(app, _)| app);
        json!({ "migration": migration.name, "app": app, "action": "apply" })
    });
    json!({ "steps": steps.collect::<Vec<_>>() })
}

/// The database as whoever owns the tables reaches it.
pub(super) fn url(settings: &Settings) -> &str {
    match settings.migrations_database_url.as_str() {
        "" => &settings.database_url,
        url => url,
    }
}

/// Lists all migrations, those that are applied with a cross.
pub(super) async fn show(project: &Project, settings: &Settings, _: &ShowArgs) -> Result<()> {
    let database = Database::from_url(&settings.database_url)?;
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let pending = standing(&database, &all).await?.pending;
    let labels = labels(project);
    let mut apps: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for migration in all.iter() {
        let (name, app) = (migration.shown(&labels), app_of(migration, &labels));
        let cross = if pending.contains(&migration) {
            ' '
        } else {
            'X'
        };
        let name = name.split_once('.').map_or(name.as_str(), |(_, name)| name);
        apps.entry(app)
            .or_default()
            .push(format!(" [{cross}] {name}"));
    }
    for (app, lines) in apps {
        data(app);
        lines.iter().for_each(data);
    }
    Ok(())
}

fn labels(project: &Project) -> Vec<&'static str> {
    let apps = (project.installed_apps)();
    apps.iter().map(|app| app.label()).collect()
}

fn app_of<'m>(migration: &'m Migration, labels: &[&str]) -> &'m str {
    let app = migration.app_and_title(labels);
    app.map_or("(no app)", |(app, _)| app)
}
