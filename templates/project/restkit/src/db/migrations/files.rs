//! The migrations that the program carries.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use include_dir::Dir;
use sqlx::migrate::{AppliedMigration, Migration, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::ledger;
use super::sql::{Token, statements, tokens};

/// The migrations of one dialect, in order.
#[derive(Debug)]
pub struct Migrations {
    pub(super) all: Vec<Migration>,
    /// Those that were squashed into others, for databases that have some of them.
    pub(super) originals: Vec<Migration>,
}

impl Migrations {
    /// Reads the embedded files of `dialect`.
    ///
    /// # Errors
    ///
    /// If a name does not begin with a number, or two begin with the same one.
    pub fn embedded(files: &Dir<'static>, dialect: &str) -> Result<Self> {
        Ok(Self {
            all: read(files, dialect)?,
            originals: read(files, &format!("{dialect}/squashed"))?,
        })
    }

    /// Returns what a database has `applied`, by the numbers and checksums of the files.
    pub(super) fn settle(
        &self,
        applied: Vec<AppliedMigration>,
    ) -> (Vec<AppliedMigration>, Vec<(i64, i64)>) {
        let records = applied
            .into_iter()
            .map(|it| (it.version, it.checksum.into_owned()));
        let files = self.all.iter().chain(&self.originals);
        let files: Vec<_> = files.map(|it| (it.version, it.sql.as_str())).collect();
        let settled = ledger::settle(records.collect(), &files);
        let records = settled.records.into_iter();
        let applied = records.map(|(version, checksum)| AppliedMigration {
            version,
            checksum: checksum.into(),
        });
        (applied.collect(), settled.renumbered)
    }

    /// The scripts of those that are `applied`.
    pub(super) fn scripts(&self, applied: &[AppliedMigration]) -> Vec<&str> {
        let known = || self.all.iter().chain(&self.originals);
        let scripts = applied.iter().filter_map(|applied| {
            let mut same = known().filter(|it| it.version == applied.version);
            same.find(|it| it.checksum == applied.checksum)
        });
        scripts.map(|migration| migration.sql.as_str()).collect()
    }

    /// Returns whether one of them makes an index that begins with `column`: an entity does not tell of
    /// those that are said in SQL.
    pub fn has_index(&self, table: &str, column: &str) -> bool {
        let mut statements = self.all.iter().flat_map(|it| statements(it.sql.as_str()));
        statements.any(|statement| {
            let indexed = indexed_column(statement);
            indexed.is_some_and(|(of, first)| of == table && first == column)
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Migration> {
        self.all.iter()
    }
}

/// `0002_api_initial`, as the file is called.
pub fn name_of(migration: &Migration) -> String {
    format!(
        "{:04}_{}",
        migration.version,
        migration.description.replace(' ', "_")
    )
}

/// The table and the first column of the index that a statement makes.
fn indexed_column(statement: &str) -> Option<(String, String)> {
    let tokens = tokens(statement);
    let is_index = |it: &&Token| it.is("INDEX");
    tokens.first().filter(|it| it.is("CREATE"))?;
    tokens.iter().take(3).find(is_index)?;
    let on = tokens.iter().position(|it| it.is("ON"))?;
    match &tokens[on + 1..] {
        [table, open, column, after, ..] if open.text == "(" && after.text != "(" => {
            Some((table.identifier()?, column.identifier()?))
        }
        _ => None,
    }
}

/// The migrations in `folder`, by number; none if there is no such folder.
fn read(files: &Dir<'static>, folder: &str) -> Result<Vec<Migration>> {
    let mut migrations = BTreeMap::new();
    let files = files.get_dir(folder).map(Dir::files).into_iter().flatten();
    for file in files {
        let name = file.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".up.sql") else {
            continue;
        };
        let (number, rest) = stem.split_once('_').unwrap_or((stem, ""));
        let version: i64 = number
            .parse()
            .map_err(|_| anyhow!("the migration `{name}` does not begin with a number"))?;
        let sql = file.contents_utf8().context("a migration is not UTF-8")?;
        let mut migration = Migration::new(
            version,
            rest.replace('_', " ").into(),
            MigrationType::ReversibleUp,
            AssertSqlSafe(sql).into_sql_str(),
            sql.starts_with("-- no-transaction"),
        );
        migration.checksum = ledger::checksum(sql);
        if migrations.insert(version, migration).is_some() {
            bail!(
                "two migrations have the number {number}; `backsmith makemigrations --merge` renumbers one"
            );
        }
    }
    Ok(migrations.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_of_an_index_is_known() {
        for (statement, column) in [
            ("CREATE INDEX \"i\" ON \"t\" (\"a\" DESC, \"b\")", Some("a")),
            ("CREATE UNIQUE INDEX i ON t (a) WHERE b", Some("a")),
            ("CREATE INDEX i ON t (lower(a))", None),
            ("CREATE TABLE t (a text)", None),
        ] {
            let found = indexed_column(statement);
            let expected = column.map(|column| ("t".to_owned(), column.to_owned()));
            assert_eq!(found, expected, "{statement}");
        }
    }
}
