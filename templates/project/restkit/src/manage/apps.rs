//! The commands of the project's own apps.

use std::ffi::OsString;

use anyhow::{Context, Result};

use crate::app::Command;
use crate::manage::accounts_database;
use crate::{Project, Site};

/// The command that `args` begin with, if an installed app has it.
pub(super) fn find(project: &Project, args: &[OsString]) -> Option<Command> {
    let name = args.first()?.to_string_lossy();
    let commands = all(project).into_iter();
    commands.rev().find(|command| command.name == name)
}

/// Lists them for `help`, if there are any.
pub(super) fn help(project: &Project) -> Option<String> {
    let commands = all(project);
    let width = commands.iter().map(|command| command.name.len()).max()?;
    let lines = commands.iter();
    let lines = lines.map(|command| format!("  {:width$}  {}", command.name, command.about));
    let lines = lines.collect::<Vec<_>>().join("\n");
    Some(format!("Commands of the apps:\n{lines}"))
}

/// Runs a command with a site of its own.
pub(super) async fn run(project: &Project, command: &Command, args: &[OsString]) -> Result<()> {
    let settings = (project.settings)().context("the settings are wrong")?;
    let db = accounts_database(&settings).await?;
    let site = Site::new(project, settings, db)?;
    let words = args.iter().skip(1);
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let done = command.run(site, words.collect()).await;
    done.with_context(|| format!("`{}` failed", command.name))
}

fn all(project: &Project) -> Vec<Command> {
    let apps = (project.installed_apps)();
    apps.iter()
        .flat_map(|app| app.commands().to_vec())
        .collect()
}
