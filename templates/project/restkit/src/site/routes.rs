//! The routes of a site, as a list that can be nested, shown and served.

use std::any::Any;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::Location;
use std::path::Path;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::Site;
use crate::parts::Parts;

/// Routes from paths to views. A path ends in a slash or not: both are the same resource.
///
/// ```
/// use restkit::Routes;
///
/// let routes = Routes::new().get("/hello/", || async { "Hello" });
/// assert_eq!(routes.list()[0].path, "/hello/");
/// ```
#[derive(Clone, Default)]
pub struct Routes {
    routes: Vec<Route>,
}

/// One path.
///
/// ```
/// use restkit::Routes;
///
/// let routes = Routes::new().get("/hello/", || async { "Hello" });
/// let route = &routes.list()[0];
/// assert_eq!((route.path.as_str(), route.methods.as_str()), ("/hello/", "GET"));
/// ```
#[derive(Clone)]
pub struct Route {
    /// For example `/api/tasks/{id}/`.
    pub path: String,
    /// The methods it answers, for people.
    pub methods: String,
    /// The view's name, for people.
    pub view: String,
    /// Notes of the rooms above.
    notes: Parts,
    /// The line of the project that adds it.
    place: &'static Location<'static>,
    /// Whether it answers just one method, so that another route may answer others at its path.
    is_of_one_method: bool,
    handler: MethodRouter<Site, Infallible>,
}

impl Route {
    /// Returns the note of the type `T`.
    pub(crate) fn note<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.notes.get()
    }

    /// The file and the line of the project that add it.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.place.file(), self.place.line())
    }

    /// The view, and where the project names it.
    fn described(&self) -> String {
        format!("{} ({})", self.view, self.place())
    }
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET at `path` by an axum handler.
    #[track_caller]
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.on(MethodFilter::GET, "GET", path, handler, Location::caller())
    }

    /// Answers POST at `path` by an axum handler.
    #[track_caller]
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.on(
            MethodFilter::POST,
            "POST",
            path,
            handler,
            Location::caller(),
        )
    }

    fn on<H, T>(
        mut self,
        filter: MethodFilter,
        method: &str,
        path: &str,
        handler: H,
        place: &'static Location<'static>,
    ) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        let view = std::any::type_name::<H>();
        let handler = on(filter, handler);
        let mut routes = self.routes.iter_mut();
        let same = routes.find(|route| {
            route.path == path && route.is_of_one_method && !route.methods.contains(method)
        });
        match same {
            Some(route) => {
                route.methods = format!("{}, {method}", route.methods);
                route.handler = std::mem::take(&mut route.handler).merge(handler);
                self
            }
            None => {
                let mut routes = self.at(path, (method, view), handler, place);
                if let Some(route) = routes.routes.last_mut() {
                    route.is_of_one_method = true;
                }
                routes
            }
        }
    }

    /// Answers at `path` by any method router; `methods` and `view` are what `routes` shows.
    #[track_caller]
    pub fn route(
        self,
        path: &str,
        methods: &str,
        view: &str,
        handler: MethodRouter<Site, Infallible>,
    ) -> Self {
        self.at(path, (methods, view), handler, Location::caller())
    }

    /// The same for a route that the project names at `place`.
    pub(crate) fn at(
        mut self,
        path: &str,
        (methods, view): (&str, &str),
        handler: MethodRouter<Site, Infallible>,
        place: &'static Location<'static>,
    ) -> Self {
        self.routes.push(Route {
            path: path.to_owned(),
            methods: methods.to_owned(),
            view: view.to_owned(),
            notes: Parts::default(),
            place,
            is_of_one_method: false,
            handler,
        });
        self
    }

    /// Adds a note to the routes at `path`.
    pub(crate) fn note<T: Any + Clone + Send + Sync>(mut self, path: &str, note: T) -> Self {
        for route in self.routes.iter_mut().filter(|route| route.path == path) {
            route.notes = std::mem::take(&mut route.notes).with(note.clone());
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

    /// Returns whether a file in `folder` names one of them.
    pub(crate) fn are_named_in(&self, folder: &Path) -> bool {
        let mut places = self
            .routes
            .iter()
            .map(|route| Path::new(route.place.file()));
        places.any(|place| place.starts_with(folder))
    }

    /// Says what keeps the routes from being served: a path that cannot be one, two routes at one
    /// path. Each says where the project names it.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut seen = BTreeMap::<String, &Route>::new();
        let mut told = Vec::new();
        for route in &self.routes {
            if !route.path.starts_with('/') {
                let (path, place) = (&route.path, route.described());
                problems.push(format!(
                    "the path `{path}` of {place} does not begin with a slash"
                ));
                continue;
            }
            // A part of a path is the same part, whatever its name.
            let parts = route.path.trim_end_matches('/').split('/');
            let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            let Some(other) = seen.insert(path, route) else {
                continue;
            };
            // Those below two viewsets of one name are a consequence.
            let places = (other.place, route.place);
            if !told.contains(&places) {
                told.push(places);
                problems.push(format!(
                    "two routes are called {}: {} and {}",
                    route.path,
                    other.described(),
                    route.described()
                ));
            }
        }
        problems
    }

    /// As axum's router: each path with and without its trailing slash, but for one that takes all that is below.
    pub(crate) fn into_router(self) -> Router<Site> {
        let mut router = Router::new();
        for route in self.routes {
            if route.path.ends_with("{*path}") {
                router = router.route(&route.path, route.handler);
                continue;
            }
            let bare = route.path.trim_end_matches('/');
            if !bare.is_empty() {
                router = router.route(bare, route.handler.clone());
            }
            router = router.route(&format!("{bare}/"), route.handler);
        }
        router
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn page() {}

    #[test]
    fn two_routes_at_one_path_are_named_with_their_places() {
        let routes = Routes::new()
            .get("/tasks/{id}/", page)
            .nest("/tasks", Routes::new().get("/{key}", page));
        let problems = routes.problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        let words = "two routes are called /tasks/{key}: ";
        assert!(problems[0].starts_with(words), "{problems:?}");
        assert_eq!(problems[0].matches("routes.rs:").count(), 2, "{problems:?}");
    }

    #[test]
    fn methods_of_one_path_and_paths_beside_each_other_are_no_problem() {
        let routes = Routes::new()
            .get("/tasks/", page)
            .post("/tasks/", page)
            .get("/tasks/newest/", page)
            .get("/tasks/{id}/", page);
        assert_eq!(routes.problems(), Vec::<String>::new());
        assert_eq!(routes.list().len(), 3);
        drop(routes.into_router());
    }

    #[test]
    fn a_path_begins_with_a_slash() {
        let problems = Routes::new().get("tasks/", page).problems();
        assert!(
            problems[0].contains("does not begin with a slash"),
            "{problems:?}"
        );
    }
}
