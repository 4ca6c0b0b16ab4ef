//! What a viewset says of itself, in names: for the picture of a request's way.

use axum::http::Method;

use crate::rest::resource::{Profile, Resource};
use crate::rest::view::View;
use crate::site::routes::Route;

/// A viewset at one path.
#[derive(Clone)]
pub(crate) struct Outline {
    pub profile: Profile,
    pub table: &'static str,
    /// Whether the path names a row.
    pub has_row: bool,
    view: View,
}

impl Outline {
    pub(super) fn of(resource: &Resource, view: &View, path: &str) -> Self {
        Self {
            profile: resource.profile,
            table: resource.declared.form.columns.table,
            has_row: path.contains("{id}"),
            view: view.clone(),
        }
    }

    /// The name of what answers a method, if it is answered.
    pub fn action(&self, method: &Method) -> Option<&'static str> {
        let is_answered = self.view.methods.contains(method);
        is_answered.then(|| self.view.action(method))
    }

    /// The methods that are answered, as the header `Allow` has them.
    pub fn allow(&self) -> String {
        self.view.allow()
    }
}

impl Route {
    /// Returns what the viewset at this path says of itself, if it is one.
    pub(crate) fn outline(&self) -> Option<&Outline> {
        self.note()
    }
}
