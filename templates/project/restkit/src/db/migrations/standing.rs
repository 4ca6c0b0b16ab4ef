//! How far a database is with the migrations of a program.

use std::collections::BTreeSet;

use anyhow::{Context, Result, anyhow};
use sqlx::migrate::Migration;

use super::{Migrations, Migrator};
use crate::db::Database;

/// How far a database is with the migrations of this program.
#[derive(Debug)]
pub struct Standing<'m> {
    pub pending: Vec<&'m Migration>,
    /// The numbers of those that only the database knows: the program is older.
    pub unknown: Vec<i64>,
    /// Those that have another number here: the one that the database has, and the new one.
    pub(super) renumbered: Vec<(i64, i64)>,
}

/// Says how many migrations are not applied.
pub(crate) fn not_applied(count: usize) -> String {
    match count {
        1 => "1 migration is not applied".to_owned(),
        _ => format!("{count} migrations are not applied"),
    }
}

/// The numbers of the migrations that are not applied; a missing SQLite file has none applied and
/// is not made.
pub(crate) async fn pending(database: &Database, all: &Migrations) -> Result<BTreeSet<i64>> {
    let standing = standing(database, all).await?;
    Ok(standing.pending.iter().map(|it| it.version).collect())
}

/// How far the database is; a missing SQLite file is at the beginning and is not made.
pub(crate) async fn standing<'m>(database: &Database, all: &'m Migrations) -> Result<Standing<'m>> {
    if let Database::Sqlite(options) = database
        && !options.get_filename().exists()
    {
        return Ok(Standing {
            pending: all.iter().collect(),
            unknown: Vec::new(),
            renumbered: Vec::new(),
        });
    }
    let mut migrator = Migrator::connect(database).await?;
    let standing = migrator.standing(all).await;
    standing.context("the database and the program do not fit together")
}

pub(super) fn unknown(number: i64) -> anyhow::Error {
    anyhow!(
        "the database has migration {number:04}, which this program does not have: it is older than the database, or the file is missing"
    )
}

/// Says that the database is ahead of the program.
pub(crate) fn is_ahead(unknown: &[i64]) -> Option<String> {
    let first = unknown.first()?;
    Some(format!(
        "the database is ahead of this program: it has migration {first:04}, which is not known here"
    ))
}
