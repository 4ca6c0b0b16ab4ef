//! The admin site: log in, see the registered models, list their rows.

mod list;
mod login;
mod password;
mod site;
mod staff;

use crate::Routes;

pub use site::AdminSite;

/// The routes of the admin site, to be nested at `/admin`.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", list::index)
        .get("/login/", login::form)
        .post("/login/", login::log_in)
        .post("/logout/", login::log_out)
        .get("/password_change/", password::form)
        .post("/password_change/", password::change)
        .get("/{app}/{model}/", list::rows)
}

/// Where `routes` have the admin site, with the slash at its end.
pub(crate) fn url(routes: &Routes) -> String {
    let index = std::any::type_name_of_val(&list::index);
    let found = routes.list().into_iter().find(|route| route.view == index);
    found.map_or_else(|| "/admin/".to_owned(), |route| route.path.clone())
}
