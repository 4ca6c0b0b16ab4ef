//! Users and groups, their permissions, passwords, sessions and tokens.
//!
//! Who asks is [`Context::user`](crate::Context::user), what they may do
//! [`Context::has_perm`](crate::Context::has_perm). [`authenticate`] checks a name and a password,
//! [`token::user_of`] a token.

pub mod admin;
mod attempts;
pub mod csrf;
pub mod models;
mod obtain;
pub mod password;
pub mod permissions;
pub mod session;
pub mod token;
pub mod validators;

use axum::http::{HeaderMap, header};

use crate::{App, Result, Site};

pub use attempts::clear as clear_attempts;
pub use obtain::obtain_auth_token;
pub use permissions::{Permissions, has_perm, permissions_of};
pub use session::{Visitor, authenticate, visitor};

/// The app to name in `installed_apps()`.
pub fn app() -> App {
    App::new("auth").admin(admin::register)
}

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

/// A `Set-Cookie` that only this site gets back, and over HTTPS alone unless the settings allow less.
pub(crate) fn set_cookie(
    site: &Site,
    name: &str,
    value: &str,
    seconds: i64,
    script: Script,
) -> String {
    let secure = match site.settings().secure_cookies {
        true => "; Secure",
        false => "",
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

/// 256 random bits, in hexadecimal.
pub(crate) fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(hex(&bytes))
}

/// SHA-256 in hexadecimal: what is stored of a secret that is random itself.
pub(crate) fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(text))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
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

    #[test]
    fn fingerprints_are_sha256() {
        assert!(fingerprint("").starts_with("e3b0c44298fc1c14"));
    }
}
