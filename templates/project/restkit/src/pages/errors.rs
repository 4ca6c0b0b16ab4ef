//! Errors as pages, for browsers.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use minijinja::context;

use crate::error::Answered;
use crate::rest::negotiation::{Format, negotiate};
use crate::{Context, Result, Site};

/// Makes a page of an error that was answered as JSON, if a browser asked. In production an error
/// of ours says no more than that.
pub(crate) async fn errors(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let wants_html = matches!(negotiate(&parts.uri, &parts.headers), Ok(Format::Html));
    let asked = match wants_html {
        true => Context::from_request_parts(&mut parts, &site).await.ok(),
        false => None,
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    match (asked, response.extensions().get::<Answered>()) {
        (Some(ctx), Some(answered)) if !is_html(&response) => {
            page(&ctx, response.status(), answered).unwrap_or(response)
        }
        _ => response,
    }
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn page(ctx: &Context, status: StatusCode, answered: &Answered) -> Result<Response> {
    let is_ours = status.is_server_error();
    let title = match status {
        StatusCode::NOT_FOUND => "Page not found",
        StatusCode::FORBIDDEN => "Not permitted",
        StatusCode::UNAUTHORIZED => "Please log in",
        _ if is_ours => "Something went wrong",
        _ => status.canonical_reason().unwrap_or("Error"),
    };
    let routes = match (ctx.settings().debug, status) {
        (true, StatusCode::NOT_FOUND) => routes(ctx.site()),
        _ => Vec::new(),
    };
    let mut page = ctx.render(
        "error.html",
        context! {
            title,
            status => status.as_u16(),
            detail => if is_ours { "" } else { &answered.detail },
            routes,
        },
    )?;
    *page.status_mut() = status;
    Ok(page)
}

/// The paths that were tried, which only DEBUG shows.
fn routes(site: &Site) -> Vec<String> {
    site.routes()
        .list()
        .into_iter()
        .map(|route| route.path.clone())
        .collect()
}
