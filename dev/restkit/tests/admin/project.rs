//! The project under test: a library.

use include_dir::{Dir, include_dir};
use restkit::{AdminSite, App, Project, Routes, Settings};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/admin/migrations");

pub fn project() -> Project {
    Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn register(_site: &mut AdminSite) {}

fn routes() -> Routes {
    Routes::new()
        .get("/", restkit::pages::welcome)
        .nest("/admin", restkit::admin::routes())
}
