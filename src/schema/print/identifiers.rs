//! Names of the database as names in Rust: each is one of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::once;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::name::is_keyword;
use crate::schema::{Schema, Table};

/// The fields of a table, by column.
pub(super) type Fields<'s> = BTreeMap<&'s str, String>;

/// The names in Rust of all tables and columns of a schema.
pub(super) struct Identifiers<'s> {
    modules: BTreeMap<&'s str, String>,
    fields: BTreeMap<&'s str, Fields<'s>>,
}

impl<'s> Identifiers<'s> {
    /// `prefix` is left out of the modules' names.
    pub(super) fn of(schema: &'s Schema, prefix: &str) -> Self {
        let own = |name: &'s str| {
            let own = name.strip_prefix(prefix).filter(|own| !own.is_empty());
            (name, own.unwrap_or(name))
        };
        let tables = || schema.tables.iter();
        Self {
            modules: unique(tables().map(|(name, _)| own(name))),
            fields: tables()
                .map(|(name, table)| (name.as_str(), fields(table)))
                .collect(),
        }
    }

    /// The module of the table `name`: `task` for `api_task` in the app `api`.
    pub(super) fn module(&self, name: &str) -> Option<&str> {
        self.modules.get(name).map(String::as_str)
    }

    /// The field of `column`, of a table of this schema or of another one.
    pub(super) fn field(&self, table: &str, column: &str) -> String {
        let field = self.fields.get(table).and_then(|it| it.get(column));
        field.cloned().unwrap_or_else(|| identifier(column))
    }

    /// All fields of `table` that columns have.
    pub(super) fn fields(&self, table: &str) -> Vec<String> {
        let fields = self.fields.get(table).into_iter().flatten();
        fields.map(|(_, field)| field.clone()).collect()
    }
}

fn fields(table: &Table) -> Fields<'_> {
    unique(table.columns.keys().map(|name| (&**name, &**name)))
}

/// An identifier for each key, from the name beside it. A name that is Rust as it is keeps its own;
/// of others that come to the same one the later ones are numbered.
fn unique<'k, 'n>(names: impl Iterator<Item = (&'k str, &'n str)>) -> BTreeMap<&'k str, String> {
    let is_rust = |(_, name): &(&str, &str)| identifier(name) == *name;
    let (plain, odd): (Vec<_>, Vec<_>) = names.partition(is_rust);
    let mut taken = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (key, name) in plain.into_iter().chain(odd) {
        let first = identifier(name);
        let numbered = (2..).map(|number| format!("{first}_{number}"));
        let mut candidates = once(first.clone()).chain(numbered);
        // SeaORM's derive makes variants of them, in which underscores do not count.
        let free = candidates.find(|candidate| taken.insert(candidate.to_upper_camel_case()));
        found.insert(key, free.unwrap_or(first));
    }
    found
}

/// `name` as an identifier in snake_case.
pub(super) fn identifier(name: &str) -> String {
    let snake = name.to_snake_case();
    let plain: String = snake
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let plain = plain.trim_matches('_');
    match plain.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{plain}"),
        // SeaORM's derive makes a variant of it, and `Self` can be none.
        _ if plain == "self" => "this".to_owned(),
        // It does not know raw identifiers everywhere.
        _ if is_keyword(plain) => format!("{plain}_"),
        _ => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_become_one() {
        let lines = unique([("line1", "line1"), ("line_1", "line_1")].into_iter());
        assert_eq!(lines["line1"], "line1");
        assert_eq!(lines["line_1"], "line_1_2");
        let names = ["A b", "a_b", "a-b", "a_b_2", "self", "type", "ß", "2x", ""];
        let found = unique(names.iter().map(|name| (*name, *name)));
        let expected = [
            ("A b", "a_b_3"),
            ("a_b", "a_b"),
            ("a-b", "a_b_4"),
            ("a_b_2", "a_b_2"),
            ("self", "this"),
            ("type", "type_"),
            ("ß", "unnamed"),
            ("2x", "n2x"),
            ("", "unnamed_2"),
        ];
        assert_eq!(found, expected.map(|(key, it)| (key, it.to_owned())).into());
    }
}
