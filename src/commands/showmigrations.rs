//! `backsmith showmigrations`

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;

use crate::migrations::{History, LayoutArgs, Migration, runtime};
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// List them in the order in which they are applied
    #[arg(long, short)]
    plan: bool,
    /// Print them as JSON
    #[arg(long, conflicts_with = "plan")]
    json: bool,
    /// Another database than the one in DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    #[command(flatten)]
    layout: LayoutArgs,
}

/// Lists all migrations by app, those that are applied with a cross.
pub fn run(args: Args) -> Result<()> {
    let layout = args.layout.find()?;
    let database = layout.database(args.database_url.as_deref())?;
    let history = History::read(&layout.migrations(), database.dialect())?;
    let records = runtime()?.block_on(database.records())?;
    let reconciled = history.reconcile(records)?;
    let labels: Vec<String> = layout.labels();
    let listed: Vec<Listed> = reconciled
        .history
        .iter()
        .map(|migration| Listed::new(migration, &labels, reconciled.has(migration)))
        .collect();
    match (args.json, args.plan) {
        (true, _) => as_json(&listed),
        (_, true) => in_order(&listed),
        _ => by_app(&listed, &labels),
    }
    Ok(())
}

/// A migration as it is listed.
struct Listed<'m> {
    number: i64,
    app: Option<&'m str>,
    title: &'m str,
    applied: bool,
}

impl<'m> Listed<'m> {
    fn new(migration: &'m Migration, labels: &[String], applied: bool) -> Self {
        let (app, title) = match migration.app_and_title(labels) {
            Some((app, title)) => (Some(app), title),
            None => (None, migration.name.as_str()),
        };
        Self {
            number: migration.number,
            app,
            title,
            applied,
        }
    }

    fn cross(&self) -> char {
        if self.applied { 'X' } else { ' ' }
    }

    /// `0002_initial`; what belongs to no app has its number already.
    fn name(&self) -> String {
        match self.app {
            Some(_) => format!("{:04}_{}", self.number, self.title),
            None => self.title.to_owned(),
        }
    }
}

fn by_app(listed: &[Listed<'_>], labels: &[String]) {
    let named = labels.iter().filter(|label| !label.is_empty());
    let mut apps: BTreeMap<&str, Vec<String>> =
        named.map(|label| (label.as_str(), Vec::new())).collect();
    for migration in listed {
        let line = format!(" [{}] {}", migration.cross(), migration.name());
        apps.entry(migration.app.unwrap_or("(no app)"))
            .or_default()
            .push(line);
    }
    for (app, lines) in apps {
        ui::data(app);
        if lines.is_empty() {
            ui::data(" (no migrations)")
        } else {
            lines.iter().for_each(ui::data)
        }
    }
}

fn in_order(listed: &[Listed<'_>]) {
    for migration in listed {
        let app = migration
            .app
            .map(|app| format!("{app}."))
            .unwrap_or_default();
        ui::data(format!(
            "[{}]  {app}{}",
            migration.cross(),
            migration.name()
        ));
    }
}

/// For programs: an object with `migrations`, each with its `app`, `name` and `applied`.
fn as_json(listed: &[Listed<'_>]) {
    let migration = |migration: &Listed<'_>| {
        json!({
            "app": migration.app,
            "name": migration.name(),
            "applied": migration.applied,
        })
    };
    let migrations: Vec<_> = listed.iter().map(migration).collect();
    ui::data(json!({ "migrations": migrations }).to_string());
}
