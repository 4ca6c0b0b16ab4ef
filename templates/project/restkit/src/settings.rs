//! The settings of a site: from the environment, and from the file `.env` where that says nothing.

pub(crate) mod authentication;
pub(crate) mod parser;
pub(crate) mod rate;
pub(crate) mod throttle;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::Result;

pub use authentication::Authentication;
pub use parser::Parser;
pub use throttle::{Throttle, ThrottleStore};

/// The settings of a site, which differ from one machine to the next. Change a field in your project's
/// `settings()` to fix it for all machines.
///
/// ```
/// let settings = restkit::Settings {
///     page_size: 50,
///     ..restkit::Settings::default()
/// };
/// assert!(!settings.debug);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// `DEBUG`: error pages show how the site is made. Off unless it is said to be on.
    pub debug: bool,
    /// `SECRET_KEY`: signs what is handed to browsers.
    pub secret_key: String,
    /// `DATABASE_URL`: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub database_url: String,
    /// `MIGRATIONS_DATABASE_URL`: the database as `migrate` reaches it, where that is not the same way:
    /// past a pooler, or as another role.
    pub migrations_database_url: String,
    /// `DATABASE_POOL_SIZE`: so many connections to PostgreSQL at most.
    pub database_pool_size: usize,
    /// `DATABASE_ACQUIRE_TIMEOUT`, in seconds: how long a request waits for one of them.
    pub database_acquire_timeout: Duration,
    /// `DATABASE_STATEMENT_TIMEOUT`, in seconds: PostgreSQL gives up what takes longer; 0 is never.
    pub database_statement_timeout: Duration,
    /// `DATABASE_LOCK_TIMEOUT`, in seconds: how long a statement of a migration waits for a table of
    /// PostgreSQL's that others hold, before it pauses and tries again; 0 is without end.
    pub database_lock_timeout: Duration,
    /// `DATABASE_CONNECTION_LIFETIME`, in seconds: an older connection to PostgreSQL is made again.
    pub database_connection_lifetime: Duration,
    /// `ALLOWED_HOSTS`: the names this site answers to; `*` is any, `.example.com` all below it.
    pub allowed_hosts: Vec<String>,
    /// `SECURE_COOKIES`: browsers send cookies only over HTTPS. On unless DEBUG is.
    pub secure_cookies: bool,
    /// `HSTS_SECONDS`: for how long browsers shall remember to use only HTTPS; 0 says nothing.
    pub hsts_seconds: u64,
    /// `NUM_PROXIES`: how many proxies of yours are in front of the site. The client's address is the
    /// one that the first of them wrote into `X-Forwarded-For`; without proxies nobody is believed.
    pub num_proxies: usize,
    /// The ways to authenticate a request, in order; a viewset may want it otherwise.
    pub authentication: Vec<Authentication>,
    /// As what a body may be sent, the way that clients should take first; a viewset may want it
    /// otherwise.
    pub parsers: Vec<Parser>,
    /// How often clients may ask; a viewset may want it otherwise.
    pub throttle: Vec<Throttle>,
    /// `THROTTLE_STORE`: where requests are counted: `memory`, or `database` for several servers.
    pub throttle_store: ThrottleStore,
    /// `REQUIRE_IF_MATCH`: a PUT, PATCH or DELETE must name by `If-Match` the state it is meant for.
    pub require_if_match: bool,
    /// How many rows a page of a list has.
    pub page_size: u64,
    /// The largest body that is read, in bytes.
    pub max_body: usize,
    /// How long one request may take.
    pub timeout: Duration,
}

impl Default for Settings {
    /// The settings where neither the environment nor the project says otherwise: fit for production, and
    /// without a database.
    fn default() -> Self {
        Self {
            debug: false,
            secret_key: String::new(),
            database_url: String::new(),
            migrations_database_url: String::new(),
            database_pool_size: 10,
            database_acquire_timeout: Duration::from_secs(5),
            database_statement_timeout: Duration::ZERO,
            database_lock_timeout: Duration::from_secs(2),
            database_connection_lifetime: Duration::from_secs(30 * 60),
            allowed_hosts: Vec::new(),
            secure_cookies: true,
            hsts_seconds: 0,
            num_proxies: 0,
            authentication: Authentication::ALL.to_vec(),
            parsers: Parser::ALL.to_vec(),
            throttle: Vec::new(),
            throttle_store: ThrottleStore::Memory,
            require_if_match: false,
            page_size: 100,
            max_body: 2_500_000,
            timeout: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// Reads the settings from the environment, after `.env` in the current folder.
    ///
    /// # Errors
    ///
    /// If `.env` is malformed or a variable has a value that is not understood.
    pub fn from_env() -> Result<Self> {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(error) => {
                return Err(anyhow!(error)
                    .context("`.env` is malformed; write one NAME=value a line")
                    .into());
            }
        }
        let debug = flag("DEBUG")?.unwrap_or(false);
        let default = Self::default();
        Ok(Self {
            debug,
            secret_key: variable("SECRET_KEY").unwrap_or_default(),
            database_url: variable("DATABASE_URL")
                .with_context(|| missing("DATABASE_URL", "sqlite://db.sqlite3"))?,
            migrations_database_url: variable("MIGRATIONS_DATABASE_URL").unwrap_or_default(),
            allowed_hosts: list("ALLOWED_HOSTS"),
            secure_cookies: flag("SECURE_COOKIES")?.unwrap_or(!debug),
            hsts_seconds: number("HSTS_SECONDS")?,
            num_proxies: number("NUM_PROXIES")?,
            throttle_store: throttle_store()?,
            require_if_match: flag("REQUIRE_IF_MATCH")?.unwrap_or(false),
            database_pool_size: number_or("DATABASE_POOL_SIZE", default.database_pool_size)?,
            database_acquire_timeout: seconds_or(
                "DATABASE_ACQUIRE_TIMEOUT",
                default.database_acquire_timeout,
            )?,
            database_statement_timeout: seconds_or(
                "DATABASE_STATEMENT_TIMEOUT",
                default.database_statement_timeout,
            )?,
            database_lock_timeout: seconds_or(
                "DATABASE_LOCK_TIMEOUT",
                default.database_lock_timeout,
            )?,
            database_connection_lifetime: seconds_or(
                "DATABASE_CONNECTION_LIFETIME",
                default.database_connection_lifetime,
            )?,
            ..default
        })
    }
}

/// Says where a setting belongs that is nowhere.
fn missing(name: &str, example: &str) -> String {
    let has_example = Path::new(".env.example").exists() && !Path::new(".env").exists();
    if has_example {
        format!("{name} is not set, and there is no `.env`: cp .env.example .env, and fill it in")
    } else {
        format!("{name} is not set; put it into `.env`, for example {name}={example}")
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn flag(name: &str) -> anyhow::Result<Option<bool>> {
    let value = variable(name).unwrap_or_default();
    match value.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "1" | "yes" | "on" => Ok(Some(true)),
        "false" | "0" | "no" | "off" => Ok(Some(false)),
        _ => Err(anyhow!("{name}={value} is neither true nor false")),
    }
}

fn number<N: FromStr + Default>(name: &str) -> anyhow::Result<N> {
    number_or(name, N::default())
}

fn seconds_or(name: &str, default: Duration) -> anyhow::Result<Duration> {
    number_or(name, default.as_secs()).map(Duration::from_secs)
}

fn number_or<N: FromStr>(name: &str, default: N) -> anyhow::Result<N> {
    let value = variable(name).unwrap_or_default();
    match value.as_str() {
        "" => Ok(default),
        _ => value
            .parse()
            .map_err(|_| anyhow!("{name}={value} is not a number from 0 on")),
    }
}

fn throttle_store() -> anyhow::Result<ThrottleStore> {
    let value = variable("THROTTLE_STORE").unwrap_or_default();
    match value.to_ascii_lowercase().as_str() {
        "" | "memory" => Ok(ThrottleStore::Memory),
        "database" => Ok(ThrottleStore::Database),
        _ => Err(anyhow!(
            "THROTTLE_STORE={value} is neither memory nor database"
        )),
    }
}

fn list(name: &str) -> Vec<String> {
    let value = variable(name).unwrap_or_default();
    let items = value.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}
