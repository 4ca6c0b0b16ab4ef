//! Logging in and out.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use crate::auth::{csrf, session};
use crate::rest::Body;
use crate::{Context, Result};

/// Where one goes after logging in, if one came from nowhere.
const HOME: &str = "/admin/";

/// GET /admin/login/
pub(super) async fn form(ctx: Context) -> Result<Response> {
    let next = next(ctx.query("next").as_deref());
    match ctx.user() {
        Some(user) if user.is_staff => Ok(Redirect::to(&next).into_response()),
        _ => page(&ctx, StatusCode::OK, &next, "", false),
    }
}

/// POST /admin/login/
pub(super) async fn log_in(ctx: Context, request: Request) -> Result<Response> {
    let body = Body::read(&ctx, request).await?;
    csrf::check(&ctx, body.text(csrf::FIELD))?;
    let next = next(body.text("next"));
    let username = body.text("username").unwrap_or_default().trim();
    let password = body.text("password").unwrap_or_default();
    let user = session::authenticate(ctx.site(), username, password).await?;
    // Who is no staff is not told apart from who does not exist.
    let Some(user) = user.filter(|user| user.is_staff) else {
        return page(&ctx, StatusCode::OK, &next, username, true);
    };
    let mut response = Redirect::to(&next).into_response();
    session::log_in(&ctx, &user, &mut response).await?;
    Ok(response)
}

/// POST /admin/logout/
pub(super) async fn log_out(ctx: Context, request: Request) -> Result<Response> {
    let body = Body::read(&ctx, request).await?;
    csrf::check(&ctx, body.text(csrf::FIELD))?;
    let mut response = Redirect::to("/admin/login/").into_response();
    session::log_out(&ctx, &mut response).await?;
    Ok(response)
}

fn page(
    ctx: &Context,
    status: StatusCode,
    next: &str,
    username: &str,
    failed: bool,
) -> Result<Response> {
    let mut response = ctx.render("admin/login.html", context! { next, username, failed })?;
    *response.status_mut() = status;
    Ok(response)
}

/// A path of this site: nobody can make the login lead elsewhere.
fn next(asked: Option<&str>) -> String {
    let asked = asked.unwrap_or_default();
    let is_local = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains(['\\', '\r', '\n', '\t'])
        && asked.is_ascii();
    if is_local { asked } else { HOME }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_here() {
        assert_eq!(
            next(Some("/admin/api/task/?page=2")),
            "/admin/api/task/?page=2"
        );
        for elsewhere in [
            "//evil.com",
            "https://evil.com",
            "/\\evil.com",
            "\\evil",
            "javascript:x",
            "",
            "/\t/evil.com",
        ] {
            assert_eq!(next(Some(elsewhere)), HOME, "{elsewhere}");
        }
        assert_eq!(next(None), HOME);
    }
}
