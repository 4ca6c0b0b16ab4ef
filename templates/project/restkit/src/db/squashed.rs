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
        self.version == applied.version && self.checksum == hex::encode(&applied.checksum)
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
    let database = Has { originals, applied };
    for migration in all {
        database.fit_one(migration, &mut fitted)?;
    }
    Ok(fitted)
}

/// What a database has of the migrations that were squashed.
struct Has<'m, 'a> {
    originals: &'m [Migration],
    applied: &'a [AppliedMigration],
}

/// How many of some migrations a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    None,
    Some,
    All,
}

impl<'m> Has<'m, '_> {
    /// Adds `migration`, or in its place those that it replaces; these may be squashed ones, too.
    fn fit_one(&self, migration: &'m Migration, fitted: &mut Fitted<'m>) -> Result<()> {
        let replaced = replaced(migration);
        let extent = self.extent_of_all(&replaced);
        if extent == Extent::None {
            fitted.migrations.push(migration);
            return Ok(());
        }
        for original in replaced.iter().filter(|_| extent == Extent::Some) {
            match self.original(original) {
                Some(file) if self.is_applied(original) => fitted.migrations.push(file),
                Some(file) => self.fit_one(file, fitted)?,
                None => bail!(
                    "the database has some of the migrations that were squashed, and migration {:04} is missing in the folder `squashed`",
                    original.version
                ),
            }
        }
        fitted.squashed.push(Squashed {
            migration,
            replaced: self.with_originals(replaced),
            is_complete: extent == Extent::All,
        });
        Ok(())
    }

    fn extent_of_all(&self, migrations: &[Replaced]) -> Extent {
        let mut extents = migrations.iter().map(|it| self.extent(it));
        let first = extents.next().unwrap_or(Extent::None);
        extents.fold(
            first,
            |one, other| if one == other { one } else { Extent::Some },
        )
    }

    fn extent(&self, original: &Replaced) -> Extent {
        if self.is_applied(original) {
            Extent::All
        } else {
            self.extent_of_all(&self.inner(original))
        }
    }

    /// `migrations`, and what the squashed ones among them replace.
    fn with_originals(&self, migrations: Vec<Replaced>) -> Vec<Replaced> {
        let mut all = Vec::new();
        for original in migrations {
            all.extend(self.with_originals(self.inner(&original)));
            all.push(original);
        }
        all
    }

    fn inner(&self, original: &Replaced) -> Vec<Replaced> {
        self.original(original).map(replaced).unwrap_or_default()
    }

    fn original(&self, original: &Replaced) -> Option<&'m Migration> {
        let mut originals = self.originals.iter();
        originals.find(|it| {
            it.version == original.version && hex::encode(&it.checksum) == original.checksum
        })
    }

    fn is_applied(&self, original: &Replaced) -> bool {
        self.applied.iter().any(|it| original.is(it))
    }
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
                    hex::encode(&it.checksum)
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

    #[test]
    fn a_squashed_migration_may_be_squashed_again() -> Result<()> {
        let line = |it: &Migration| {
            let checksum = hex::encode(&it.checksum);
            format!("{REPLACES}000{}_x {checksum}\n", it.version)
        };
        let (one, two) = (migration(1, "one"), migration(2, "two"));
        let inner = migration(2, &format!("{}{}\nboth", line(&one), line(&two)));
        let three = migration(3, "three");
        let outer = migration(3, &format!("{}{}\nall", line(&inner), line(&three)));
        let originals = [one, two, inner, three];
        let [one, two, inner, three] = originals.each_ref();
        let all = [outer];
        for (applied_here, expected, is_complete) in [
            (&[][..], &[&all[0]][..], None),
            (&[one], &[one, two, three], Some(false)),
            (&[one, two], &[three], Some(false)),
            (&[inner], &[inner, three], Some(false)),
            (&[one, two, three], &[], Some(true)),
            (&[inner, three], &[], Some(true)),
            (&[&all[0]], &[&all[0]], None),
        ] {
            let records: Vec<_> = applied_here.iter().map(|it| applied(it)).collect();
            let fitted = fit(&all, &originals, &records)?;
            assert_eq!(fitted.migrations, expected, "{applied_here:?}");
            let outer = fitted.squashed.last();
            assert_eq!(outer.map(|it| it.is_complete), is_complete);
            let known = |record: &AppliedMigration| {
                let squashed = fitted.squashed.iter();
                let mut replaced = squashed.flat_map(|it| &it.replaced);
                replaced.any(|it| it.is(record)) || is_complete.is_none()
            };
            assert!(records.iter().all(known));
        }
        Ok(())
    }
}
