//! Forms that only our own pages can send: a token in a cookie and the same one in the form.
//!
//! Another site can make a browser send our cookie, but it cannot read it, so it cannot repeat it.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::http::cookie::{Script, cookie, set_cookie};
use crate::http::host::host_name;
use crate::secrets::{is_same, random_token};
use crate::site::context::scheme;
use crate::{Context, Error, Result};

/// The form field with the token.
pub const FIELD: &str = "csrfmiddlewaretoken";

/// The header with the token, for scripts.
pub const HEADER: &str = "x-csrftoken";

const COOKIE: &str = "csrftoken";
const YEAR: i64 = 365 * 24 * 60 * 60;

/// A token for the page that is being made; `attach` hands it to the browser.
///
/// # Errors
///
/// If the operating system gives no random numbers.
pub fn token(headers: &HeaderMap) -> Result<String> {
    match cookie(headers, COOKIE) {
        Some(token) if is_token(token) => Ok(token.to_owned()),
        _ => random_token(),
    }
}

/// Sets the cookie that the page's forms will be compared with.
pub fn attach(ctx: &Context, token: &str, response: &mut Response) {
    if cookie(&ctx.headers, COOKIE) == Some(token) {
        return;
    }
    let cookie = set_cookie(ctx.settings(), COOKIE, token, YEAR, Script::MayRead);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Refuses a request that our own pages did not send; `sent` is the form's field.
///
/// # Errors
///
/// 403, in Django's words.
pub fn check(ctx: &Context, sent: Option<&str>) -> Result<()> {
    if let Some(origin) = ctx.headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        if !is_trusted(ctx, origin) {
            return Err(refused(&format!(
                "Origin checking failed - {origin} does not match any trusted origins."
            )));
        }
    }
    let expected = cookie(&ctx.headers, COOKIE).ok_or_else(|| refused("CSRF cookie not set."))?;
    if !is_token(expected) {
        return Err(refused("CSRF cookie has an incorrect value."));
    }
    let header = ctx
        .headers
        .get(HEADER)
        .and_then(|token| token.to_str().ok());
    let (sent, source) = match (sent.filter(|sent| !sent.is_empty()), header) {
        (Some(sent), _) => (sent, "POST"),
        (None, Some(sent)) => (sent, "the 'X-CSRFToken' HTTP header"),
        (None, None) => return Err(refused("CSRF token missing.")),
    };
    if is_same(expected, sent) {
        Ok(())
    } else {
        Err(refused(&format!("CSRF token from {source} incorrect.")))
    }
}

/// Returns whether a page of this origin may send us requests. A page of our own host that came by HTTP is
/// anybody's on the way, so it is not trusted where browsers come by HTTPS.
fn is_trusted(ctx: &Context, origin: &str) -> bool {
    let settings = ctx.settings();
    let host = ctx.headers.get(header::HOST).map(HeaderValue::as_bytes);
    let is_own = match origin.split_once("://") {
        Some(("https", name)) => Some(name.as_bytes()) == host,
        Some(("http", name)) => {
            let is_secure = settings.secure_cookies && !is_loopback(name)
                || scheme(&ctx.headers, settings) == "https";
            Some(name.as_bytes()) == host && !is_secure
        }
        _ => false,
    };
    is_own
        || settings
            .trusted_origins
            .iter()
            .any(|trusted| trusted == origin)
}

/// Returns whether a host is this machine itself: browsers send it secure cookies by HTTP, too, since nobody is
/// on the way.
fn is_loopback(host: &str) -> bool {
    let name = host_name(host);
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(|it| it.is_loopback())
}

fn refused(why: &str) -> Error {
    Error::PermissionDenied(format!("CSRF Failed: {why}"))
}

fn is_token(token: &str) -> bool {
    token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_by_its_names() {
        for local in [
            "localhost",
            "localhost:8000",
            "a.localhost",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:8000",
        ] {
            assert!(is_loopback(local), "{local}");
        }
        for other in [
            "example.com",
            "localhost.example.com",
            "10.0.0.1:80",
            "[::2]:1",
            "xlocalhost",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
