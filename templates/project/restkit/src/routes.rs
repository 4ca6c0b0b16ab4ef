//! The routes of a site, as a list that can be nested, shown and served.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::rest::openapi::Described;
use crate::{Permission, Settings, Site, Throttle};

/// Routes from paths to views. A path ends in a slash or not: both are the same resource.
#[derive(Clone, Default)]
pub struct Routes {
    routes: Vec<Route>,
}

/// One path.
#[derive(Clone)]
pub struct Route {
    /// For example `/api/tasks/{id}/`.
    pub path: String,
    /// The methods it answers, for people.
    pub methods: String,
    /// The view's name, for people.
    pub view: String,
    /// Who may use it and how often, if it is a viewset's.
    pub guard: Option<Guard>,
    /// What the schema says of it, if it is part of the API.
    pub(crate) describe: Option<Described>,
    handler: MethodRouter<Site, Infallible>,
}

/// Who may use a viewset, and how often.
#[derive(Clone)]
pub struct Guard {
    pub permission: Permission,
    pub throttle: fn(&Settings) -> Vec<Throttle>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET at `path` by an axum handler.
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.on(MethodFilter::GET, "GET", path, handler)
    }

    /// Answers POST at `path` by an axum handler.
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.on(MethodFilter::POST, "POST", path, handler)
    }

    fn on<H, T>(self, filter: MethodFilter, method: &str, path: &str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        let view = std::any::type_name::<H>();
        self.route(path, method, view, on(filter, handler))
    }

    /// Answers at `path` by any method router; `methods` and `view` are what `routes` shows.
    pub fn route(
        mut self,
        path: &str,
        methods: &str,
        view: &str,
        handler: MethodRouter<Site, Infallible>,
    ) -> Self {
        let same = self.routes.iter_mut().find(|route| route.path == path);
        match same {
            Some(route) => {
                route.methods = format!("{}, {methods}", route.methods);
                route.handler = std::mem::take(&mut route.handler).merge(handler);
            }
            None => self.routes.push(Route {
                path: path.to_owned(),
                methods: methods.to_owned(),
                view: view.to_owned(),
                guard: None,
                describe: None,
                handler,
            }),
        }
        self
    }

    /// Notes who may use what is at `path`; the view itself sees to it that nobody else does.
    pub(crate) fn guard(mut self, path: &str, guard: Guard) -> Self {
        let routes = self.routes.iter_mut();
        for route in routes.filter(|route| route.path == path) {
            route.guard = Some(guard.clone());
        }
        self
    }

    /// Says what the schema is told of the route at `path`.
    pub(crate) fn describe(mut self, path: &str, describe: Described) -> Self {
        if let Some(route) = self.routes.iter_mut().find(|route| route.path == path) {
            route.describe = Some(describe);
        }
        self
    }

    /// Adds other routes below `prefix`.
    pub fn nest(mut self, prefix: &str, routes: impl Into<Self>) -> Self {
        let prefix = prefix.trim_end_matches('/');
        for route in routes.into().routes {
            let path = format!("{prefix}{}", route.path);
            self.routes.push(Route { path, ..route });
        }
        self
    }

    /// All routes, in the order of their paths.
    pub fn list(&self) -> Vec<&Route> {
        let mut routes: Vec<_> = self.routes.iter().collect();
        routes.sort_by(|a, b| a.path.cmp(&b.path));
        routes
    }

    /// As axum's router: each path with and without its trailing slash.
    pub(crate) fn into_router(self) -> Router<Site> {
        let mut router = Router::new();
        for route in self.routes {
            let bare = route.path.trim_end_matches('/');
            if !bare.is_empty() {
                router = router.route(bare, route.handler.clone());
            }
            router = router.route(&format!("{bare}/"), route.handler);
        }
        router
    }
}
