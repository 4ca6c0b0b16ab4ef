//! An installed app.

use std::pin::Pin;
use std::sync::Arc;

use crate::{AdminSite, Result, Site};

/// One app of the project: its label, what it registers with the admin site, and its commands.
#[derive(Clone)]
pub struct App {
    label: &'static str,
    admin: Option<fn(&mut AdminSite)>,
    commands: Vec<Command>,
}

/// A command of an app's own: `backsmith NAME ...`.
#[derive(Clone)]
pub(crate) struct Command {
    pub name: &'static str,
    pub about: &'static str,
    run: Arc<Run>,
}

type Run = dyn Fn(Site, Vec<String>) -> Pending + Send + Sync;
type Pending = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

impl App {
    /// An app with this label: the name of its folder, its migrations and its tables' prefix.
    pub fn new(label: &'static str) -> Self {
        Self {
            label,
            admin: None,
            commands: Vec::new(),
        }
    }

    /// Registers the app's models with the admin site.
    pub fn admin(self, register: fn(&mut AdminSite)) -> Self {
        Self {
            admin: Some(register),
            ..self
        }
    }

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
    pub fn command<F, P>(mut self, name: &'static str, about: &'static str, run: F) -> Self
    where
        F: Fn(Site, Vec<String>) -> P + Send + Sync + 'static,
        P: Future<Output = Result<()>> + Send + 'static,
    {
        let run = Arc::new(move |site, words| -> Pending { Box::pin(run(site, words)) });
        self.commands.push(Command { name, about, run });
        self
    }

    /// The app's label.
    pub fn label(&self) -> &'static str {
        self.label
    }

    pub(crate) fn commands(&self) -> &[Command] {
        &self.commands
    }

    pub(crate) fn register(&self, site: &mut AdminSite) {
        if let Some(register) = self.admin {
            register(site);
        }
    }
}

impl Command {
    pub(crate) async fn run(&self, site: Site, words: Vec<String>) -> Result<()> {
        (self.run)(site, words).await
    }
}
