//! `dbshell`: the database's own shell.

use std::process::Command;

use anyhow::Result;

use crate::Settings;
use crate::db::Database;
use crate::manage::{Failure, no_database};

/// Opens `sqlite3` or `psql` with the project's database, and ends with its exit code.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let (program, argument, package) = match Database::from_url(&settings.database_url)? {
        Database::Sqlite(options) => {
            let file = options.get_filename();
            if !file.exists() {
                return Err(no_database(file).into());
            }
            ("sqlite3", file.display().to_string(), "sqlite3")
        }
        Database::Postgres(_) => ("psql", settings.database_url.clone(), "postgresql-client"),
    };
    match Command::new(program).arg(argument).status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(anyhow::Error::new(error).context(
            Failure::new(format!("`{program}` was not found")).hint(format!(
                "install it; on Debian and Ubuntu: apt install {package}"
            )),
        )),
    }
}
