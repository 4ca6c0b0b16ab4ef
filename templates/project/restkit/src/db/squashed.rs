//! Migrations that replace several others: `backsmith squashmigrations` writes them.
//!
//! The head of such a file names those that it replaces, with the checksums that databases
//! remember. Their own files are in the folder `squashed`, for databases that have only some.

use anyhow::{Result, bail};
use sqlx::migrate::{AppliedMigration, Migration};

/// How a line of the head begins that names a replaced migration and its checksum.
const REPLACES: &str = "-- replaces ";

/// A migration that another one replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub version: i64,
    /// In hexadecimal digits.
    checksum: String,
}

/// What a database has to go through.
#[derive(Debug, Default)]
pub struct Fitted<'m> {
    /// In place of a squashed migration its originals, where the database has some of them, and
    /// nothing where it has all.
    pub migrations: Vec<&'m Migration>,
    /// Squashed migrations, some or all of whose originals are applied.
    pub squashed: Vec<Squashed<'m>>,
}

/// A squashed migration that is only to be recorded, once all that it replaces is applied.
#[derive(Debug)]
pub struct Squashed<'m> {
    pub migration: &'m Migration,
    pub replaced: Vec<Replaced>,
    pub is_complete: bool,
}

impl Replaced {
    /// Whether this is what the database remembers.
    pub fn is(&self, applied: &AppliedMigration) -> bool {
        self.version == applied.version && self.checksum == hexadecimal(&applied.checksum)
    }
}

/// Fits `all` to a database that has `applied`.
///
/// # Errors
///
/// If it has some of the migrations that were squashed and the others are missing.
pub fn fit<'m>(
    all: &'m [Migration],
    originals: &'m [Migration],
    applied: &[AppliedMigration],
) -> Result<Fitted<'m>> {
    let mut fitted = Fitted::default();
    for migration in all {
        let replaced = replaced(migration);
        let is_applied = |original: &&Replaced| applied.iter().any(|it| original.is(it));
        let count = replaced.iter().filter(is_applied).count();
        if count == 0 {
            fitted.migrations.push(migration);
            continue;
        }
        let is_complete = count == replaced.len();
        for original in replaced.iter().filter(|_| !is_complete) {
            let found = originals.iter().find(|it| {
                it.version == original.version && hexadecimal(&it.checksum) == original.checksum
            });
            match found {
                Some(found) => fitted.migrations.push(found),
                None => bail!(
                    "the database has some of the migrations that were squashed, and migration {:04} is missing in the folder `squashed`",
                    original.version
                ),
            }
        }
        fitted.squashed.push(Squashed {
            migration,
            replaced,
            is_complete,
        });
    }
    Ok(fitted)
}

fn replaced(migration: &Migration) -> Vec<Replaced> {
    let sql = migration.sql.as_str();
    let head = sql.lines().take_while(|line| line.starts_with("--"));
    let named = head.filter_map(|line| line.strip_prefix(REPLACES)?.split_once(' '));
    let read = |(name, checksum): (&str, &str)| {
        Some(Replaced {
            version: name.split('_').next()?.parse().ok()?,
            checksum: checksum.trim().to_owned(),
        })
    };
    named.filter_map(read).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use sqlx::migrate::MigrationType;
    use sqlx::{AssertSqlSafe, SqlSafeStr};

    use super::*;

    fn migration(version: i64, sql: &str) -> Migration {
        let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
        Migration::new(version, "x".into(), MigrationType::ReversibleUp, sql, false)
    }

    fn applied(migration: &Migration) -> AppliedMigration {
        AppliedMigration {
            version: migration.version,
            checksum: migration.checksum.clone(),
        }
    }

    #[test]
    fn databases_with_none_some_and_all_of_the_originals() -> Result<()> {
        let originals = [
            migration(1, "CREATE TABLE a"),
            migration(2, "CREATE TABLE b"),
        ];
        let head: String = originals
            .iter()
            .map(|it| {
                format!(
                    "{REPLACES}000{}_x {}\n",
                    it.version,
                    hexadecimal(&it.checksum)
                )
            })
            .collect();
        let all = [migration(
            2,
            &format!("-- Squashed\n{head}\nCREATE TABLE a"),
        )];
        let [one, two] = originals.each_ref().map(applied);

        let none = fit(&all, &originals, &[])?;
        assert!(none.squashed.is_empty() && none.migrations == [&all[0]]);
        let done = fit(&all, &[], &[applied(&all[0])])?;
        assert!(done.squashed.is_empty() && done.migrations == [&all[0]]);
        let some = fit(&all, &originals, std::slice::from_ref(&one))?;
        assert_eq!(some.migrations, [&originals[0], &originals[1]]);
        assert!(!some.squashed[0].is_complete);
        assert!(fit(&all, &[], std::slice::from_ref(&one)).is_err());
        let every = fit(&all, &[], &[one, two])?;
        assert!(every.squashed[0].is_complete && every.migrations.is_empty());
        Ok(())
    }
}
