//! A database schema as plain data, and the pure functions over it.
//!
//! A schema is read from the models' source ([`parse`]) or from a database ([`introspect`]); two of
//! them differ by [operations](operation) ([`diff`]), and operations become SQL ([`sql`]).

pub mod clauses;
mod collation;
pub mod column_type;
pub mod condition;
pub mod default_value;
pub mod diagram;
pub mod diff;
pub mod enums;
mod generated;
pub mod index;
pub mod names;
pub mod operation;
pub mod parse;
pub mod print;
pub mod sample;
pub mod snapshot;
pub mod sql;
pub mod syntax;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod testing;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;

pub use collation::Collation;
pub use column_type::ColumnType;
pub use condition::Condition;
pub use default_value::DefaultValue;
pub use generated::Generated;
pub use index::Index;

/// All tables by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub tables: BTreeMap<String, Table>,
}

/// A table; two are equal whatever the order of their columns, because no database can reorder them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: IndexMap<String, Column>,
    pub primary_key: Vec<String>,
    /// By name; see [`names`] for how they are chosen.
    pub indexes: BTreeMap<String, Index>,
    /// By the columns that refer; the constraint's name follows from them.
    pub foreign_keys: BTreeMap<Vec<String>, ForeignKey>,
    /// By the constraint's name.
    pub checks: BTreeMap<String, Condition>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub column_type: ColumnType,
    pub nullable: bool,
    pub default: Option<DefaultValue>,
    /// Whether the database hands out the number: only for the one column of a primary key.
    pub auto_increment: bool,
    pub collation: Option<Collation>,
    pub generated: Option<Generated>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    pub table: String,
    pub columns: Vec<String>,
    pub on_delete: Action,
    pub on_update: Action,
}

/// The action on a row when the row it refers to is deleted or changes its key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// The databases that every migration is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Table {
    /// Returns whether `column` is a part of the primary key.
    pub fn is_key(&self, column: &str) -> bool {
        self.primary_key.iter().any(|key| key == column)
    }
}

impl Column {
    /// A column that must be given and has no default.
    pub fn new(column_type: ColumnType) -> Self {
        Self {
            column_type,
            nullable: false,
            default: None,
            auto_increment: false,
            collation: None,
            generated: None,
            comment: None,
        }
    }
}

impl Action {
    pub const ALL: [Self; 5] = [
        Self::NoAction,
        Self::Restrict,
        Self::Cascade,
        Self::SetNull,
        Self::SetDefault,
    ];

    /// The action in SQL, the same in both dialects.
    pub fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }

    /// The action that [`Action::sql`] spells so.
    pub fn from_sql(sql: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.sql() == sql)
    }
}

impl Dialect {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// The name of its folder in `migrations/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.folder() == name)
            .ok_or_else(|| "write `sqlite` or `postgres`".to_owned())
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}
