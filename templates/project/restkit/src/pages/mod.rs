//! The HTML pages: one base template, one stylesheet.

pub(crate) mod diagnosis;
mod errors;
pub(crate) mod flash;
pub(crate) mod looks;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sea_orm::{EntityTrait, QuerySelect};
use serde::Serialize;

use crate::auth::models::user;
use crate::pages::diagnosis::count_pending;
use crate::pages::looks::{AdminUrl, Looks};
use crate::site::csrf;
use crate::{Context, Error, Result, Site};

pub(crate) use errors::errors;

/// The stylesheet.
const STYLE: &str = include_str!("style.css");

/// The scripts of the pages, which work without them; only that of the schema's page sends what is
/// tried.
const SCRIPTS: [(&str, &str); 3] = [
    ("/static/restkit/admin.js", include_str!("admin.js")),
    ("/static/restkit/api.js", include_str!("api.js")),
    ("/static/restkit/docs.js", include_str!("docs.js")),
];

/// A template by the name that others extend it by.
macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("templates/", $name)))
    };
}

const TEMPLATES: [(&str, &str); 19] = [
    template!("base.html"),
    template!("welcome.html"),
    template!("error.html"),
    template!("api.html"),
    template!("api/controls.html"),
    template!("api/pager.html"),
    template!("docs.html"),
    template!("diagram/models.html"),
    template!("diagram/request.html"),
    template!("admin/login.html"),
    template!("admin/password.html"),
    template!("admin/index.html"),
    template!("admin/list.html"),
    template!("admin/fields.html"),
    template!("admin/form.html"),
    template!("admin/added.html"),
    template!("admin/kept.html"),
    template!("admin/delete.html"),
    template!("admin/history.html"),
];

/// The content security policy of our pages: nothing is loaded from elsewhere, no script is in a page, no
/// other site frames one. (OWASP's cheat sheet on Content Security Policy.)
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

/// The templates of a site.
pub struct Pages(Environment<'static>);

impl Pages {
    /// Compiles the templates: ours, and the project's own after them.
    ///
    /// # Errors
    ///
    /// If one of them is wrong.
    pub(crate) fn new(looks: &Looks) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        // A value that is not there is nothing, and not the word "none".
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                return Ok(());
            }
            minijinja::escape_formatter(out, state, value)
        });
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        for (name, source) in &looks.templates {
            environment.add_template(name, source)?;
        }
        Ok(Self(environment))
    }

    /// The page `template` as a response.
    pub(crate) fn respond(&self, ctx: &Context, template: &str, values: Value) -> Result<Response> {
        let token = csrf::token(&ctx.headers)?;
        let messages = flash::read(ctx);
        let looks = ctx.site().looks();
        let language = looks.language.unwrap_or("en");
        let common = context! {
            site_name => looks.title.unwrap_or(ctx.site().name()),
            has_logo => looks.logo.is_some(),
            has_style => !looks.style.is_empty(),
            language,
            rtl => RIGHT_TO_LEFT.contains(&language),
            path => ctx.uri.path(),
            here => ctx.uri.to_string(),
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
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        // A page belongs to who is logged in: no cache keeps it.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
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
    let done = Done::read(&ctx).await;
    ctx.render(
        "welcome.html",
        context! { apis => apis.collect::<Vec<_>>(), done => Serde(done) },
    )
}

/// The first steps that are done.
#[derive(Debug, Default, Serialize)]
struct Done {
    app: bool,
    database: bool,
    account: bool,
}

impl Done {
    /// Looks at the project and its database; with DEBUG off nobody needs to know.
    async fn read(ctx: &Context) -> Self {
        let site = ctx.site();
        if !ctx.settings().debug {
            return Self::default();
        }
        let user = user::Entity::find().limit(1).one(ctx.db()).await;
        Self {
            app: (site.project().installed_apps)().len() > 1,
            database: matches!(count_pending(site).await, Ok(0)),
            account: matches!(user, Ok(Some(_))),
        }
    }
}

/// The stylesheet and the scripts, and the project's own style and logo.
pub(crate) fn static_files() -> Router<Site> {
    let css = "text/css; charset=utf-8";
    let scripts = SCRIPTS
        .into_iter()
        .fold(Router::new(), |router, (path, script)| {
            let answer = move || async move { file("text/javascript; charset=utf-8", script) };
            router.route(path, get(answer))
        });
    scripts
        .route(
            "/static/restkit/style.css",
            get(move || async move { file(css, STYLE) }),
        )
        .route(
            "/static/restkit/site.css",
            get(move |State(site): State<Site>| async move { file(css, site.looks().style) }),
        )
        .route(
            "/static/restkit/logo.svg",
            get(|State(site): State<Site>| async move {
                let logo = site.looks().logo;
                logo.map(|logo| file("image/svg+xml", logo))
                    .ok_or_else(Error::not_found)
            }),
        )
}

fn file(kind: &'static str, content: impl Into<Bytes>) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")];
    (headers, content.into())
}

impl Site {
    /// The templates.
    pub fn pages(&self) -> &Pages {
        self.part()
    }

    /// How the pages look.
    fn looks(&self) -> &Looks {
        self.part()
    }

    /// The path at which the project's `urls.rs` mounts the admin site, with the slash at its end.
    pub fn admin_url(&self) -> &str {
        let AdminUrl(url) = self.part();
        url
    }
}

impl Context {
    /// The page `template` with `values`, an object, for a handler of the project's own.
    ///
    /// # Errors
    ///
    /// If the template is missing or fails.
    pub fn page(&self, template: &str, values: impl serde::Serialize) -> Result<Response> {
        self.render(template, minijinja::value::Serde(values).into())
    }

    /// The page `template` with `values`, and what every page shows: the user, the site.
    ///
    /// # Errors
    ///
    /// If the template is missing or fails.
    pub fn render(&self, template: &str, values: minijinja::Value) -> Result<Response> {
        self.site().pages().respond(self, template, values)
    }
}
