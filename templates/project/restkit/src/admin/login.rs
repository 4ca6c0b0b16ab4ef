//! Logging in and out.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use sea_orm::{EntityTrait, QuerySelect};

use crate::admin::kept::Kept;
use crate::auth::models::user;
use crate::serializer::Body;
use crate::site::session::authenticate;
use crate::site::{csrf, session};
use crate::{Context, Error, Result};

/// GET /admin/login/
pub(super) async fn form(ctx: Context) -> Result<Response> {
    let next = next(&ctx, ctx.query("next").as_deref());
    // A form that cannot work is not shown: without its table, the page says what is missing.
    user::Entity::find().limit(1).one(ctx.db()).await?;
    match ctx.user() {
        Some(user) if user.is_staff => Ok(Redirect::to(&next).into_response()),
        _ => page(&ctx, StatusCode::OK, (&next, None), "", ""),
    }
}

/// POST /admin/login/
pub(super) async fn log_in(ctx: Context, request: Request) -> Result<Response> {
    let body = Body::read(request, ctx.settings()).await?;
    csrf::check(&ctx, body.text(csrf::FIELD))?;
    let next = next(&ctx, body.text("next"));
    let kept = Kept::read(ctx.site(), &next, &body);
    let username = body.text("username").unwrap_or_default().trim();
    let password = body.text("password").unwrap_or_default();
    let user = match authenticate(ctx.site(), ctx.address, username, password).await {
        Ok(user) => user,
        Err(Error::Throttled(seconds)) => {
            return throttled(&ctx, (&next, kept.as_ref()), username, seconds);
        }
        Err(error) => return Err(error),
    };
    // The admin site is for staff; who is not staff is not told apart from who does not exist.
    let is_admin = next.starts_with(ctx.site().admin_url());
    let Some(user) = user.filter(|user| user.is_staff || !is_admin) else {
        let account = if is_admin { "staff account" } else { "account" };
        let failed = format!(
            "Please enter the correct username and password for a {account}. Note that both fields may be case-sensitive."
        );
        return page(
            &ctx,
            StatusCode::OK,
            (&next, kept.as_ref()),
            username,
            &failed,
        );
    };
    if let Some(kept) = kept {
        return kept.show(&ctx, &next, &user).await;
    }
    let mut response = Redirect::to(&next).into_response();
    session::log_in(&ctx, &user, &mut response).await?;
    Ok(response)
}

/// POST /admin/logout/
pub(super) async fn log_out(ctx: Context, request: Request) -> Result<Response> {
    let body = Body::read(request, ctx.settings()).await?;
    csrf::check(&ctx, body.text(csrf::FIELD))?;
    let login = format!("{}login/", ctx.site().admin_url());
    let mut response = Redirect::to(&login).into_response();
    session::log_out(&ctx, &mut response).await?;
    Ok(response)
}

fn throttled(
    ctx: &Context,
    next: (&str, Option<&Kept>),
    username: &str,
    seconds: u64,
) -> Result<Response> {
    let minutes = seconds.div_ceil(60);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    let failed = format!("Too many attempts. Try again in {minutes} {unit}.");
    let mut response = page(ctx, StatusCode::TOO_MANY_REQUESTS, next, username, &failed)?;
    let headers = response.headers_mut();
    headers.insert(axum::http::header::RETRY_AFTER, seconds.into());
    Ok(response)
}

/// The login form, which leads to `next`, with a form that is to be sent there.
pub(super) fn page(
    ctx: &Context,
    status: StatusCode,
    (next, kept): (&str, Option<&Kept>),
    username: &str,
    failed: &str,
) -> Result<Response> {
    let kept = kept.map(Kept::hidden).unwrap_or_default();
    let mut response = ctx.render(
        "admin/login.html",
        context! { next, username, failed, kept },
    )?;
    *response.status_mut() = status;
    Ok(response)
}

/// Returns the page to show after logging in.
fn next(ctx: &Context, asked: Option<&str>) -> String {
    local(asked).unwrap_or(ctx.site().admin_url()).to_owned()
}

/// A path of this site and nothing else: nobody can make the login lead elsewhere (open redirects,
/// CWE-601). Browsers read a backslash as a slash, and skip tabs and line breaks.
fn local(asked: Option<&str>) -> Option<&str> {
    asked.filter(|asked| {
        asked.starts_with('/')
            && !asked.starts_with("//")
            && !asked.contains('\\')
            && asked.chars().all(|c| c.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_here() {
        let good = "/admin/api/task/?page=2";
        assert_eq!(local(Some(good)), Some(good));
        for elsewhere in [
            "//evil.com",
            "https://evil.com",
            "/\\evil.com",
            "\\evil",
            "javascript:x",
            "",
            "/\t/evil.com",
            "/ /evil.com",
            "/\u{7f}",
        ] {
            assert_eq!(local(Some(elsewhere)), None, "{elsewhere}");
        }
        assert_eq!(local(None), None);
    }
}
