//! An index: what it is over, read from SQL and written as SQL.

mod key;
mod read;

use super::default_value::dialect;
use super::sql::{note, quote_all, token};
use super::{Condition, Dialect};

pub use key::Key;
pub use read::Named;

/// An index over columns or expressions, of all rows or of those that fulfil a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub keys: Vec<Key>,
    pub unique: bool,
    /// PostgreSQL's kind of index, such as `gin`; `None` is its usual one.
    pub method: Option<String>,
    /// Columns that PostgreSQL keeps beside the keys, so that it need not read the row.
    pub include: Vec<String>,
    pub condition: Option<Condition>,
}

impl Index {
    /// An index over `columns`, of all rows.
    pub fn over<C: AsRef<str>>(columns: impl IntoIterator<Item = C>, unique: bool) -> Self {
        let keys = columns.into_iter();
        Self {
            keys: keys.map(|column| Key::column(column.as_ref())).collect(),
            unique,
            ..Self::default()
        }
    }

    /// Returns the columns, if it is over columns in their usual order, and of all rows.
    pub fn plain_columns(&self) -> Option<Vec<String>> {
        let is_usual = self.method.is_none() && self.include.is_empty() && self.condition.is_none();
        let columns = self.keys.iter().map(Key::plain_column);
        columns.collect::<Option<_>>().filter(|_| is_usual)
    }

    /// Returns whether it is unique over these columns and of all rows, so that others may refer to them.
    pub fn is_unique_over(&self, columns: &[String]) -> bool {
        self.unique && self.plain_columns().as_deref() == Some(columns)
    }

    /// Returns whether it finds rows by this column alone.
    pub fn leads_with(&self, column: &str) -> bool {
        let first = self.keys.first().and_then(Key::plain_column);
        self.condition.is_none() && first.as_deref() == Some(column)
    }

    /// Returns what its name is made of, unless somebody gives it one: `owner_id_created_at_desc`.
    pub fn label(&self) -> String {
        let words: Vec<String> = self.keys.iter().flat_map(Key::words).collect();
        words.join("_")
    }

    /// Returns whether `dialect` can have it as it is.
    pub fn is_known_to(&self, dialect: Dialect) -> bool {
        let is_fulfillable = |it: &Condition| dialect::knows(dialect, &it.0);
        let is_portable = self.method.is_none() && self.include.is_empty();
        (dialect == Dialect::Postgres || is_portable)
            && self.keys.iter().all(|key| key.is_known_to(dialect))
            && self.condition.as_ref().is_none_or(is_fulfillable)
    }

    /// Returns whether it keeps the same rows apart in both databases, if it is there to keep rows apart.
    pub fn is_enforced_alike(&self) -> bool {
        let is_found = self.is_known_to(Dialect::Postgres) && self.sqlite_definition().is_some();
        !self.unique || is_found
    }

    /// Returns what CREATE INDEX says after the table's name; `None` if `dialect` cannot have it.
    ///
    /// SQLite, whose tables the history is read from, has every index: one that it does not know is over
    /// no rows there. What PostgreSQL has instead is in a comment.
    pub fn definition(&self, dialect: Dialect) -> Option<String> {
        if self.is_known_to(dialect) {
            return Some(self.whole_definition());
        }
        if dialect == Dialect::Postgres {
            return None;
        }
        let note = note::note(&self.whole_definition());
        let (keys, condition) = self.sqlite_definition().unwrap_or_else(|| {
            let first = self.keys.first().and_then(Key::leading_column);
            let key = first.map_or_else(|| "NULL".to_owned(), |column| super::sql::quote(&column));
            (key, Some("FALSE".to_owned()))
        });
        let condition = condition.map(|condition| format!(" WHERE {condition}"));
        Some(format!("({keys}) {note}{}", condition.unwrap_or_default()))
    }

    /// Returns the index with the column `from` under its new name `to`.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        for key in &mut self.keys {
            *key = key.renamed(from, to);
        }
        for column in self.include.iter_mut().filter(|column| *column == from) {
            to.clone_into(column);
        }
        if let Some(condition) = &mut self.condition {
            *condition = condition.renamed(from, to);
        }
    }

    /// Returns whether it is about the column `name`, among others.
    pub fn mentions(&self, name: &str) -> bool {
        self.keys.iter().any(|key| token::mentions(&key.0, name))
            || self.include.iter().any(|column| column == name)
            || self.condition.as_ref().is_some_and(|it| it.mentions(name))
    }

    /// Returns it as a person writes it in a model, without quotes where none are needed.
    pub fn as_written(&self) -> String {
        let include = self.include.iter().map(|column| Key::column(column));
        let include: Vec<_> = include.map(|column| column.as_written()).collect();
        self.joined(self.keys.iter().map(Key::as_written), &include.join(", "))
    }

    /// Returns what PostgreSQL is told: `USING gin ("tags")`.
    pub fn whole_definition(&self) -> String {
        let keys = self.keys.iter().map(|key| key.0.clone());
        self.joined(keys, &quote_all(&self.include))
    }

    fn joined(&self, keys: impl Iterator<Item = String>, include: &str) -> String {
        let keys: Vec<_> = keys.collect();
        let mut sql = match &self.method {
            Some(method) => format!("USING {method} ({})", keys.join(", ")),
            None => format!("({})", keys.join(", ")),
        };
        if !include.is_empty() {
            sql += &format!(" INCLUDE ({include})");
        }
        if let Some(condition) = &self.condition {
            sql += &format!(" WHERE {condition}");
        }
        sql
    }

    /// Returns the keys and the condition for SQLite, if it finds the same rows by them.
    fn sqlite_definition(&self) -> Option<(String, Option<String>)> {
        let condition = self.condition.as_ref().map(|condition| condition.0.clone());
        let is_known = |sql: &String| dialect::knows(Dialect::Sqlite, sql);
        if self.method.is_some() || !condition.as_ref().is_none_or(is_known) {
            return None;
        }
        let keys: Option<Vec<String>> = self.keys.iter().map(Key::sqlite).collect();
        Some((keys?.join(", "), condition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, unique: bool) -> Index {
        Index::read(text, unique).unwrap().index
    }

    #[test]
    fn each_database_has_what_it_knows() {
        for (text, sqlite, postgres) in [
            ("(a, b)", "(\"a\", \"b\")", Some("(\"a\", \"b\")")),
            (
                "(a DESC) WHERE gone IS NULL",
                "(\"a\" DESC) WHERE gone IS NULL",
                Some("(\"a\" DESC) WHERE gone IS NULL"),
            ),
            ("(lower(a))", "(lower(a))", Some("(lower(a))")),
            (
                "USING gin (tags)",
                "(\"tags\") /* USING gin (\"tags\") */ WHERE FALSE",
                Some("USING gin (\"tags\")"),
            ),
            (
                "(a) INCLUDE (b, c)",
                "(\"a\") /* (\"a\") INCLUDE (\"b\", \"c\") */",
                Some("(\"a\") INCLUDE (\"b\", \"c\")"),
            ),
            (
                "(a DESC NULLS LAST, b text_pattern_ops)",
                "(\"a\" DESC, \"b\") /* (\"a\" DESC NULLS LAST, \"b\" text_pattern_ops) */",
                Some("(\"a\" DESC NULLS LAST, \"b\" text_pattern_ops)"),
            ),
            (
                "(md5(a)) WHERE b > now()",
                "(NULL) /* (md5(a)) WHERE b > now() */ WHERE FALSE",
                Some("(md5(a)) WHERE b > now()"),
            ),
            ("(a COLLATE NOCASE)", "(\"a\" COLLATE NOCASE)", None),
            (
                "(a COLLATE \"C\")",
                "(\"a\") /* (\"a\" COLLATE \"C\") */",
                Some("(\"a\" COLLATE \"C\")"),
            ),
        ] {
            let index = read(text, false);
            let found = index.definition(Dialect::Sqlite);
            assert_eq!(found.as_deref(), Some(sqlite), "{text}");
            let found = index.definition(Dialect::Postgres);
            assert_eq!(found.as_deref(), postgres, "{text}");
            let statement = format!("CREATE INDEX \"i\" ON \"t\" {sqlite}");
            assert_eq!(Index::from_statement(&statement), Some(index), "{text}");
        }
    }

    #[test]
    fn what_keeps_rows_apart_does_so_in_both_databases() {
        for (text, expected) in [
            ("(a)", true),
            ("(lower(a)) WHERE gone IS NULL", true),
            ("(a) INCLUDE (b)", true),
            ("(md5(a))", false),
            ("(a) WHERE b ~ 'x'", false),
            ("(a COLLATE NOCASE)", false),
        ] {
            assert_eq!(read(text, true).is_enforced_alike(), expected, "{text}");
            assert!(read(text, false).is_enforced_alike(), "{text}");
        }
    }

    #[test]
    fn a_column_is_renamed_wherever_it_is() {
        let mut index = read("(lower(a), a DESC) INCLUDE (a, b) WHERE a > 'a'", false);
        assert!(index.mentions("a") && !index.mentions("c"));
        index.rename_column("a", "c");
        assert_eq!(
            index.whole_definition(),
            "(lower(\"c\"), \"c\" DESC) INCLUDE (\"c\", \"b\") WHERE \"c\" > 'a'"
        );
        assert_eq!(index.label(), "lower_c_c_desc");
    }
}
