//! The admin site: log in, see the registered models, list their rows.

mod list;
mod login;
mod site;

use crate::{Context, Error, Result, Routes};

pub use site::AdminSite;

/// The routes of the admin site, to be nested at `/admin`.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", list::index)
        .get("/login/", login::form)
        .post("/login/", login::log_in)
        .post("/logout/", login::log_out)
        .get("/{app}/{model}/", list::rows)
}

/// Lets staff through.
///
/// # Errors
///
/// To be answered by a redirect to the login form, or by 403 for users who are no staff.
fn staff_only(ctx: &Context) -> Result<Option<axum::response::Redirect>> {
    match ctx.user() {
        Some(user) if user.is_staff => Ok(None),
        Some(_) => Err(Error::permission_denied()),
        None => {
            let here: String = form_urlencoded::byte_serialize(ctx.uri.path().as_bytes()).collect();
            Ok(Some(axum::response::Redirect::to(&format!(
                "/admin/login/?next={here}"
            ))))
        }
    }
}
