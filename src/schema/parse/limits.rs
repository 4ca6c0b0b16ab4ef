//! Rejects models that one of the databases would refuse or silently truncate. SQLite alone would not show
//! most of this, and PostgreSQL may be far away when migrations are made.

use super::column::Field;
use crate::schema::ColumnType;

/// PostgreSQL cuts longer names and refuses longer values of enums.
pub(super) const LONGEST_NAME: usize = 63;

/// The columns that every table of PostgreSQL has.
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The longest text of a declared length, and the most digits of a number.
const LONGEST_TEXT: u32 = 10_485_760;
const MOST_DIGITS: u32 = 1000;

/// Returns whether both databases can have the column of `field`.
///
/// # Errors
///
/// If one of them cannot: why, and what to do.
pub(super) fn check(field: &Field) -> Result<(), String> {
    let name = &field.name;
    let refuse = |why: &str| Err(format!("column name `{}` {why}", name.escape_debug()));
    match name.as_str() {
        "" => return refuse("is empty"),
        long if long.len() > LONGEST_NAME => {
            return refuse("is longer than the 63 bytes that PostgreSQL keeps");
        }
        odd if odd.contains('\0') => return refuse("has a NUL in it"),
        taken if SYSTEM_COLUMNS.contains(&taken) => {
            return refuse(
                "is that of a column that PostgreSQL gives every table: \
                 choose another one with #[sea_orm(column_name = \"...\")]",
            );
        }
        _ => {}
    }
    if field.primary_key && field.column.nullable {
        return Err(format!(
            "`{}` is a primary key, which cannot be NULL: write its type without Option",
            field.rust
        ));
    }
    check_type(&field.column.column_type)
        .map_err(|why| format!("the type of the column `{name}` {why}"))
}

fn check_type(column_type: &ColumnType) -> Result<(), String> {
    match column_type {
        ColumnType::Char(Some(length)) | ColumnType::String(Some(length))
            if !(1..=LONGEST_TEXT).contains(length) =>
        {
            Err(format!(
                "has the length {length}; PostgreSQL knows lengths from 1 to {LONGEST_TEXT}"
            ))
        }
        ColumnType::Decimal(Some((digits, _))) | ColumnType::Money(Some((digits, _)))
            if !(1..=MOST_DIGITS).contains(digits) =>
        {
            Err(format!(
                "has {digits} digits; PostgreSQL knows numbers of 1 to {MOST_DIGITS}"
            ))
        }
        ColumnType::Enum { values, .. } => check_values(values),
        _ => Ok(()),
    }
}

fn check_values(values: &[String]) -> Result<(), String> {
    for (number, value) in values.iter().enumerate() {
        let shown = value.escape_debug();
        if values[..number].contains(value) {
            return Err(format!("has the value `{shown}` twice"));
        }
        if value.len() > LONGEST_NAME {
            return Err(format!(
                "has the value `{shown}`, which is longer than the 63 bytes that PostgreSQL takes"
            ));
        }
    }
    Ok(())
}
