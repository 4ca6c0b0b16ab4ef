//! How far a database is with the migrations of a program.

use anyhow::{Context, Result};

use super::{Migrations, Migrator, Reconciled};
use crate::db::Database;

/// Says how many migrations are not applied.
pub(crate) fn not_applied(count: usize) -> String {
    match count {
        1 => "1 migration is not applied".to_owned(),
        _ => format!("{count} migrations are not applied"),
    }
}

/// Returns how far the database is; a missing SQLite file is at the beginning and is not made.
///
/// # Errors
///
/// If the database cannot be read, or does not fit the program.
pub(crate) async fn standing<'m>(
    database: &Database,
    all: &'m Migrations,
) -> Result<Reconciled<'m>> {
    if let Database::Sqlite(options) = database
        && !options.get_filename().exists()
    {
        return Ok(Reconciled {
            history: all.iter().collect(),
            pending: all.iter().collect(),
            ..Reconciled::default()
        });
    }
    let mut migrator = Migrator::connect(database).await?;
    let reconciled = migrator.reconcile(all).await;
    reconciled.context("the database and the program do not fit together")
}

/// Says that the database is ahead of the program.
pub(crate) fn is_ahead(unknown: &[i64]) -> Option<String> {
    let first = unknown.first()?;
    Some(format!(
        "the database is ahead of this program: it has migration {first:04}, which is not known here"
    ))
}
