//! The HTML pages: one base template, one stylesheet.

mod errors;
pub(crate) mod flash;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use crate::auth::csrf;
use crate::{Context, Result, Site};

pub(crate) use errors::errors;

/// What the stylesheet is served as.
const STYLE: &str = include_str!("style.css");

/// The templates by the names that they extend each other by.
const TEMPLATES: [(&str, &str); 8] = [
    ("base.html", include_str!("templates/base.html")),
    ("welcome.html", include_str!("templates/welcome.html")),
    ("error.html", include_str!("templates/error.html")),
    ("api.html", include_str!("templates/api.html")),
    (
        "admin/login.html",
        include_str!("templates/admin/login.html"),
    ),
    (
        "admin/index.html",
        include_str!("templates/admin/index.html"),
    ),
    (
        "admin/password.html",
        include_str!("templates/admin/password.html"),
    ),
    ("admin/list.html", include_str!("templates/admin/list.html")),
];

/// The templates of a site.
pub struct Pages(Environment<'static>);

impl Pages {
    /// Compiles the templates.
    ///
    /// # Errors
    ///
    /// If one of them is wrong.
    pub fn new() -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        Ok(Self(environment))
    }

    /// The page `template` as a response.
    pub(crate) fn respond(&self, ctx: &Context, template: &str, values: Value) -> Result<Response> {
        let token = csrf::token(&ctx.headers)?;
        let messages = flash::read(ctx);
        let common = context! {
            site_name => ctx.site().name(),
            path => ctx.uri.path(),
            debug => ctx.settings().debug,
            user => ctx.user().map(|user| &user.username),
            is_staff => ctx.user().is_some_and(|user| user.is_staff),
            admin_url => ctx.site().admin_url(),
            csrf_field => csrf::FIELD,
            csrf_token => &token,
            messages => &messages,
        };
        let page = self
            .0
            .get_template(template)?
            .render(context! { ..values, ..common })?;
        let mut response = Html(page).into_response();
        csrf::attach(ctx, &token, &mut response);
        if !messages.is_empty() {
            flash::forget(ctx, &mut response);
        }
        Ok(response)
    }
}

/// The page at `/` of a new project: it works, and what to do next.
///
/// # Errors
///
/// If the template fails.
pub async fn welcome(ctx: Context) -> Result<Response> {
    let routers = ctx.site().routes().list().into_iter();
    let apis = routers
        .filter(|route| route.view == "DefaultRouter")
        .map(|route| route.path.clone());
    ctx.render(
        "welcome.html",
        context! { apis => apis.collect::<Vec<_>>() },
    )
}

/// The stylesheet.
pub(crate) fn static_files() -> Router<Site> {
    Router::new().route(
        "/static/restkit/style.css",
        get(|| async {
            let headers = [
                (
                    CONTENT_TYPE,
                    HeaderValue::from_static("text/css; charset=utf-8"),
                ),
                (
                    CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=300"),
                ),
            ];
            (headers, STYLE)
        }),
    )
}
