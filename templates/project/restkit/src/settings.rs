//! The settings of a site: from the environment, and from the file `.env` where that says nothing.

pub(crate) mod authentication;
pub(crate) mod log_format;
pub(crate) mod parser;
pub(crate) mod rate;
pub(crate) mod throttle;

use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::Result;

pub use authentication::Authentication;
pub use log_format::LogFormat;
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
    /// `SECRET_KEY_FALLBACKS`: earlier keys that still count, so that a new key logs nobody out.
    pub secret_key_fallbacks: Vec<String>,
    /// `DATABASE_URL`: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub database_url: String,
    /// `MIGRATIONS_DATABASE_URL`: the database as `migrate` reaches it, where that is not the same way:
    /// past a pooler, or as another role.
    pub migrations_database_url: String,
    /// `DATABASE_REPLICA_URLS`: read-only copies of a PostgreSQL database, to which GETs of viewsets go in turn.
    pub database_replica_urls: Vec<String>,
    /// `DATABASE_REPLICA_MAX_LAG`, in seconds: a copy that is further behind is left out.
    pub database_replica_max_lag: Duration,
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
    /// `HSTS_INCLUDE_SUBDOMAINS`: that holds for all names below this one, too.
    pub hsts_include_subdomains: bool,
    /// `HSTS_PRELOAD`: browsers may have it in their own lists.
    pub hsts_preload: bool,
    /// `SSL_REDIRECT`: requests that came by HTTP are sent to HTTPS; needs `NUM_PROXIES`, since a proxy tells.
    pub ssl_redirect: bool,
    /// `TRUSTED_ORIGINS`: other origins whose pages may send requests with a session, such as
    /// `https://app.example.com`; the CSRF token is needed all the same.
    pub trusted_origins: Vec<String>,
    /// `CORS_ALLOWED_ORIGINS`: origins whose pages may read answers: `https://app.example.com`, or `*` for all,
    /// which then send no cookies.
    pub cors_allowed_origins: Vec<String>,
    /// `NUM_PROXIES`: how many proxies of yours are in front of the site. The client's address is the
    /// one that the first of them wrote into `X-Forwarded-For`; without proxies nobody is believed.
    pub num_proxies: usize,
    /// The ways to authenticate a request, in order; a viewset may want it otherwise.
    pub authentication: Vec<Authentication>,
    /// `TOKEN_LIFETIME`, in seconds: how long a token counts that is made by `createtoken` or `obtain_auth_token`; 0
    /// is forever.
    pub token_lifetime: Duration,
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
    /// The most fields of a form, and parts of a multipart body.
    pub max_fields: usize,
    /// How long one request may take.
    pub timeout: Duration,
    /// `PUBLIC_SCHEMA`: whether everyone may see the API's document and its page, or only staff.
    pub public_schema: bool,
    /// `LOG_FORMAT`: `text` for people, or `json`, an object a line.
    pub log_format: LogFormat,
    /// `ACCESS_LOG`: whether each request is a line of the log.
    pub access_log: bool,
    /// `METRICS_ADDRESS`: where figures for Prometheus are served, such as `127.0.0.1:9100`; needs restkit's feature
    /// `metrics`.
    pub metrics_address: Option<SocketAddr>,
    /// `MAX_CONNECTIONS`: how many clients may be connected at once; 0 is as many as files can be opened.
    pub max_connections: usize,
    /// `KEEP_ALIVE`, in seconds: how long a connection may be silent before a request, or take to send its
    /// headers. Longer than a proxy keeps connections, or that one would send a request to a closed one.
    pub keep_alive: Duration,
    /// `SHUTDOWN_DELAY`, in seconds: how long a server that is to stop still takes requests, while `/ready`
    /// answers 503 and a load balancer turns to other servers.
    pub shutdown_delay: Duration,
    /// `SHUTDOWN_GRACE`, in seconds: how long requests that have begun may take once the server stops.
    pub shutdown_grace: Duration,
}

impl Default for Settings {
    /// The settings where neither the environment nor the project says otherwise: fit for production, and
    /// without a database.
    fn default() -> Self {
        Self {
            debug: false,
            secret_key: String::new(),
            secret_key_fallbacks: Vec::new(),
            database_url: String::new(),
            migrations_database_url: String::new(),
            database_replica_urls: Vec::new(),
            database_replica_max_lag: Duration::from_secs(10),
            database_pool_size: 10,
            database_acquire_timeout: Duration::from_secs(5),
            database_statement_timeout: Duration::ZERO,
            database_lock_timeout: Duration::from_secs(2),
            database_connection_lifetime: Duration::from_secs(30 * 60),
            allowed_hosts: Vec::new(),
            secure_cookies: true,
            hsts_seconds: 0,
            hsts_include_subdomains: false,
            hsts_preload: false,
            ssl_redirect: false,
            trusted_origins: Vec::new(),
            cors_allowed_origins: Vec::new(),
            num_proxies: 0,
            authentication: Authentication::ALL.to_vec(),
            token_lifetime: Duration::ZERO,
            parsers: Parser::ALL.to_vec(),
            throttle: Vec::new(),
            throttle_store: ThrottleStore::Memory,
            require_if_match: false,
            page_size: 100,
            max_body: 2_500_000,
            max_fields: 1000,
            timeout: Duration::from_secs(30),
            public_schema: true,
            log_format: LogFormat::Text,
            access_log: true,
            metrics_address: None,
            max_connections: 0,
            keep_alive: Duration::from_secs(75),
            shutdown_delay: Duration::ZERO,
            shutdown_grace: Duration::from_secs(10),
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
            database_replica_urls: list("DATABASE_REPLICA_URLS"),
            database_replica_max_lag: seconds_or(
                "DATABASE_REPLICA_MAX_LAG",
                default.database_replica_max_lag,
            )?,
            allowed_hosts: list("ALLOWED_HOSTS"),
            secure_cookies: flag("SECURE_COOKIES")?.unwrap_or(!debug),
            secret_key_fallbacks: list("SECRET_KEY_FALLBACKS"),
            hsts_seconds: number("HSTS_SECONDS")?,
            hsts_include_subdomains: flag("HSTS_INCLUDE_SUBDOMAINS")?.unwrap_or(false),
            hsts_preload: flag("HSTS_PRELOAD")?.unwrap_or(false),
            ssl_redirect: flag("SSL_REDIRECT")?.unwrap_or(false),
            trusted_origins: origins("TRUSTED_ORIGINS")?,
            cors_allowed_origins: origins("CORS_ALLOWED_ORIGINS")?,
            num_proxies: number("NUM_PROXIES")?,
            token_lifetime: seconds_or("TOKEN_LIFETIME", default.token_lifetime)?,
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
            public_schema: flag("PUBLIC_SCHEMA")?.unwrap_or(true),
            log_format: log_format()?,
            access_log: flag("ACCESS_LOG")?.unwrap_or(true),
            metrics_address: metrics_address()?,
            max_connections: number("MAX_CONNECTIONS")?,
            keep_alive: seconds_or("KEEP_ALIVE", default.keep_alive)?,
            shutdown_delay: seconds_or("SHUTDOWN_DELAY", default.shutdown_delay)?,
            shutdown_grace: seconds_or("SHUTDOWN_GRACE", default.shutdown_grace)?,
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

fn log_format() -> anyhow::Result<LogFormat> {
    let value = variable("LOG_FORMAT").unwrap_or_default();
    match value.to_ascii_lowercase().as_str() {
        "" | "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(anyhow!("LOG_FORMAT={value} is neither text nor json")),
    }
}

fn metrics_address() -> anyhow::Result<Option<SocketAddr>> {
    let Some(value) = variable("METRICS_ADDRESS") else {
        return Ok(None);
    };
    if cfg!(not(feature = "metrics")) {
        return Err(anyhow!(
            "METRICS_ADDRESS needs restkit's feature `metrics`, which is off; backsmith add metrics turns it on"
        ));
    }
    let address = value.parse();
    let words = || {
        format!("METRICS_ADDRESS={value} is not an IP address and a port, such as 127.0.0.1:9100")
    };
    address.map(Some).with_context(words)
}

fn list(name: &str) -> Vec<String> {
    let value = variable(name).unwrap_or_default();
    let items = value.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads a list of origins; `*` is any.
fn origins(name: &str) -> anyhow::Result<Vec<String>> {
    let origins = list(name);
    let is_origin = |origin: &str| {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        origin == "*"
            || host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']))
    };
    match origins.iter().find(|origin| !is_origin(origin)) {
        None => Ok(origins),
        Some(wrong) => Err(anyhow!(
            "{name} names `{wrong}`, which is not an origin: write the scheme and the host, such as https://app.example.com"
        )),
    }
}
