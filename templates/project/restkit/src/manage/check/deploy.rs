//! Finds settings that are not fit for production: Django's `check --deploy`, as far as it applies, and what a proxy needs.

use std::collections::BTreeSet;

use super::{Level, Problem, problem};
use crate::db::Database;
use crate::settings::ThrottleStore;
use crate::{Routes, Settings};

/// Shorter keys can be guessed in a lifetime.
const MIN_SECRET: usize = 50;

/// Checks the settings that matter where strangers come by.
pub(super) fn settings(settings: &Settings) -> Vec<Problem> {
    let parts = [secrets(settings), reach(settings), transport(settings)];
    parts.concat()
}

fn secrets(settings: &Settings) -> Vec<Problem> {
    let secret = &settings.secret_key;
    let hint = "set it to 50 random characters or more";
    let weak = settings.secret_key_fallbacks.iter().any(|key| is_weak(key));
    found([
        (
            Level::Error,
            secret.is_empty(),
            "SECRET_KEY is not set",
            hint,
        ),
        (
            Level::Warning,
            !secret.is_empty() && is_weak(secret),
            "SECRET_KEY can be guessed",
            hint,
        ),
        (
            Level::Warning,
            weak,
            "SECRET_KEY_FALLBACKS has a key that can be guessed",
            "leave it out: who is logged in by it logs in again",
        ),
        (
            Level::Warning,
            settings.debug,
            "DEBUG is on: errors show how the site is made",
            "set DEBUG=false in production",
        ),
    ])
}

fn is_weak(secret: &str) -> bool {
    let kinds = secret.chars().collect::<BTreeSet<_>>().len();
    secret.chars().count() < MIN_SECRET || kinds < 5
}

/// Checks who may come, and from where.
fn reach(settings: &Settings) -> Vec<Problem> {
    let has = |list: &[String], wanted: &str| list.iter().any(|item| item == wanted);
    let is_plain = |origin: &String| origin.starts_with("http://");
    let plain = [&settings.trusted_origins, &settings.cors_allowed_origins];
    let plain = plain.into_iter().flatten().any(is_plain);
    found([
        (
            Level::Error,
            settings.allowed_hosts.is_empty() && !settings.debug,
            "ALLOWED_HOSTS is empty while DEBUG is off: every request is refused",
            "name the hosts that the site answers to, separated by commas",
        ),
        (
            Level::Warning,
            has(&settings.allowed_hosts, "*"),
            "ALLOWED_HOSTS allows every host",
            "name the hosts that the site answers to",
        ),
        (
            Level::Warning,
            has(&settings.cors_allowed_origins, "*"),
            "CORS_ALLOWED_ORIGINS is `*`: every page of the web may read what strangers may read",
            "name the origins of your front ends: https://app.example.com",
        ),
        (
            Level::Warning,
            plain && settings.secure_cookies,
            "TRUSTED_ORIGINS or CORS_ALLOWED_ORIGINS names an origin of http: anybody on the way can be it",
            "serve the front end over HTTPS, and name it by https://",
        ),
        (
            Level::Warning,
            settings.num_proxies == 0 && settings.secure_cookies,
            "NUM_PROXIES is 0, and HTTPS comes from a proxy: all clients count as that one",
            "set it to the number of proxies of yours, most often 1",
        ),
    ])
}

/// Checks the ways that data goes.
fn transport(settings: &Settings) -> Vec<Problem> {
    let database = Database::from_url(&settings.database_url);
    let has_hsts = settings.hsts_seconds > 0;
    found([
        (
            Level::Warning,
            !settings.secure_cookies,
            "SECURE_COOKIES is off: sessions can be read along where HTTPS is not used",
            "serve the site over HTTPS and leave SECURE_COOKIES out",
        ),
        (
            Level::Warning,
            database.is_ok_and(|database| database.is_read_along()),
            "DATABASE_URL leads to another host, and may go there in clear text",
            "add ?sslmode=verify-full to it, or sslmode=require",
        ),
        (
            Level::Warning,
            settings.ssl_redirect && settings.num_proxies == 0,
            "SSL_REDIRECT does nothing: NUM_PROXIES is 0, so nobody says how a request came",
            "set NUM_PROXIES, and let the proxy send X-Forwarded-Proto",
        ),
        (
            Level::Warning,
            !settings.ssl_redirect,
            "SSL_REDIRECT is off: requests by HTTP are answered",
            "set it to true, unless the proxy redirects them",
        ),
        (
            Level::Warning,
            !has_hsts,
            "HSTS_SECONDS is not set: a browser may be led to use HTTP once more",
            "once all of the site is served over HTTPS, set it to 3600, and later to 31536000",
        ),
        (
            Level::Warning,
            has_hsts && !settings.hsts_include_subdomains,
            "HSTS_INCLUDE_SUBDOMAINS is off: a name below this one may be led to use HTTP",
            "set it to true once all names below are served over HTTPS",
        ),
        (
            Level::Warning,
            has_hsts && !settings.hsts_preload,
            "HSTS_PRELOAD is off: the first visit of a browser may go by HTTP",
            "set it to true, and hand the site in at hstspreload.org, if it stays with HTTPS for good",
        ),
    ])
}

/// Checks that several servers count together.
pub(super) fn throttle_store(settings: &Settings, routes: &Routes) -> Option<Problem> {
    let database = Database::from_url(&settings.database_url).ok()?;
    let mut guards = routes.list().into_iter().filter_map(|route| route.guard());
    let has_throttles =
        !settings.throttle.is_empty() || guards.any(|guard| !(guard.throttle)(settings).is_empty());
    let is_alone = settings.throttle_store == ThrottleStore::Memory;
    let may_be_several = matches!(database, Database::Postgres(_));
    (has_throttles && is_alone && may_be_several).then(|| {
        problem(
            Level::Warning,
            "THROTTLE_STORE is `memory`: of several servers each counts for itself",
            "set it to `database`, unless there is one server only",
        )
    })
}

/// Checks that only its owner reads `.env`.
#[cfg(unix)]
pub(super) fn env_file() -> Option<Problem> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(".env").ok()?.permissions().mode();
    let message = "`.env` can be read by other users of this machine, and has the secret key in it";
    (mode & 0o077 != 0).then(|| problem(Level::Warning, message, "chmod 600 .env"))
}

#[cfg(not(unix))]
pub(super) fn env_file() -> Option<Problem> {
    None
}

fn found<const N: usize>(checks: [(Level, bool, &str, &str); N]) -> Vec<Problem> {
    let wrong = checks.into_iter().filter(|(_, is_wrong, _, _)| *is_wrong);
    let wrong = wrong.map(|(level, _, message, hint)| problem(level, message, hint));
    wrong.collect()
}
