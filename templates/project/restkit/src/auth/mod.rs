//! Users and groups, their permissions, passwords, sessions and tokens.
//!
//! A request's user is [`Context::user`](crate::Context::user), its permissions are
//! [`Context::has_perm`](crate::Context::has_perm).
//! [`session::authenticate`](crate::site::session::authenticate) checks a name and a password,
//! [`token::user_of`] a token.

pub(crate) mod attempts;
pub mod models;
pub mod password;
pub mod permissions;
pub mod token;
pub mod validators;
pub(crate) mod visitor;

use crate::App;

pub use attempts::clear as clear_attempts;
pub use permissions::{Permissions, has_perm, permissions_of};
pub use visitor::{Visitor, visitor};

/// The label of the app of accounts.
pub(crate) const LABEL: &str = "auth";

/// The app to name in `installed_apps()`.
pub fn app() -> App {
    App::new(LABEL)
}
