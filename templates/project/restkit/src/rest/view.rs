//! Views, as their pages and the answers to OPTIONS show them.

use std::sync::Arc;

use axum::http::Method;
use serde::Serialize;

use crate::query::Parameter;
use crate::serializer::form::Form;

/// The kind of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// The viewsets of a router.
    #[default]
    Root,
    /// The rows of a viewset.
    List,
    /// One of them.
    Record,
    /// An extra action, by its name.
    Action(&'static str),
}

/// The view that answers, as its page shows it.
#[derive(Clone, Default)]
pub(super) struct View {
    pub name: String,
    pub description: &'static str,
    /// The methods that it answers besides HEAD and OPTIONS.
    pub methods: Vec<Method>,
    /// The form on its page.
    pub form: Option<(Method, Arc<Form>)>,
    /// The type that answers.
    pub viewset: &'static str,
    /// Its permission, in words.
    pub permission: String,
    pub kind: Kind,
    /// The extra actions below it.
    pub actions: Vec<Below>,
    /// The filters and the order of its list.
    pub filters: Vec<Parameter>,
    /// The parameters that choose a page of its list.
    pub pages: Vec<Parameter>,
}

/// An extra action that a page leads to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Below {
    pub method: String,
    pub name: &'static str,
}

impl View {
    /// The name of what answers a method.
    pub fn action(&self, method: &Method) -> &'static str {
        match (self.kind, method.as_str()) {
            (_, "OPTIONS") | (Kind::Root, _) => "",
            (Kind::Action(name), _) => name,
            (Kind::List, "GET" | "HEAD") => "list",
            (Kind::List, "POST") => "create",
            (Kind::Record, "GET" | "HEAD") => "retrieve",
            (Kind::Record, "PUT") => "update",
            (Kind::Record, "PATCH") => "partial_update",
            (Kind::Record, "DELETE") => "destroy",
            _ => "",
        }
    }

    /// Returns whether this method answers with rows.
    pub fn is_list(&self, method: &Method) -> bool {
        self.kind == Kind::List && matches!(*method, Method::GET | Method::HEAD)
    }

    pub fn allow(&self) -> String {
        let own = self.methods.iter().map(Method::as_str);
        let own: Vec<_> = own.chain(self.reads().then_some("HEAD")).collect();
        format!("{}, OPTIONS", own.join(", "))
    }

    fn reads(&self) -> bool {
        self.methods.contains(&Method::GET)
    }
}
