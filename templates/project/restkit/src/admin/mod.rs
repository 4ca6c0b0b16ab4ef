//! The admin site: the registered models, their rows, and the forms to work with them.
//!
//! [`ModelAdmin`] is what a project says about a model (`options.rs`), `model.rs` what is known of
//! it. Only `store.rs` is compiled for each model; all pages work on rows without types.

pub(crate) mod accounts;
mod actions;
mod bounded_count;
mod canonical;
mod cascade;
mod check;
mod delete;
mod edit;
mod edit_conflicts;
mod field;
mod filters;
mod form;
mod form_data;
mod history;
mod index;
mod inline_line;
mod inlines;
mod kept;
mod keyset;
pub(crate) mod links;
mod list;
mod listing;
mod login;
mod model;
mod model_page;
mod options;
mod password;
mod registration;
mod save;
mod search;
mod search_terms;
mod selection;
mod sheet;
mod site;
mod staff;
mod staff_form;
mod store;

use crate::Routes;

pub use model::RegisteredModel;
pub use options::ModelAdmin;
pub use site::AdminSite;
pub use store::Saving;

/// The routes of the admin site, to be nested at `/admin`.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", index::index)
        .get("/login/", login::form)
        .post("/login/", login::log_in)
        .post("/logout/", login::log_out)
        .get("/password_change/", password::form)
        .post("/password_change/", password::change)
        .get("/auth/user/{key}/password/", password::others_form)
        .post("/auth/user/{key}/password/", password::change_others)
        .get("/{app}/", index::app)
        .get("/{app}/{model}/", list::rows)
        .post("/{app}/{model}/", actions::act)
        .get("/{app}/{model}/search/", search::search)
        .get("/{app}/{model}/add/", edit::add_form)
        .post("/{app}/{model}/add/", edit::add)
        .get("/{app}/{model}/{key}/change/", edit::change_form)
        .post("/{app}/{model}/{key}/change/", edit::change)
        .get("/{app}/{model}/{key}/delete/", delete::form)
        .post("/{app}/{model}/{key}/delete/", delete::delete)
        .get("/{app}/{model}/{key}/history/", history::page)
}

/// Returns the path of the admin site in `routes`, with the slash at its end.
pub(crate) fn url(routes: &Routes) -> String {
    let index = std::any::type_name_of_val(&index::index);
    let found = routes.list().into_iter().find(|route| route.view == index);
    found.map_or_else(|| "/admin/".to_owned(), |route| route.path.clone())
}
