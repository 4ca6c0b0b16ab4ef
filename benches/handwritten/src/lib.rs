//! Defines for all servers what a task looks like, and how to listen.

use std::env;
use std::str::FromStr;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

/// Rows on a page.
pub const PAGE: u64 = 100;

/// What a client sends.
#[derive(Deserialize)]
pub struct NewTask {
    pub title: String,
    #[serde(default)]
    pub completed: bool,
}

/// `?page=2`
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default = "first")]
    pub page: u64,
}

/// One page of a list.
#[derive(Serialize)]
pub struct Page<T> {
    pub count: u64,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub results: Vec<T>,
}

/// What went wrong.
pub enum Failure {
    NotFound,
    Invalid(&'static str),
    Database,
}

impl NewTask {
    /// The task without blanks around its title.
    ///
    /// # Errors
    ///
    /// If the title is blank or too long.
    pub fn valid(mut self) -> Result<Self, Failure> {
        self.title = self.title.trim().to_owned();
        match self.title.chars().count() {
            0 => Err(Failure::Invalid(
                r#"{"title":["This field may not be blank."]}"#,
            )),
            1..=200 => Ok(self),
            _ => Err(Failure::Invalid(r#"{"title":["At most 200 characters."]}"#)),
        }
    }
}

impl<T> Page<T> {
    /// The page of this number.
    pub fn new(number: u64, count: u64, results: Vec<T>) -> Self {
        let url = |page: u64| format!("http://127.0.0.1/api/tasks/?page={page}");
        Self {
            count,
            next: (number.saturating_mul(PAGE) < count).then(|| url(number + 1)),
            previous: (number > 1).then(|| url(number - 1)),
            results,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, r#"{"detail":"Not found."}"#).into_response(),
            Self::Invalid(words) => (StatusCode::BAD_REQUEST, words).into_response(),
            Self::Database => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// Opens a database file by its URL, with what a generated project sets.
///
/// # Errors
///
/// If it cannot be opened.
pub async fn open_sqlite(url: &str) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true);
    let pool = SqlitePoolOptions::new().max_connections(8);
    pool.connect_with(options).await
}

/// Connects to a PostgreSQL server, with as many connections as a generated project has.
///
/// # Errors
///
/// If it does not answer.
pub async fn open_postgres(url: &str) -> sqlx::Result<PgPool> {
    let pool = PgPoolOptions::new().max_connections(10);
    pool.connect(url).await
}

/// Serves at this address.
///
/// # Errors
///
/// If the port is taken.
pub async fn serve(address: &str, routes: Router) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, routes).await
}

/// The arguments: the URL of a database, and an address to listen at.
///
/// # Errors
///
/// If they are not two.
pub fn arguments() -> Result<[String; 2], &'static str> {
    let words: Vec<_> = env::args().skip(1).collect();
    words.try_into().map_err(|_| "usage: DATABASE ADDRESS")
}

fn first() -> u64 {
    1
}
