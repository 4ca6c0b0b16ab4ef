//! The project: its apps, and the module that holds settings and routes.

pub mod core;

use restkit::Project;

/// The parts of this project: restkit's commands, server and tests all start from it.
pub fn project() -> Project {
    Project {
        name: env!("CARGO_PKG_NAME"),
        settings: core::settings::settings,
        installed_apps: core::settings::installed_apps,
        routes: core::urls::routes,
        migrations: restkit::embed_migrations!(),
    }
}
