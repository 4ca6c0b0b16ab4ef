//! What a database has refused, in the words of the check that came too early.

use sea_orm::DbErr;

use super::{NULL, group_words, taken_words};
use crate::Error;
use crate::db::Violation;
use crate::error::NON_FIELD;
use crate::rest::columns::{Column, Columns};
use crate::rest::request::Form;

/// The database's own refusal of a row, in the words of the check that came too early, by the fields
/// of a form.
pub fn explain(form: &Form, error: DbErr) -> Error {
    let columns = &form.columns;
    let name = |number: usize| {
        let field = form.field_of(number);
        field.unwrap_or(columns.all[number].json_key)
    };
    explain_by(columns, &name, error)
}

/// The same by the names that `name` gives the columns.
pub fn explain_by<'n>(columns: &Columns, name: &dyn Fn(usize) -> &'n str, error: DbErr) -> Error {
    let Some(violation) = Violation::of(&error) else {
        return error.into();
    };
    match violation {
        Violation::Unique(what) => match broken(columns, &what).as_slice() {
            [number] => {
                let words = taken_words(columns, columns.all[*number].name);
                Error::field(name(*number), words)
            }
            several => {
                let names: Vec<_> = several.iter().map(|number| name(*number)).collect();
                Error::field(NON_FIELD, group_words(&names))
            }
        },
        Violation::ForeignKey(what) => {
            let mut all = columns.all.iter();
            let field = all.position(|column| what.contains(&format!("({})", column.name)));
            let words = "Invalid pk - object does not exist.";
            Error::field(field.map_or(NON_FIELD, name), words)
        }
        Violation::Check(rule) => match checked(columns, &rule).as_slice() {
            [number] => Error::field(name(*number), "This value breaks a rule of the database."),
            _ => Error::field(NON_FIELD, "The values break a rule of the database."),
        },
        Violation::NotNull(column) => {
            let number = columns.all.iter().position(|it| it.name == column);
            Error::field(number.map_or(NON_FIELD, name), NULL)
        }
        Violation::Raised(words) => Error::field(NON_FIELD, words),
        other => other.into(),
    }
}

/// Returns the columns that a condition is about, by its text or by its name:
/// `"pages" >= 0`, `library_book_pages_check`.
fn checked(columns: &Columns, rule: &str) -> Vec<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let named = |column: &Column| {
        let is_word = rule
            .split(|letter| !is_part(letter))
            .any(|word| word == column.name);
        is_word || rule.starts_with(&format!("{}_{}_", columns.table, column.name))
    };
    let all = columns.all.iter().enumerate();
    all.filter(|(_, column)| named(column))
        .map(|(number, _)| number)
        .collect()
}

/// SQLite names the columns: `UNIQUE constraint failed: api_task.title`; PostgreSQL the constraint,
/// whose name ours have made of them: `api_task_title_key`.
fn broken(columns: &Columns, message: &str) -> Vec<usize> {
    let numbered = || columns.all.iter().enumerate();
    let told: Vec<_> = numbered()
        .filter(|(_, column)| {
            let name = format!("{}.{}", columns.table, column.name);
            message.split([' ', ',']).any(|word| word == name)
        })
        .map(|(number, _)| number)
        .collect();
    if !told.is_empty() {
        return told;
    }
    let group = columns.unique_groups.iter().find(|group| {
        let names: Vec<_> = group.iter().map(|it| columns.all[*it].name).collect();
        message.contains(&names.join("_"))
    });
    let named = |name: &str| message.contains(&format!("{}_{name}_", columns.table));
    let longest = numbered()
        .filter(|(_, column)| named(column.name))
        .max_by_key(|(_, column)| column.name.len());
    match group {
        Some(group) => group.clone(),
        None => longest.into_iter().map(|(number, _)| number).collect(),
    }
}
