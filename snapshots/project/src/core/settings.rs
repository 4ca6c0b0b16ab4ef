//! The installed apps and the settings. Secrets and what differs from machine to machine belong in
//! the environment and in `.env`, not here.

use restkit::{App, Result, Settings};

/// The apps whose models, migrations and admin pages belong to this site.
pub fn installed_apps() -> Vec<App> {
    vec![restkit::auth::app()]
}

/// The settings, from the environment; change a field here to fix it for all machines.
pub fn settings() -> Result<Settings> {
    Settings::from_env()
}
