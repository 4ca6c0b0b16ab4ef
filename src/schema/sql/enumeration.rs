//! Enums: a type of its own on PostgreSQL; on SQLite a text, a comment that says what it is, and a
//! condition that keeps other values out.

use super::token::{self, Kind};
use super::{note::note, quote};
use crate::schema::default_value::quoted;
use crate::schema::{ColumnType, Table, names};

/// The comment behind the type of a column on SQLite: `/* mood ('happy', 'sad') */`.
pub(super) fn hint(column_type: &ColumnType) -> Option<String> {
    match column_type {
        ColumnType::Enum { name, values } => {
            Some(note(&format!("{} ({})", quote(name), list(values))))
        }
        _ => None,
    }
}

/// The type that such a comment says.
pub fn from_hint(hint: &str) -> Option<ColumnType> {
    let tokens = token::tokens(hint);
    let name = tokens.first()?.identifier()?;
    let texts = tokens.iter().filter(|token| token.kind == Kind::Text);
    let values: Option<Vec<String>> = texts
        .map(|token| {
            let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(inner.replace("''", "'"))
        })
        .collect();
    Some(ColumnType::Enum {
        name,
        values: values?,
    })
}

/// The condition on a column of SQLite that has such a type.
pub(super) fn condition(table: &str, column: &str, column_type: &ColumnType) -> Option<String> {
    match column_type {
        ColumnType::Enum { values, .. } => Some(format!(
            "CONSTRAINT {} CHECK ({} IN ({}))",
            quote(&names::enumeration(table, column)),
            quote(column),
            list(values)
        )),
        _ => None,
    }
}

/// The conditions on all columns of `definition`.
pub(super) fn conditions(table: &str, definition: &Table) -> Vec<String> {
    let columns = definition.columns.iter();
    columns
        .filter_map(|(name, column)| condition(table, name, &column.column_type))
        .collect()
}

/// `'happy', 'sad'`
pub(super) fn list(values: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| quoted(value)).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::syntax::note;

    #[test]
    fn a_hint_is_read_back() {
        let column_type = ColumnType::Enum {
            name: "odd \"name\"".to_owned(),
            values: ["it's", "a, b", "*/", ""].map(str::to_owned).to_vec(),
        };
        let hint = hint(&column_type).unwrap();
        assert_eq!(from_hint(&note::read(&hint).unwrap()), Some(column_type));
        assert_eq!(from_hint("7"), from_hint("7"));
    }
}
