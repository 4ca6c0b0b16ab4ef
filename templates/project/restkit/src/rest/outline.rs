//! What a viewset says of itself, in names: for the picture of a request's way.

use axum::http::Method;

use crate::Settings;
use crate::rest::resource::Resource;
use crate::rest::view::View;
use crate::settings::{Authentication, Parser};
use crate::site::routes::Route;

/// A viewset at one path.
#[derive(Clone)]
pub(crate) struct Outline {
    /// The types with their modules, as Rust names them.
    pub viewset: &'static str,
    pub request: &'static str,
    pub response: &'static str,
    pub table: &'static str,
    /// Whether the path names a row.
    pub has_row: bool,
    pub authentication: fn(&Settings) -> Vec<Authentication>,
    pub parsers: fn(&Settings) -> Vec<Parser>,
    view: View,
}

impl Outline {
    pub(super) fn of(resource: &Resource, view: &View, path: &str) -> Self {
        let profile = &resource.profile;
        Self {
            viewset: profile.viewset,
            request: profile.request,
            response: profile.response,
            table: resource.declared.form.columns.table,
            has_row: path.contains("{id}"),
            authentication: profile.authentication,
            parsers: profile.parsers,
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
