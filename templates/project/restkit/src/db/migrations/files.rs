//! The migrations that the program carries.

use std::collections::BTreeMap;

use super::migration::Migration;
use super::sql::{Token, statements, tokens};
use anyhow::{Context, Result, anyhow, bail};
use include_dir::Dir;

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

    /// Returns whether one of them makes an index that begins with `column`: an entity does not tell of
    /// those that are said in SQL.
    pub fn has_index(&self, table: &str, column: &str) -> bool {
        let mut statements = self.all.iter().flat_map(|it| statements(&it.up));
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
        let number = stem.split('_').next().unwrap_or(stem);
        let number: i64 = number
            .parse()
            .map_err(|_| anyhow!("the migration `{name}` does not begin with a number"))?;
        let up = file.contents_utf8().context("a migration is not UTF-8")?;
        let migration = Migration {
            number,
            name: stem.to_owned(),
            up: up.to_owned(),
            down: None,
        };
        if migrations.insert(number, migration).is_some() {
            bail!(
                "two migrations have the number {number:04}; `backsmith makemigrations --merge` renumbers one"
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
