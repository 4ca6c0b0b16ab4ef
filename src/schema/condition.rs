//! A condition on rows, in SQL.

use std::fmt;

use super::Dialect;
use super::default_value::dialect;
use super::syntax::token;

/// A condition of a CHECK or of an index; two are equal if they differ only in white space and in quotes
/// around names.
#[derive(Clone, Debug)]
pub struct Condition(pub String);

impl Condition {
    /// The condition in SQL; one that `dialect` does not know is fulfilled by every row.
    pub fn sql(&self, dialect: Dialect) -> String {
        dialect::written(dialect, &self.0, "TRUE")
    }

    /// Reads SQL back.
    pub fn from_sql(sql: &str) -> Self {
        Self(dialect::kept(sql, "TRUE").unwrap_or(sql).to_owned())
    }

    /// The condition with the column `from` under its new name `to`.
    pub fn renamed(&self, from: &str, to: &str) -> Self {
        Self(token::renamed(&self.0, from, to))
    }

    /// Returns whether it is about the column `name`, among others.
    pub fn mentions(&self, name: &str) -> bool {
        token::mentions(&self.0, name)
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        token::is_same(&self.0, &other.0)
    }
}

impl Eq for Condition {}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_around_names_do_not_count() {
        let same =
            |one: &str, other: &str| Condition(one.to_owned()) == Condition(other.to_owned());
        assert!(same("\"price\">0", "price > 0"));
        assert!(same("a  <> 'x'", "a<>'x'"));
        assert!(!same("a <> 'x'", "a <> x"));
        assert!(!same("a <> 'x y'", "a <> 'xy'"));
        assert!(!same("a > 0", "a > 1"));
    }
}
