//! `backup`: a copy of a SQLite database, made while the site is served.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::Settings;
use crate::db::Database;
use crate::manage::Failure;
use crate::manage::terminal::say;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write, which must not exist yet
    file: PathBuf,
}

/// Copies the database as it is at one moment. The file appears when it is whole: a run that is killed leaves
/// only `FILE.part`.
pub(super) async fn run(settings: &Settings, args: &Args) -> Result<()> {
    let Database::Sqlite(options) = Database::from_url(&settings.database_url)? else {
        return Err(Failure::new(
            "the database is PostgreSQL, which has programs of its own for that",
        )
        .hint("pg_dump --format=custom --file=FILE \"$DATABASE_URL\"")
        .into());
    };
    let file = &args.file;
    if file.exists() {
        return Err(Failure::new(format!("`{}` exists already", file.display()))
            .hint("name a new file, such as one with the date in its name")
            .into());
    }
    let source = options.get_filename().display().to_string();
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .with_context(|| format!("could not open the database `{source}`"))?;
    let part = PathBuf::from(format!("{}.part", file.display()));
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("could not remove `{}`", part.display()));
        }
        _ => {}
    }
    let copied = sqlx::query("VACUUM INTO ?").bind(part.display().to_string());
    let copied = copied.execute(&mut connection).await;
    connection.close().await?;
    copied.with_context(|| {
        Failure::new(format!("could not write `{}`", part.display()))
            .hint("check its folder, and the room on the disk")
    })?;
    check(&part).await?;
    std::fs::rename(&part, file)
        .with_context(|| format!("could not write `{}`", file.display()))?;
    say(format!("Copied {source} to {}.", file.display()));
    Ok(())
}

/// Looks whether the copy is whole, before it gets its name.
async fn check(file: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut copy = SqliteConnection::connect_with(&options).await?;
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut copy)
        .await?;
    copy.close().await?;
    if found == "ok" {
        Ok(())
    } else {
        Err(Failure::new(format!("the copy is damaged: {found}"))
            .hint("check the disk; the database itself may be damaged, too: PRAGMA integrity_check")
            .into())
    }
}
