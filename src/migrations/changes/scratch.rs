//! The PostgreSQL server on which migrations are proven, if one is at hand.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::timeout;

use super::Options;
use crate::error::{Exit, Failure};
use crate::migrations::Layout;
use crate::migrations::database::Database;
use crate::migrations::make::NewMigration;
use crate::migrations::verify::postgres::Scratch;
use crate::ui;

/// How long the project's own server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Opens a scratch schema on the server that a flag names, or else on the project's own. Without the flag a server
/// that does not answer is worth a warning: its migrations are proven on SQLite only.
pub(super) async fn open(
    layout: &Layout,
    options: &Options,
    migrations: &[NewMigration],
) -> Result<Option<Scratch>> {
    if migrations.is_empty() {
        return Ok(None);
    }
    let url = options.database_url.as_deref();
    let database = match (layout.database(url), url) {
        (Ok(database), _) => database,
        (Err(error), Some(_)) => return Err(error),
        (Err(_), None) => return Ok(None),
    };
    let server = match (database, url) {
        (Database::Postgres(options), _) => options,
        (Database::Sqlite(_), None) => return Ok(None),
        (Database::Sqlite(_), Some(_)) => {
            return Err(Failure::new("--database-url names no PostgreSQL server")
                .hint("migrations are proven on SQLite always; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, or leave it out")
                .exit(Exit::Usage)
                .into());
        }
    };
    let opened = match timeout(ANSWER_TIMEOUT, Scratch::open(&server)).await {
        Ok(opened) => opened,
        Err(_) => Err(Failure::new("the server does not answer").into()),
    };
    match (opened, url) {
        (Ok(scratch), _) => Ok(Some(scratch)),
        (Err(error), Some(_)) => Err(error).context(
            Failure::new("the migrations cannot be proven on PostgreSQL")
                .hint("nothing was written; check --database-url"),
        ),
        (Err(error), None) => {
            ui::warning(format!(
                "the PostgreSQL files were not proven on a server: {error:#}"
            ));
            Ok(None)
        }
    }
}
