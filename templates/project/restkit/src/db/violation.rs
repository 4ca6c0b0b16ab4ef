//! Why a database refuses a row, as one value for both databases.

use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// A rule of the database that a statement, or a COMMIT, would break.
///
/// ```
/// use restkit::Error;
/// use restkit::db::Violation;
/// use sea_orm::DbErr;
///
/// fn explain(error: DbErr) -> Error {
///     match Violation::of(&error) {
///         Some(Violation::Unique(_)) => Error::Conflict("This name is taken.".to_owned()),
///         _ => error.into(),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Values that another row has already. SQLite names the columns, as `api_task.title`;
    /// PostgreSQL names the constraint.
    Unique(String),
    /// A row that does not exist is referred to, or one that others refer to would go. PostgreSQL
    /// names the constraint and the columns, SQLite nothing.
    ForeignKey(String),
    /// A condition. SQLite gives its name or its text, PostgreSQL its name.
    Check(String),
    /// The column of this name requires a value.
    NotNull(String),
    /// A text is longer than its column.
    TooLong,
    /// A number or a moment is outside of what its column can hold.
    OutOfRange,
    /// A text is not what the column's type is written as.
    Malformed,
    /// A trigger has refused, in these words.
    Raised(String),
}

impl Violation {
    /// Returns the rule that was broken; nothing if the database failed for another reason.
    pub fn of(error: &DbErr) -> Option<Self> {
        let error = database_error(error)?;
        if let Some(error) = error.try_downcast_ref::<SqliteError>() {
            return of_sqlite(error);
        }
        of_postgres(error.try_downcast_ref::<PgDatabaseError>()?)
    }
}

/// Returns what the database itself said.
pub(crate) fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => error.as_database_error(),
        _ => None,
    }
}

/// SQLite's extended result codes: <https://sqlite.org/rescode.html>.
fn of_sqlite(error: &SqliteError) -> Option<Violation> {
    let message = error.message();
    let what = message
        .split_once("constraint failed: ")
        .map_or(message, |(_, what)| what);
    let what = what.to_owned();
    match error.code()?.parse().ok()? {
        275 => Some(Violation::Check(what)),
        787 => Some(Violation::ForeignKey(String::new())),
        1299 => Some(Violation::NotNull(
            what.rsplit('.').next().unwrap_or_default().to_owned(),
        )),
        1555 | 2067 | 2579 => Some(Violation::Unique(what)),
        // SQLite carries out RESTRICT by a trigger of its own.
        1811 if message.contains("FOREIGN KEY") => Some(Violation::ForeignKey(String::new())),
        1811 => Some(Violation::Raised(what)),
        18 => Some(Violation::TooLong),
        20 | 3091 => Some(Violation::Malformed),
        _ => None,
    }
}

/// PostgreSQL's classes 22 and 23: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(error: &PgDatabaseError) -> Option<Violation> {
    let constraint = || error.constraint().unwrap_or_default().to_owned();
    match error.code() {
        "23001" | "23503" => Some(Violation::ForeignKey(format!(
            "{} {}",
            constraint(),
            error.detail().unwrap_or_default()
        ))),
        "23502" => Some(Violation::NotNull(
            error.column().unwrap_or_default().to_owned(),
        )),
        "23505" | "23P01" => Some(Violation::Unique(constraint())),
        "23514" => Some(Violation::Check(constraint())),
        "22001" => Some(Violation::TooLong),
        "22003" | "22008" => Some(Violation::OutOfRange),
        "22007" | "22021" | "22P02" | "22P05" => Some(Violation::Malformed),
        "P0001" => Some(Violation::Raised(error.message().to_owned())),
        _ => None,
    }
}
