//! Columns whose values the database computes from others of the row.

use super::Dialect;
use super::default_value::dialect;
use super::syntax::token;

/// How a column is computed; two are equal if they differ only in white space and in quotes around names.
#[derive(Clone, Debug)]
pub struct Generated {
    /// In SQL that both databases know.
    pub expression: String,
    /// Keeps the value in the row; without it, SQLite computes the value when it is read.
    pub stored: bool,
}

impl Generated {
    /// The clause of a column's definition. PostgreSQL before 18 keeps all of them in the row.
    pub fn sql(&self, dialect: Dialect) -> String {
        let place = if self.stored || dialect == Dialect::Postgres {
            "STORED"
        } else {
            "VIRTUAL"
        };
        format!("GENERATED ALWAYS AS ({}) {place}", self.expression)
    }

    /// Returns whether both databases know the expression.
    pub fn is_portable(&self) -> bool {
        let mut dialects = Dialect::ALL.into_iter();
        dialects.all(|dialect| dialect::knows(dialect, &self.expression))
    }

    /// Returns it as PostgreSQL has it.
    pub fn as_stored(&self) -> Self {
        Self {
            expression: self.expression.clone(),
            stored: true,
        }
    }

    /// Returns it with the column `from` under its new name `to`.
    pub fn renamed(&self, from: &str, to: &str) -> Self {
        Self {
            expression: token::renamed(&self.expression, from, to),
            stored: self.stored,
        }
    }

    /// Returns whether it is computed from the column `name`, among others.
    pub fn mentions(&self, name: &str) -> bool {
        token::mentions(&self.expression, name)
    }
}

impl PartialEq for Generated {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored && token::is_same(&self.expression, &other.expression)
    }
}

impl Eq for Generated {}
