//! The settings of a site: from the environment, and from the file `.env` where that says nothing.

use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::Result;

/// What differs from one machine to the next. Change a field in your project's `settings()` to fix
/// it for all machines.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `DEBUG`: error pages show how the site is made. Off unless it is said to be on.
    pub debug: bool,
    /// `SECRET_KEY`: signs what is handed to browsers.
    pub secret_key: String,
    /// `DATABASE_URL`: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub database_url: String,
    /// `ALLOWED_HOSTS`: the names this site answers to; `*` is any, `.example.com` all below it.
    pub allowed_hosts: Vec<String>,
    /// How many rows a page of a list has.
    pub page_size: u64,
    /// The largest body that is read, in bytes.
    pub max_body: usize,
    /// How long one request may take.
    pub timeout: Duration,
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
        Ok(Self {
            debug: flag("DEBUG")?,
            secret_key: variable("SECRET_KEY").unwrap_or_default(),
            database_url: variable("DATABASE_URL")
                .context("DATABASE_URL is not set; put it into `.env`, for example DATABASE_URL=sqlite://db.sqlite3")?,
            allowed_hosts: list("ALLOWED_HOSTS"),
            page_size: 100,
            max_body: 2_500_000,
            timeout: Duration::from_secs(30),
        })
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn flag(name: &str) -> anyhow::Result<bool> {
    let value = variable(name).unwrap_or_default();
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "" | "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(anyhow!("{name}={value} is neither true nor false")),
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
