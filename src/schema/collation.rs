//! The collation of a column: how its texts are compared and sorted. No two databases have one in common.

use super::Dialect;
use super::sql::{note, quote};

/// The collations that SQLite has by itself, apart from its usual one.
const OF_SQLITE: [&str; 2] = ["NOCASE", "RTRIM"];

/// Collations that the databases use by default.
const USUAL: [&str; 2] = ["BINARY", "DEFAULT"];

/// A collation that is not the usual one: SQLite's `NOCASE`, PostgreSQL's `"de-x-icu"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collation(String);

impl Collation {
    /// The collation `name`; `None` for the usual one.
    pub fn named(name: &str) -> Option<Self> {
        let upper = name.to_ascii_uppercase();
        match upper.as_str() {
            usual if USUAL.contains(&usual) => None,
            own if OF_SQLITE.contains(&own) => Some(Self(upper)),
            _ => Some(Self(name.to_owned())),
        }
    }

    /// Returns whether `dialect` has it.
    pub fn is_known_to(&self, dialect: Dialect) -> bool {
        OF_SQLITE.contains(&self.0.as_str()) == (dialect == Dialect::Sqlite)
    }

    /// The clause COLLATE; `None` if PostgreSQL does not have it. SQLite keeps one that it does not have in
    /// a comment, since the history is read from there.
    pub fn sql(&self, dialect: Dialect) -> Option<String> {
        match (dialect, self.is_known_to(dialect)) {
            (_, true) => Some(self.to_string()),
            (Dialect::Postgres, false) => None,
            (Dialect::Sqlite, false) => {
                Some(format!("COLLATE BINARY {}", note::note(&self.to_string())))
            }
        }
    }
}

/// As models and PostgreSQL write it: `COLLATE NOCASE`, `COLLATE "de-x-icu"`.
impl std::fmt::Display for Collation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_known_to(Dialect::Sqlite) {
            write!(f, "COLLATE {}", self.0)
        } else {
            write!(f, "COLLATE {}", quote(&self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_told_of_its_own() {
        let sql = |name| {
            let collation = Collation::named(name)?;
            Some(Dialect::ALL.map(|dialect| collation.sql(dialect)))
        };
        assert_eq!(sql("binary"), None);
        assert_eq!(sql("default"), None);
        assert_eq!(
            sql("NoCase"),
            Some([Some("COLLATE NOCASE".to_owned()), None])
        );
        let postgres = "COLLATE \"de-x-icu\"";
        let sqlite = format!("COLLATE BINARY /* {postgres} */");
        assert_eq!(
            sql("de-x-icu"),
            Some([Some(sqlite), Some(postgres.to_owned())])
        );
    }
}
