//! This app's modules, and what it adds to the site. Delete the folder and the three lines that name
//! it (in `lib.rs`, `settings.rs` and `urls.rs`), and the app is gone.

pub mod admin;
pub mod models;
pub mod serializers;
#[cfg(test)]
mod tests;
pub mod urls;
pub mod views;

use restkit::App;

/// The app, as `installed_apps()` names it.
pub fn app() -> App {
    App::new("blog").admin(admin::register)
}
