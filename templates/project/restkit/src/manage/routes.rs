//! `routes`

use crate::Project;
use crate::manage::terminal::data;

/// Lists method, path and view in columns.
pub(super) fn run(project: &Project) {
    let routes = (project.routes)();
    let routes = routes.list();
    let width = |text: fn(&crate::routes::Route) -> &str| {
        routes
            .iter()
            .map(|route| text(route).len())
            .max()
            .unwrap_or(0)
    };
    let (methods, paths) = (width(|route| &route.methods), width(|route| &route.path));
    for route in &routes {
        data(format!(
            "{:methods$}  {:paths$}  {}",
            route.methods, route.path, route.view
        ));
    }
}
