//! `routes`

use serde_json::{Value, json};

use crate::Project;
use crate::manage::terminal::data;
use crate::site::routes::Route;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

/// Lists method, path, view and permission in columns, or as JSON.
pub(super) fn run(project: &Project, args: &Args) {
    let routes = (project.routes)();
    let routes = routes.list();
    if args.json {
        data(format!("{:#}", as_json(&routes)));
        return;
    }
    let width = |text: fn(&Route) -> &str| {
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

/// One object a route; a route that no permission guards has `null`.
fn as_json(routes: &[&Route]) -> Value {
    let routes = routes.iter().map(|route| {
        let permission = route.guard().map(|guard| guard.permission.to_string());
        let methods: Vec<_> = route.methods.split(',').map(str::trim).collect();
        json!({
            "methods": methods,
            "path": route.path,
            "view": route.view,
            "permission": permission,
        })
    });
    routes.collect()
}
