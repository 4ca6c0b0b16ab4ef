//! restkit: what a REST backend needs around its own code, in Django REST framework's vocabulary.
//!
//! It is part of your project: read it, and change it where your project needs it otherwise.
//!
//! Each room imports only from those below it:
//!
//! - `start` puts the parts of a site together
//! - [`manage`]: the commands of the project's program; [`testing`]: a client for the project's own tests
//! - `admin`: the admin site, unless the feature of that name is left out; [`server`]: from a connection to a site
//! - [`rest`]: viewsets and routers, the browsable API
//! - [`query`]: filters and pages; [`throttling`]; [`openapi`]; [`pages`]: HTML and the one stylesheet
//! - [`site`]: a running site, a request to it, and who sends it
//! - [`auth`]: users, passwords, tokens, permissions
//! - [`serializer`]: from JSON to your type, or all mistakes at once
//! - `fixtures`: rows as JSON, out of the database and into it
//! - [`model`], [`http`], [`settings`], [`app`]: each knows nothing above it
//! - [`db`]: the connection and the migrations; [`error`]

// Without its admin site the kit keeps what only that uses, where it belongs.
#![warn(missing_docs)]
#![cfg_attr(not(feature = "admin"), allow(dead_code, unused_imports))]

#[cfg(feature = "admin")]
pub mod admin;
pub mod app;
pub mod auth;
mod causes;
pub mod db;
mod diagram;
mod drawing;
pub mod error;
mod fixtures;
pub mod http;
pub mod manage;
pub mod model;
pub mod openapi;
pub mod pages;
mod parts;
pub mod prelude;
mod program;
pub mod query;
mod queue;
pub mod rest;
pub mod rules;
mod secrets;
pub mod serializer;
pub mod server;
pub mod settings;
pub mod site;
mod start;
pub mod testing;
pub mod throttling;
pub mod trace;
mod unbroken;

pub use axum;
pub use chrono;

#[cfg(feature = "admin")]
pub use crate::admin::{AdminSite, ModelAdmin};
pub use crate::app::App;
pub use crate::error::{Error, FieldErrors, Result};
pub use crate::query::{Filters, Lookup, Pagination};
pub use crate::rest::{DefaultRouter, ModelViewSet, Permission};
#[cfg(feature = "static-files")]
pub use crate::server::Files;
pub use crate::settings::{Authentication, Parser, Settings, Throttle, ThrottleStore};
pub use crate::site::Site;
pub use crate::site::context::Context;
pub use crate::site::project::Project;
pub use crate::site::routes::Routes;

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

/// A folder of the project, as part of the program: `embed!("$CARGO_MANIFEST_DIR/frontend/dist")`, for
/// [`Files::embedded`].
#[cfg(feature = "static-files")]
#[macro_export]
macro_rules! embed {
    ($folder:tt) => {{
        use $crate::include_dir;
        static FOLDER: $crate::include_dir::Dir<'_> = $crate::include_dir::include_dir!($folder);
        &FOLDER
    }};
}
