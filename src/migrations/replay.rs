//! The schema that the history leads to, found by running it in memory.

use std::time::Instant;

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::replayed_cache::ReplayedCache;
use super::{History, Migration, NO_TRANSACTION};
use crate::error::Failure;
use crate::introspect::sqlite;
use crate::schema::snapshot::Snapshot;
use crate::schema::syntax::token;

/// How many statements of a script are run at once. sqlx keeps all of them prepared until the last
/// one is done, and SQLite visits all that are prepared whenever the schema changes.
const MAX_STATEMENTS: usize = 25;

/// A database in memory that has gone through the history.
pub struct Replayed {
    pub connection: SqliteConnection,
    pub snapshot: Snapshot,
}

/// Runs all of `history` in an empty database, or what comes after the part of it that is remembered.
///
/// # Errors
///
/// If a migration fails: the message names it and the statement's mistake.
pub async fn replay(history: &History) -> Result<Replayed> {
    replay_after(&ReplayedCache::of_user(), history).await
}

async fn replay_after(cache: &ReplayedCache, history: &History) -> Result<Replayed> {
    let begin = Instant::now();
    let migrations = &history.migrations;
    let (mut connection, done) = remembered(cache, migrations).await?;
    let rest = &migrations[done..];
    if !rest.is_empty() {
        if together(&mut connection, rest).await.is_err() {
            // From the beginning and one by one, to tell which of them it is.
            connection = in_memory().await?;
            for migration in migrations {
                run(&mut connection, &migration.up)
                    .await
                    .with_context(|| broken(migration))?;
            }
        }
        let took = begin.elapsed();
        cache.store(migrations, &mut connection, took).await;
    }
    let snapshot = sqlite::read(&mut connection)
        .await
        .context("could not read the schema that the migrations make")?;
    Ok(Replayed {
        connection,
        snapshot,
    })
}

/// Returns a database that has gone through as many of `migrations` as are remembered, and how many those are.
async fn remembered(
    cache: &ReplayedCache,
    migrations: &[Migration],
) -> Result<(SqliteConnection, usize)> {
    let mut connection = in_memory().await?;
    if let Some((done, database)) = cache.load(migrations) {
        match connection.deserialize(None, database, false).await {
            Ok(()) => return Ok((connection, done)),
            Err(_) => connection = in_memory().await?,
        }
    }
    Ok((connection, 0))
}

async fn in_memory() -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        // Each table and each index has a page, and most are empty.
        .page_size(1024)
        .foreign_keys(false)
        .disable_statement_logging();
    let connection = SqliteConnection::connect_with(&options).await;
    connection.context("could not open a database in memory")
}

/// Runs all of `migrations` in as few transactions as possible, which is faster than one each.
async fn together(connection: &mut SqliteConnection, migrations: &[Migration]) -> Result<()> {
    let is_alone = |migration: &Migration| migration.up.starts_with(NO_TRANSACTION);
    for group in migrations.chunk_by(|one, two| !is_alone(one) && !is_alone(two)) {
        if let [alone] = group {
            run(connection, &alone.up).await?;
            continue;
        }
        let mut transaction = connection.begin().await?;
        for migration in group {
            execute(&mut transaction, &migration.up).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

/// Runs a script in a transaction, unless it says otherwise, as sqlx does when it applies a migration.
///
/// # Errors
///
/// If one of its statements fails.
pub async fn run(connection: &mut SqliteConnection, script: &str) -> Result<()> {
    if script.starts_with(NO_TRANSACTION) {
        connection.execute(AssertSqlSafe(script.to_owned())).await?;
        return Ok(());
    }
    let mut transaction = connection
        .begin()
        .await
        .context("could not begin a transaction")?;
    execute(&mut transaction, script).await?;
    transaction.commit().await.context("could not commit")
}

/// Runs the statements of a script, whose length may be any.
///
/// # Errors
///
/// If one of them fails.
pub async fn execute(connection: &mut SqliteConnection, script: &str) -> Result<()> {
    for part in parts(script) {
        connection.execute(AssertSqlSafe(part)).await?;
    }
    Ok(())
}

/// A short script as it is, a long one cut between statements.
fn parts(script: &str) -> Vec<String> {
    let statements = token::statements(script);
    if statements.len() <= MAX_STATEMENTS {
        vec![script.to_owned()]
    } else {
        statements
            .chunks(MAX_STATEMENTS)
            // On lines of their own: the last word may be in a comment.
            .map(|part| part.join("\n;\n"))
            .collect()
    }
}

fn broken(migration: &Migration) -> Failure {
    Failure::new(format!("`migrations/sqlite/{}.up.sql` fails when the history is replayed", migration.name))
        .hint("the current schema is what the migrations make of an empty database; correct that file, or take it out if no database has it")
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const TASKS: &str = "CREATE TABLE task (id integer PRIMARY KEY, title text NOT NULL); INSERT INTO task VALUES (1, 'a')";
    const DONE: &str = "ALTER TABLE task ADD COLUMN done integer";
    const VIEW: &str = "CREATE VIEW titles AS SELECT title FROM task";

    fn history(scripts: &[&str]) -> History {
        let migrations = (1..).zip(scripts).map(|(number, up)| Migration {
            number,
            name: format!("{number:04}_it"),
            up: (*up).to_owned(),
            down: None,
        });
        History {
            migrations: migrations.collect(),
            originals: Vec::new(),
        }
    }

    fn files(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Replays with a cache: how many migrations it gave, and whether the outcome is what it is without one.
    async fn check(folder: &Path, scripts: &[&str], expected: usize) {
        let (cache, history) = (ReplayedCache::in_folder(folder), history(scripts));
        let given = cache.load(&history.migrations).map_or(0, |(done, _)| done);
        assert_eq!(given, expected, "{scripts:?}");
        let mut with = replay_after(&cache, &history).await.unwrap();
        let mut without = replay_after(&ReplayedCache::none(), &history)
            .await
            .unwrap();
        assert_eq!(with.snapshot, without.snapshot);
        for replayed in [&mut with, &mut without] {
            let rows = sqlx::query_scalar("SELECT count(*) FROM task");
            let rows: i64 = rows.fetch_one(&mut replayed.connection).await.unwrap();
            assert_eq!(rows, 1);
            // Later changes can be tried and taken back.
            let connection = &mut replayed.connection;
            let mut transaction = connection.begin().await.unwrap();
            let change = "DELETE FROM task; DROP TABLE task";
            execute(&mut transaction, change).await.unwrap();
            transaction.rollback().await.unwrap();
            run(connection, "INSERT INTO task (id, title) VALUES (2, 'b')")
                .await
                .unwrap();
        }
    }

    #[tokio::test]
    async fn a_replay_begins_where_an_earlier_one_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), &[TASKS, DONE], 0).await;
        check(folder.path(), &[TASKS, DONE], 2).await;
        check(folder.path(), &[TASKS, DONE, VIEW], 2).await;
        check(folder.path(), &[TASKS, DONE, VIEW], 3).await;
        check(folder.path(), &[TASKS], 0).await;
        // One other byte makes another history.
        check(
            folder.path(),
            &[TASKS, "ALTER TABLE task ADD COLUMN done  integer"],
            1,
        )
        .await;
    }

    #[tokio::test]
    async fn what_is_damaged_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        for damage in 0..3 {
            check(folder.path(), &[TASKS, DONE], 0).await;
            for file in files(folder.path()) {
                let mut bytes = fs::read(&file).unwrap();
                match damage {
                    0 => bytes[500] ^= 1,
                    1 => bytes.truncate(700),
                    _ => bytes.clear(),
                }
                fs::write(&file, bytes).unwrap();
            }
        }
    }

    #[tokio::test]
    async fn what_is_not_in_the_database_is_not_remembered() {
        for beside in [
            "CREATE TEMP TABLE t (a)",
            "-- no-transaction\nATTACH ':memory:' AS other",
            "-- no-transaction\nPRAGMA legacy_alter_table = ON",
        ] {
            let folder = tempfile::tempdir().unwrap();
            check(folder.path(), &[TASKS, beside], 0).await;
            assert_eq!(
                files(folder.path()),
                Vec::<std::path::PathBuf>::new(),
                "{beside}"
            );
        }
    }

    #[tokio::test]
    async fn only_the_newest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<String> = (0..20)
            .map(|number| format!("CREATE TABLE t{number} (a)"))
            .collect();
        for end in 0..all.len() {
            let scripts: Vec<&str> = all[..=end].iter().map(String::as_str).collect();
            let cache = ReplayedCache::in_folder(folder.path());
            replay_after(&cache, &history(&scripts)).await.unwrap();
        }
        assert_eq!(files(folder.path()).len(), 8);
    }
}
