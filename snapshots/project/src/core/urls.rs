//! The routes of the whole site: which app answers below which prefix. Paths within an app belong
//! in the app's own `urls.rs`.

use restkit::Routes;

/// Every route, with and without its trailing slash.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", restkit::pages::welcome)
        .nest("/admin", restkit::admin::routes())
        .nest("/api", restkit::openapi::routes()) // schema/ and docs/
}
