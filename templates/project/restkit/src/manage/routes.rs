//! `routes`

use crate::Project;
use crate::manage::terminal::data;

/// Lists method, path, view and permission in columns.
pub(super) fn run(project: &Project) {
    let routes = (project.routes)();
    let routes = routes.list();
    let width = |text: fn(&crate::site::routes::Route) -> &str| {
        routes
            .iter()
            .map(|route| text(route).len())
            .max()
            .unwrap_or(0)
    };
    let (methods, paths) = (width(|route| &route.methods), width(|route| &route.path));
    let views = width(|route| &route.view);
    for route in &routes {
        let guard = route.guard();
        let permission = guard.map(|guard| guard.permission.to_string());
        let permission = permission.unwrap_or_default();
        let line = format!(
            "{:methods$}  {:paths$}  {:views$}  {permission}",
            route.methods, route.path, route.view
        );
        data(line.trim_end());
    }
}
