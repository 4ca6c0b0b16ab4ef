//! Explains what a database has refused, in the words of the check that came too early.

use sea_orm::DbErr;

use super::{NULL, group_words, taken_words};
use crate::Error;
use crate::db::Violation;
use crate::error::NON_FIELD;
use crate::model::column::Column;
use crate::model::columns::Columns;
use crate::serializer::form::Form;

/// The database's own refusal of a row, in the words of the check that came too early, by the fields
/// of a form. What no field of it is about is not the client's mistake.
pub fn explain(form: &Form, error: DbErr) -> Error {
    let columns = &form.columns;
    if let Some(violation) = Violation::of(&error) {
        let broken = concerned(columns, &violation);
        let is_sent = |number: &usize| form.field_of(*number).is_some();
        if !broken.is_empty() && !broken.iter().any(is_sent) {
            let names: Vec<_> = broken.iter().map(|it| columns.all[*it].name).collect();
            let words = format!(
                "the database refuses what was written to {}.{}, which no client sends",
                columns.table,
                names.join(", ")
            );
            return Error::Internal(anyhow::Error::new(error).context(words));
        }
    }
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
    if let Some(words) = lagging(columns, &violation) {
        return Error::Internal(anyhow::Error::new(error).context(words));
    }
    let concerned = concerned(columns, &violation);
    match violation {
        Violation::Unique(_) => match concerned.as_slice() {
            [number] => {
                let words = taken_words(columns, columns.all[*number].name);
                Error::field(name(*number), words)
            }
            [] => Error::field(NON_FIELD, "A row with these values exists already."),
            several => {
                let names: Vec<_> = several.iter().map(|number| name(*number)).collect();
                Error::field(NON_FIELD, group_words(&names))
            }
        },
        Violation::ForeignKey(_) => {
            let words = "Invalid pk - object does not exist.";
            Error::field(concerned.first().map_or(NON_FIELD, |it| name(*it)), words)
        }
        Violation::Check(_) => match concerned.as_slice() {
            [number] => Error::field(name(*number), "This value breaks a rule of the database."),
            _ => Error::field(NON_FIELD, "The values break a rule of the database."),
        },
        Violation::NotNull(_) => {
            Error::field(concerned.first().map_or(NON_FIELD, |it| name(*it)), NULL)
        }
        Violation::Raised(words) => Error::field(NON_FIELD, words),
        other => other.into(),
    }
}

/// The columns that a violation is about, as far as the database tells.
fn concerned(columns: &Columns, violation: &Violation) -> Vec<usize> {
    let mut all = columns.all.iter();
    match violation {
        Violation::Unique(what) => broken(columns, what),
        Violation::ForeignKey(what) => {
            let field = all.position(|column| what.contains(&format!("({})", column.name)));
            field.into_iter().collect()
        }
        Violation::Check(rule) => checked(columns, rule),
        Violation::NotNull(column) => all.position(|it| it.name == *column).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Says what to do about a key that the database has handed out although there is a row with it: as after
/// an import that names the keys itself.
fn lagging(columns: &Columns, violation: &Violation) -> Option<String> {
    let key = columns.all.iter().find(|it| it.is_key && it.is_automatic)?;
    let (table, key) = (columns.table, key.name);
    let is_key = match violation {
        Violation::Unique(what) => {
            *what == format!("{table}_pkey") || *what == format!("{table}.{key}")
        }
        _ => false,
    };
    is_key.then(|| {
        format!(
            "the numbers for {table}.{key} lag behind its rows. Let them go on after the greatest: \
             SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))"
        )
    })
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
    match (group, longest) {
        (Some(group), _) => group.clone(),
        (None, Some((number, _))) => vec![number],
        (None, None) => named_within(columns, message),
    }
}

/// The columns whose names are parts of an index's name: `api_user_lower_email_key` is over an expression,
/// and neither database tells its columns.
fn named_within(columns: &Columns, index: &str) -> Vec<usize> {
    let Some((_, parts)) = index.split_once(columns.table) else {
        return Vec::new();
    };
    let is_named = |name: &str| parts.contains(&format!("_{name}_"));
    let named: Vec<_> = columns
        .all
        .iter()
        .map(|it| it.name)
        .filter(|it| is_named(it))
        .collect();
    let is_part = |name: &str| {
        named
            .iter()
            .any(|other| *other != name && other.contains(name))
    };
    let all = columns.all.iter().enumerate();
    all.filter(|(_, column)| named.contains(&column.name) && !is_part(column.name))
        .map(|(number, _)| number)
        .collect()
}
