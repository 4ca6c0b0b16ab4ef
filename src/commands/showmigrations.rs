//! `backsmith showmigrations`

use std::collections::BTreeMap;
use std::env::current_dir;

use anyhow::{Context, Result};

use crate::commands::migrate;
use crate::migrations::{History, runtime};
use crate::project::Project;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Another database than the one in DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Lists all migrations by app, those that are applied with a cross.
pub fn run(args: Args) -> Result<()> {
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let database = migrate::database(&project, args.database_url.as_deref())?;
    let history = History::read(&project.migrations(), database.dialect())?;
    let applied = match database.is_missing() {
        true => Vec::new(),
        false => {
            runtime()?.block_on(async { database.connect().await?.applied(&history).await })?
        }
    };
    let labels: Vec<String> = project.apps.iter().map(|app| app.label.clone()).collect();
    let mut apps: BTreeMap<&str, Vec<String>> = labels
        .iter()
        .map(|label| (label.as_str(), Vec::new()))
        .collect();
    for migration in &history.migrations {
        let cross = if applied.contains(&migration.number) {
            'X'
        } else {
            ' '
        };
        let (app, title) = migration
            .app_and_title(&labels)
            .unwrap_or(("(no app)", &migration.name));
        apps.entry(app)
            .or_default()
            .push(format!(" [{cross}] {:04}_{title}", migration.number));
    }
    for (app, lines) in apps {
        ui::data(app);
        match lines.is_empty() {
            true => ui::data(" (no migrations)"),
            false => lines.iter().for_each(ui::data),
        }
    }
    Ok(())
}
