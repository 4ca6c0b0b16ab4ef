//! The folder with the SQL files: one subfolder a dialect, in sqlx's layout.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Migration;
use crate::error::{Failure, OTHERWISE, unread};
use crate::schema::Dialect;

/// The folder of migrations that were squashed into others, below that of the dialect.
pub const SQUASHED: &str = "squashed";

/// All migrations of one dialect, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub migrations: Vec<Migration>,
    /// Those that were squashed into others, for databases that have some of them.
    pub originals: Vec<Migration>,
}

impl History {
    /// Reads the files of `dialect` below `folder`; a missing folder is an empty history.
    ///
    /// # Errors
    ///
    /// If a name has no number, two have the same one, or a file cannot be read: the message names
    /// the file.
    pub fn read(folder: &Path, dialect: Dialect) -> Result<Self> {
        let migrations = read_all(folder, dialect)?;
        for pair in migrations.windows(2) {
            if pair[0].number == pair[1].number {
                return Err(twice(&folder.join(dialect.folder()), &pair[0], &pair[1].name).into());
            }
        }
        let originals = read_files(&folder.join(dialect.folder()).join(SQUASHED))?;
        Ok(Self {
            migrations,
            originals,
        })
    }

    /// Fails if the two dialects do not have the same migrations.
    ///
    /// # Errors
    ///
    /// Names the first migration that one of them lacks.
    pub fn check_against(
        &self,
        other: &Self,
        dialect: Dialect,
        other_dialect: Dialect,
    ) -> Result<()> {
        let lacking = |one: &Self, two: &Self| {
            let names: BTreeSet<&String> = two.migrations.iter().map(|it| &it.name).collect();
            let mut migrations = one.migrations.iter();
            let missing = migrations.find(|migration| !names.contains(&migration.name));
            missing.map(|migration| migration.name.clone())
        };
        let missing = lacking(self, other)
            .map(|name| (name, dialect, other_dialect))
            .or_else(|| lacking(other, self).map(|name| (name, other_dialect, dialect)));
        match missing {
            None => Ok(()),
            Some((name, there, not_there)) => Err(Failure::new(format!(
                "migration `{name}` is written for {there} but not for {not_there}"
            ))
            .hint(format!(
                "add migrations/{}/{name}.up.sql and .down.sql; a project must run on both databases",
                not_there.folder()
            ))
            .into()),
        }
    }

    /// The migrations with the numbers from `first` to `last`.
    pub fn range(&self, first: i64, last: i64) -> Vec<Migration> {
        let all = self.migrations.iter();
        let within = all.filter(|migration| (first..=last).contains(&migration.number));
        within.cloned().collect()
    }

    /// The number of the next migration.
    pub fn next_number(&self) -> i64 {
        self.migrations
            .last()
            .map_or(1, |migration| migration.number + 1)
    }
}

/// Reads the files of `dialect` below `folder`, by number and name; after a merge of two branches a
/// number may be there twice.
///
/// # Errors
///
/// If a name has no number or a file cannot be read: the message names the file.
pub fn read_all(folder: &Path, dialect: Dialect) -> Result<Vec<Migration>> {
    read_files(&folder.join(dialect.folder()))
}

fn read_files(folder: &Path) -> Result<Vec<Migration>> {
    let mut migrations: BTreeMap<(i64, String), Migration> = BTreeMap::new();
    let mut downs = Vec::new();
    for path in sql_files(folder)? {
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).map_err(|error| unread(error, &path, OTHERWISE))?;
        let number = number_of(&name, &path)?;
        if let Some(name) = name.strip_suffix(".down.sql") {
            downs.push(((number, name.to_owned()), text));
            continue;
        }
        let name = name.strip_suffix(".up.sql").or(name.strip_suffix(".sql"));
        let name = name.unwrap_or_default().to_owned();
        let migration = Migration {
            number,
            name: name.clone(),
            up: text,
            down: None,
        };
        migrations.insert((number, name), migration);
    }
    for (key, text) in downs {
        if let Some(migration) = migrations.get_mut(&key) {
            migration.down = Some(text);
        }
    }
    Ok(migrations.into_values().collect())
}

fn sql_files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not read `{}`", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("could not read `{}`", folder.display()))?
            .path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn number_of(name: &str, path: &Path) -> Result<i64> {
    let number = name
        .split(['_', '.'])
        .next()
        .and_then(|number| number.parse::<i64>().ok());
    // There has to be a next one.
    let known = number.filter(|number| (1..i64::MAX).contains(number));
    known.ok_or_else(|| {
        Failure::new(format!(
            "the name of `{}` does not begin with a number that can be used",
            path.display()
        ))
        .hint("call it like 0007_api_what_it_does.up.sql")
        .into()
    })
}

fn twice(folder: &Path, one: &Migration, two: &str) -> Failure {
    Failure::new(format!(
        "two migrations in `{}` have the number {:04}: {} and {two}",
        folder.display(),
        one.number,
        one.name
    ))
    .hint("two branches were merged; renumber the one that is not applied here: backsmith makemigrations --merge")
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make folders")]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sqlite")).unwrap();
        for file in files {
            fs::write(folder.path().join("sqlite").join(file), *file).unwrap();
        }
        folder
    }

    fn read(files: &[&str]) -> Result<History> {
        History::read(folder(files).path(), Dialect::Sqlite)
    }

    #[test]
    fn up_and_down_belong_together() {
        let history = read(&[
            "0002_b.up.sql",
            "0001_a.up.sql",
            "0001_a.down.sql",
            "notes.txt",
        ])
        .unwrap();
        let names: Vec<_> = history
            .migrations
            .iter()
            .map(|migration| migration.name.as_str())
            .collect();
        assert_eq!(names, ["0001_a", "0002_b"]);
        assert_eq!(
            history.migrations[0].down.as_deref(),
            Some("0001_a.down.sql")
        );
        assert_eq!(history.migrations[1].down, None);
        assert_eq!(history.next_number(), 3);
    }

    #[test]
    fn a_missing_folder_is_an_empty_history() {
        assert_eq!(
            History::read(Path::new("/nowhere"), Dialect::Postgres)
                .unwrap()
                .next_number(),
            1
        );
    }

    #[test]
    fn the_same_number_twice_is_refused() {
        let error = read(&["0002_a.up.sql", "0002_b.up.sql"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("0002_a and 0002_b"), "{error}");
        for name in ["initial", "0_a", "-1_a", "9223372036854775807_a"] {
            assert!(read(&[&format!("{name}.up.sql")]).is_err(), "{name}");
        }
    }
}
