//! The commands of the project's own apps.

use std::ffi::OsString;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::future::BoxFuture;

use crate::manage::accounts_database;
use crate::{App, Project, Site};

/// A command of an app's own: `backsmith NAME ...`.
#[derive(Clone)]
pub(crate) struct Command {
    pub name: &'static str,
    pub about: &'static str,
    run: Arc<Run>,
}

type Run = dyn Fn(Site, Vec<String>) -> BoxFuture<'static, crate::Result<()>> + Send + Sync;

/// Those of one app.
#[derive(Clone)]
struct Commands(Vec<Command>);

impl App {
    /// Adds a command to the project's program: Django's management commands. It is given the site,
    /// with its database, and the words after its name.
    ///
    /// ```
    /// use restkit::{App, Result, Site};
    ///
    /// async fn greet(site: Site, names: Vec<String>) -> Result<()> {
    ///     println!("{} greets {}", site.name(), names.join(" and "));
    ///     Ok(())
    /// }
    ///
    /// let app = App::new("api").command("greet", "Greet somebody", greet);
    /// ```
    pub fn command<F, P>(self, name: &'static str, about: &'static str, run: F) -> Self
    where
        F: Fn(Site, Vec<String>) -> P + Send + Sync + 'static,
        P: Future<Output = crate::Result<()>> + Send + 'static,
    {
        let run = Arc::new(
            move |site, words| -> BoxFuture<'static, crate::Result<()>> {
                Box::pin(run(site, words))
            },
        );
        let mut commands = self.commands().to_vec();
        commands.push(Command { name, about, run });
        self.with(Commands(commands))
    }

    fn commands(&self) -> &[Command] {
        self.part().map_or(&[], |Commands(commands)| commands)
    }
}

impl Command {
    async fn run(&self, site: Site, words: Vec<String>) -> crate::Result<()> {
        (self.run)(site, words).await
    }
}

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
