//! What the files of a project depend on.

use crate::scaffold::parts::Part;

/// What the files of a project depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The module of settings and routes.
    pub module: String,
    /// The Cargo package.
    pub package: String,
    pub database: Database,
    pub parts: Vec<Part>,
}

/// The database that `.env` points at; every project runs on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Database {
    /// A file in the project's folder: nothing to install.
    #[default]
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}
