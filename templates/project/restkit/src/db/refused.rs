//! Answers for refusals of the database, where the model is not known.

use sea_orm::DbErr;

use crate::Error;
use crate::db::{self, Violation};
use crate::error::NON_FIELD;

impl From<DbErr> for Error {
    /// A constraint that the client's data violates is the client's error, all else is ours.
    fn from(error: DbErr) -> Self {
        match Violation::of(&error) {
            Some(violation) => violation.into(),
            None if db::is_passing(&error) => Self::Unavailable(error.into()),
            None => Self::Internal(error.into()),
        }
    }
}

impl From<Violation> for Error {
    /// The words where nothing is known of the model; a viewset names the fields.
    fn from(violation: Violation) -> Self {
        match violation {
            Violation::Unique(what) => unique(&what),
            Violation::ForeignKey(_) => Self::Conflict(
                "Another row refers to this one, or this one refers to a row that does not exist."
                    .to_owned(),
            ),
            Violation::Check(_) => {
                Self::field(NON_FIELD, "The values break a rule of the database.")
            }
            Violation::NotNull(column) => Self::field(&column, "This field may not be null."),
            Violation::TooLong => Self::field(NON_FIELD, "A value is too long for its column."),
            Violation::OutOfRange => {
                Self::field(NON_FIELD, "A value is outside of its column's range.")
            }
            Violation::Malformed => {
                Self::field(NON_FIELD, "A value does not have its column's type.")
            }
            Violation::Raised(words) => Self::Conflict(words),
        }
    }
}

/// SQLite names the columns: `api_task.title, api_task.owner_id`; PostgreSQL names the index.
fn unique(what: &str) -> Error {
    let columns: Vec<_> = what
        .split(", ")
        .filter_map(|column| column.split_once('.'))
        .collect();
    match columns.as_slice() {
        [(_, column)] => Error::field(column, "This value is already in use."),
        _ => Error::field(NON_FIELD, "A row with these values exists already."),
    }
}
