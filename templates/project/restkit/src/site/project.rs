//! The parts of a project.

use include_dir::Dir;

use crate::{App, Result, Routes, Settings};

/// The parts of a project: restkit's commands, server and tests all start from it.
///
/// ```
/// use restkit::include_dir::Dir;
/// use restkit::{App, Project, Routes, Settings};
///
/// fn project(migrations: &'static Dir<'static>) -> Project {
///     Project {
///         name: "core",
///         settings: Settings::from_env,
///         installed_apps: || vec![App::new("api")],
///         routes: Routes::new,
///         // In a project: restkit::embed_migrations!()
///         migrations,
///     }
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Project {
    /// The Cargo package's name.
    pub name: &'static str,
    /// Reads the settings.
    pub settings: fn() -> Result<Settings>,
    /// The apps whose models and admin pages belong to the site.
    pub installed_apps: fn() -> Vec<App>,
    /// The routes of the whole site.
    pub routes: fn() -> Routes,
    /// The SQL files, by [`embed_migrations!`](crate::embed_migrations).
    pub migrations: &'static Dir<'static>,
}
