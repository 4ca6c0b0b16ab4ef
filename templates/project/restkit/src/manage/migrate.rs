//! `migrate` and `showmigrations`, from the files that the program carries.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use sqlx::migrate::Migration;

use crate::db::migrations::{Manner, Migrations, Migrator, name_of, not_applied, pending};
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
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {}

/// Brings the database up to date.
pub(super) async fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    let url = match settings.migrations_database_url.as_str() {
        "" => &settings.database_url,
        url => url,
    };
    let database = Database::from_url(url)?;
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let labels = labels(project);
    if database.way().await? != Way::Direct {
        return Err(Failure::new(pooler::KEEPS_LOCKS)
            .hint("set MIGRATIONS_DATABASE_URL to the server itself")
            .into());
    }
    let mut migrator = Migrator::connect(&database).await?;
    migrator.lock(|words| say(words)).await?;
    let pending = migrator.pending(&all).await?;
    if args.plan || args.check {
        pending
            .iter()
            .for_each(|migration| data(shown(migration, &labels).0));
        if args.check && !pending.is_empty() {
            return Err(Failure::new(not_applied(pending.len()))
                .hint(program::command("migrate"))
                .into());
        }
        return Ok(());
    }
    let apps: BTreeSet<_> = all
        .iter()
        .map(|migration| shown(migration, &labels).1)
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
        let name = shown(migration, &labels).0;
        let other = if is_ours { "" } else { " (by another program)" };
        say(format!("  Applying {name}... OK{other}"));
    };
    let manner = Manner {
        patience: settings.database_lock_timeout,
        tell: |words| say(words),
    };
    migrator.migrate(&all, report, manner).await
}

/// Lists all migrations, those that are applied with a cross.
pub(super) async fn show(project: &Project, settings: &Settings, _: &ShowArgs) -> Result<()> {
    let database = Database::from_url(&settings.database_url)?;
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let pending = pending(&database, &all).await?;
    let labels = labels(project);
    let mut apps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for migration in all.iter() {
        let (name, app) = shown(migration, &labels);
        let cross = if pending.contains(&migration.version) {
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
    (project.installed_apps)()
        .iter()
        .map(|app| app.label())
        .collect()
}

/// `api.0002_initial` and `api` for the migration `0002_api_initial` of an installed app `api`.
fn shown(migration: &Migration, labels: &[&str]) -> (String, String) {
    let name = name_of(migration);
    let (number, rest) = name.split_once('_').unwrap_or((&name, ""));
    let app = labels
        .iter()
        .filter(|label| {
            rest.strip_prefix(**label)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
        .max_by_key(|label| label.len());
    match app {
        Some(app) => {
            let rest = rest[app.len()..].trim_start_matches('_');
            (format!("{app}.{number}_{rest}"), (*app).to_owned())
        }
        None => (name.clone(), "(no app)".to_owned()),
    }
}
