//! Remembers the database that a long history leads to, so that the next replay begins there.
//!
//! A key is a checksum of this very program and of all migrations up to one of them: what differs in one byte has
//! another key. A file begins with the checksum of the rest: what is damaged is not used. All of it may vanish at any
//! time.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteOwnedBuf;

use super::Migration;
use super::fingerprint::Fingerprint;
use crate::{apply, env};

/// A replay that took less is not worth a file.
const WORTH: Duration = Duration::from_millis(50);

/// How many databases are remembered.
const MAX_FILES: usize = 8;

/// The length of SHA-256.
const CHECKSUM: usize = 32;

/// The databases that histories lead to, by the migrations.
#[derive(Debug)]
pub struct ReplayedCache {
    folder: Option<PathBuf>,
    /// How long a replay has to take for its end to be remembered.
    worth: Duration,
}

impl ReplayedCache {
    /// The cache of the user.
    pub fn of_user() -> Self {
        Self {
            folder: env::cache().map(|folder| folder.join("replayed")),
            worth: WORTH,
        }
    }

    /// Remembers everything in a folder.
    #[cfg(test)]
    pub fn in_folder(folder: &std::path::Path) -> Self {
        Self {
            folder: Some(folder.to_owned()),
            worth: Duration::ZERO,
        }
    }

    /// Remembers nothing.
    #[cfg(test)]
    pub fn none() -> Self {
        Self {
            folder: None,
            worth: WORTH,
        }
    }

    /// Returns the database that as many of `migrations` as possible lead to, and how many those are.
    pub fn load(&self, migrations: &[Migration]) -> Option<(usize, SqliteOwnedBuf)> {
        let entries = fs::read_dir(self.folder.as_ref()?).ok()?;
        let files = entries.filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, entry.path()))
        });
        let files: HashMap<String, PathBuf> = files.collect();
        if files.is_empty() {
            return None;
        }
        let keys = keys(migrations)?;
        let mut known = keys.iter().enumerate().rev();
        known.find_map(|(last, key)| {
            let bytes = fs::read(files.get(key)?).ok()?;
            let (checksum, database) = bytes.split_at_checked(CHECKSUM)?;
            let is_whole = Sha256::digest(database).as_slice() == checksum;
            let database = is_whole.then(|| SqliteOwnedBuf::try_from(database))?;
            Some((last + 1, database.ok()?))
        })
    }

    /// Remembers the database that `migrations` have led to, if it took long enough to find it and the connection
    /// holds nothing beside it.
    pub async fn store(
        &self,
        migrations: &[Migration],
        connection: &mut SqliteConnection,
        took: Duration,
    ) {
        let Some(folder) = self.folder.as_ref().filter(|_| took >= self.worth) else {
            return;
        };
        let Some(key) = keys(migrations).and_then(|mut keys| keys.pop()) else {
            return;
        };
        if !is_all_in_database(connection).await.unwrap_or_default() {
            return;
        }
        if let Ok(database) = connection.serialize(None).await {
            let checksum = Sha256::digest(&*database);
            apply::cache(&folder.join(key), &[&checksum[..], &*database].concat());
            apply::forget_oldest(folder, MAX_FILES);
        }
    }
}

/// The keys of the databases that the first of `migrations` leads to, the first two, and so on.
fn keys(migrations: &[Migration]) -> Option<Vec<String>> {
    let mut fingerprint = Fingerprint::of_program()?;
    let keys = migrations.iter().map(|migration| {
        fingerprint.add(&migration.name);
        fingerprint.add(&migration.up);
        fingerprint.to_hex()
    });
    Some(keys.collect())
}

/// Returns whether a connection is as a new one is, but for its database: no temporary tables, no other databases, no
/// settings that a later migration would notice.
async fn is_all_in_database(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    const OTHERS: &str = "SELECT (SELECT count(*) FROM pragma_database_list WHERE name NOT IN ('main', 'temp')) \
        + (SELECT count(*) FROM sqlite_temp_schema)";
    // As SQLite and `replay` set them: foreign_keys is off there.
    const SETTINGS: &str = "SELECT (SELECT foreign_keys FROM pragma_foreign_keys) \
        + (SELECT legacy_alter_table FROM pragma_legacy_alter_table) \
        + (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) \
        + (SELECT recursive_triggers FROM pragma_recursive_triggers) \
        + (SELECT writable_schema FROM pragma_writable_schema)";
    let others: i64 = sqlx::query_scalar(OTHERS)
        .fetch_one(&mut *connection)
        .await?;
    let settings: i64 = sqlx::query_scalar(SETTINGS).fetch_one(connection).await?;
    Ok(others == 0 && settings == 0)
}
