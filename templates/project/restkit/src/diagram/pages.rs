//! The pictures as pages, for those who make the site: only with DEBUG on.

use axum::http::Method;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::tables::{Tables, type_words};
use super::way::Way;
use crate::{Context, Result, Routes, Site};

/// The folder of the pages' paths.
const BELOW: &str = "/restkit";

/// The pages; none with DEBUG off, or where the project has routes of its own there.
pub(crate) fn routes(site: &Site) -> Routes {
    let is_own = |path: &str| path.starts_with(BELOW);
    if !site.settings().debug || site.routes().list().iter().any(|route| is_own(&route.path)) {
        return Routes::new();
    }
    let pages = Routes::new()
        .get("/models/", models)
        .get("/request/", request);
    Routes::new().nest(BELOW, pages)
}

/// A table, for those who read the picture as text.
#[derive(Serialize)]
struct Row<'t> {
    name: &'t str,
    columns: Vec<String>,
    references: Vec<String>,
}

async fn models(ctx: Context) -> Result<Response> {
    let apps = (ctx.site().project().installed_apps)();
    let app = ctx.query("app");
    let known: Vec<_> = apps.iter().map(|app| app.label()).collect();
    let app = app.filter(|app| known.contains(&app.as_str()));
    let tables = Tables::read(ctx.settings(), &apps, app.as_deref()).await?;
    let rows = tables.list().iter().map(|table| Row {
        name: &table.name,
        columns: table
            .columns
            .iter()
            .map(|column| format!("{} {}", column.name, type_words(column)))
            .collect(),
        references: table
            .references
            .iter()
            .map(|reference| format!("{} → {}", reference.columns.join(", "), reference.table))
            .collect(),
    });
    let rows: Vec<_> = rows.collect();
    ctx.render(
        "diagram/models.html",
        context! {
            apps => known,
            app,
            tables => Serde(&rows),
            picture => Value::from_safe_string(tables.svg("The tables and what they refer to")),
        },
    )
}

async fn request(ctx: Context) -> Result<Response> {
    let method = ctx.query("method").unwrap_or_else(|| "GET".to_owned());
    let path = ctx.query("path").unwrap_or_else(|| "/".to_owned());
    let known = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap_or(Method::GET);
    let routes = ctx.site().routes();
    let way = Way::find(routes, ctx.settings(), &known, &path);
    let (picture, text, problem) = match &way {
        Ok(way) => (Value::from_safe_string(way.svg()), way.text(), None),
        Err(problem) => (Value::from(""), String::new(), Some(problem.to_string())),
    };
    let paths: Vec<_> = routes
        .list()
        .iter()
        .map(|route| route.path.clone())
        .collect();
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    ctx.render(
        "diagram/request.html",
        context! { method => known.as_str(), asked => path, methods, paths, picture, text, problem },
    )
}
