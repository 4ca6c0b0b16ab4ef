//! Errors as pages, for browsers.

use axum::Json;
use axum::extract::{FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;

use crate::error::Answered;
use crate::http::negotiation::{Format, negotiate};
use crate::pages::diagnosis::{Diagnosis, diagnose};
use crate::{Context, Result, Site};

/// Makes a page of an error that was answered as JSON, if a browser asked. In production an error
/// of ours says no more than that.
pub(crate) async fn errors<F, A>(site: &Site, request: Request, answer: F) -> Response
where
    F: FnOnce(Request) -> A,
    A: Future<Output = Response>,
{
    let wants_html = matches!(
        negotiate(request.uri(), request.headers()),
        Ok(Format::Html)
    );
    if !wants_html {
        return explained(site, answer(request).await).await;
    }
    let (parts, body) = request.into_parts();
    let asked = Box::new(parts.clone());
    let response = answer(Request::from_parts(parts, body)).await;
    if is_html(&response) {
        return response;
    }
    Box::pin(shown(site, *asked, response)).await
}

/// Returns the page of an error, or its answer as it was if no page can be made.
async fn shown(site: &Site, mut asked: Parts, response: Response) -> Response {
    let Some(answered) = response.extensions().get::<Answered>() else {
        return response;
    };
    let nobody = Context::anonymous(site, &asked);
    // When the database is what fails, it cannot be asked who is logged in.
    let ctx = Context::from_request_parts(&mut asked, site).await;
    let diagnosis = diagnose(site, &answered.causes).await;
    let ctx = ctx.unwrap_or(nobody);
    page(&ctx, response.status(), answered, diagnosis.as_ref()).unwrap_or(response)
}

/// Adds the diagnosis of an error of ours to its JSON, with DEBUG on.
async fn explained(site: &Site, response: Response) -> Response {
    let Some(answered) = response.extensions().get::<Answered>() else {
        return response;
    };
    let Some(diagnosis) = diagnose(site, &answered.causes).await else {
        return response;
    };
    let body = diagnosis.add_to(json!({ "detail": answered.detail }));
    (response.status(), Json(body)).into_response()
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn page(
    ctx: &Context,
    status: StatusCode,
    answered: &Answered,
    diagnosis: Option<&Diagnosis>,
) -> Result<Response> {
    let is_ours = status.is_server_error();
    let title = match status {
        StatusCode::NOT_FOUND => "Page not found",
        StatusCode::FORBIDDEN => "Not permitted",
        StatusCode::UNAUTHORIZED => "Please log in",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        _ if is_ours => "Something went wrong",
        _ => status.canonical_reason().unwrap_or("Error"),
    };
    let debug = ctx.settings().debug;
    let routes = match (debug, status) {
        (true, StatusCode::NOT_FOUND) => routes(ctx.site()),
        _ => Vec::new(),
    };
    let mut page = ctx.render(
        "error.html",
        context! {
            title,
            status => status.as_u16(),
            detail => if is_ours { "" } else { &answered.detail },
            routes => Serde(routes),
            causes => diagnosis.map(|it| it.causes.clone()),
            hint => diagnosis.and_then(|it| it.hint.clone()),
            method => ctx.method.as_str(),
        },
    )?;
    *page.status_mut() = status;
    Ok(page)
}

/// A route, as only DEBUG shows it.
#[derive(Serialize)]
struct Route {
    methods: String,
    path: String,
    view: String,
}

/// The routes that were tried.
fn routes(site: &Site) -> Vec<Route> {
    let routes = site.routes().list().into_iter();
    let routes = routes.map(|route| Route {
        methods: route.methods.clone(),
        path: route.path.clone(),
        view: route.view.clone(),
    });
    routes.collect()
}
