//! Cookies: one that came, and one that goes.

use axum::http::{HeaderMap, header};

use crate::Settings;

/// A cookie of the request.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` that only this site gets back, and only over HTTPS unless the settings allow less.
pub(crate) fn set_cookie(
    settings: &Settings,
    name: &str,
    value: &str,
    seconds: i64,
    script: Script,
) -> String {
    let secure = if settings.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let http_only = match script {
        Script::MayRead => "",
        Script::MayNot => "; HttpOnly",
    };
    format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{http_only}{secure}")
}

/// Whether a page's scripts may read a cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    MayRead,
    MayNot,
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=1; sessionid=x=y; b"),
        );
        assert_eq!(cookie(&headers, "sessionid"), Some("x=y"));
        assert_eq!(cookie(&headers, "b"), None);
    }
}
