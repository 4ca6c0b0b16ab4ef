//! restkit: what a REST backend needs around its own code, in Django REST framework's vocabulary.
//!
//! It is part of your project: read it, and change it where your project needs it otherwise.
//!
//! - [`rest`]: viewsets, routers, serializers, pagination, the browsable API
//! - [`auth`]: users, passwords, sessions
//! - [`admin`]: the admin site
//! - [`manage`]: the commands of the project's program
//! - [`pages`]: the HTML pages and their stylesheet
//! - [`db`]: the connection and the migrations
//! - [`testing`]: a client for the project's own tests

pub mod admin;
pub mod app;
pub mod auth;
pub mod context;
pub mod db;
mod diagnosis;
pub mod error;
pub mod manage;
pub mod pages;
pub mod prelude;
mod program;
pub mod project;
mod queue;
pub mod rest;
pub mod routes;
pub mod rules;
pub mod server;
pub mod settings;
pub mod site;
pub mod testing;
pub mod trace;
mod value;

pub use axum;
pub use axum::http;
pub use chrono;

pub use crate::admin::{AdminSite, ModelAdmin};
pub use crate::app::App;
pub use crate::context::Context;
pub use crate::error::{Error, FieldErrors, Result};
pub use crate::project::Project;
pub use crate::rest::{
    Authentication, DefaultRouter, Filters, Lookup, ModelViewSet, Pagination, Parser, Permission,
    Throttle, ThrottleStore,
};
pub use crate::routes::Routes;
pub use crate::settings::Settings;
pub use crate::site::Site;

#[doc(hidden)]
pub use include_dir;

/// The project's `migrations/` folder, as part of the program.
#[macro_export]
macro_rules! embed_migrations {
    () => {{
        use $crate::include_dir;
        static MIGRATIONS: $crate::include_dir::Dir<'_> =
            $crate::include_dir::include_dir!("$CARGO_MANIFEST_DIR/migrations");
        &MIGRATIONS
    }};
}
