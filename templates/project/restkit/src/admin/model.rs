//! A model as the admin site knows it: plain data, found out from its entity, and what its
//! [`ModelAdmin`](crate::ModelAdmin) says.
//!
//! All pages work on this and on values without types, so they are compiled once, in restkit, and
//! not again for every model of a project.

use std::ops::Deref;

use sea_orm::Value;
use sea_orm::sea_query::{Expr, Order};

use crate::admin::links::Links;
use crate::admin::store::Store;
use crate::model::columns::Columns;
use crate::model::{self, Entity, value};

/// A model in the admin site.
pub struct RegisteredModel {
    /// The app's label.
    pub app: &'static str,
    /// The name in URLs and permissions, for example `task`.
    pub slug: String,
    /// For people: `task`.
    pub name: String,
    /// For people: `tasks`.
    pub plural: String,
    pub(super) table: String,
    pub(super) columns: Vec<Column>,
    /// The number of the key among the columns.
    pub(super) key: usize,
    pub(super) options: Options,
    pub(super) store: Box<dyn Store>,
}

/// A column as pages show it: what the model says of it, and its words for people.
#[derive(Clone, Debug)]
pub(super) struct Column {
    facts: model::Column,
    pub label: String,
    /// The only values it may have, and how they are called.
    pub choices: Vec<(String, String)>,
}

/// The options of a [`ModelAdmin`](crate::ModelAdmin). Columns are numbers in the order of the model's.
#[derive(Default)]
pub(super) struct Options {
    pub list: Vec<Shown>,
    pub filters: Vec<usize>,
    pub search: Vec<usize>,
    pub search_index: Option<&'static str>,
    pub ordering: Vec<(usize, Order)>,
    pub per_page: u64,
    pub editable: Vec<usize>,
    pub date_hierarchy: Option<usize>,
    pub readonly: Vec<usize>,
    pub exclude: Vec<usize>,
    pub superusers: Vec<&'static str>,
    pub fieldsets: Vec<(&'static str, Vec<usize>)>,
    pub inputs: Vec<Input>,
    pub links: Vec<Links>,
    pub inlines: Vec<Inline>,
    pub actions: Vec<String>,
    pub cells: Vec<String>,
    pub tools: Vec<(&'static str, &'static str)>,
    pub may_add: bool,
    pub may_change: bool,
    pub save_as: bool,
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Column(usize),
    /// One that a function makes.
    Cell(usize),
}

/// A field of the form for a new row that is not a column, for the model's `save` to read.
#[derive(Clone, Copy)]
pub(super) struct Input {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
}

/// Rows of another model that are edited on the page of the one they refer to.
pub(super) struct Inline {
    pub model: RegisteredModel,
    /// The column that refers.
    pub column: usize,
}

impl RegisteredModel {
    /// Describes an entity, without options.
    pub(super) fn describe<E: Entity>(store: Box<dyn Store>) -> Self {
        let module = std::any::type_name::<E>().rsplit("::").nth(1);
        let slug = module
            .unwrap_or("model")
            .trim_start_matches("r#")
            .to_owned();
        let name = slug.replace('_', " ");
        let columns = Columns::of::<E>();
        let columns: Vec<_> = columns.all.iter().cloned().map(Column::new).collect();
        let key = columns.iter().position(|column| column.is_key);
        Self {
            app: "",
            plural: plural(&name),
            name,
            slug,
            table: E::default().table_name().to_owned(),
            key: key.unwrap_or(0),
            columns,
            options: Options {
                per_page: 100,
                may_add: true,
                may_change: true,
                ..Options::default()
            },
            store,
        }
    }

    pub(super) fn key(&self) -> &Column {
        &self.columns[self.key]
    }

    /// The number of a column by its name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The path of its list below the admin site's, without a slash before it.
    pub fn path(&self) -> String {
        format!("{}/{}/", self.app, self.slug)
    }
}

impl RegisteredModel {
    /// Gives columns the choices that the API knows, where the project names none.
    pub(super) fn learn_choices(&mut self) {
        let columns = self.columns.iter_mut();
        for column in columns.filter(|it| it.choices.is_empty() && it.refers.is_none()) {
            let values = Columns::choices_of(&self.table, column.name);
            column.choices = values.iter().map(|value| choice(value)).collect();
        }
    }
}

impl Column {
    fn new(facts: model::Column) -> Self {
        let is_reference = facts.refers.is_some();
        let referred = facts.name.strip_suffix("_id").filter(|_| is_reference);
        Self {
            label: label_of(referred.unwrap_or(facts.name)),
            choices: facts.variants.iter().map(|value| choice(value)).collect(),
            facts,
        }
    }

    /// A value to compare the column with; nothing, if its enum never has that one.
    pub(super) fn bound(&self, value: Value) -> Option<Expr> {
        let is_known = || {
            let text = value::text(&value);
            self.choices.iter().any(|(choice, _)| *choice == text)
        };
        let can_be = self.enum_name.is_none() || is_known();
        can_be.then(|| self.facts.bound(value))
    }
}

impl Deref for Column {
    type Target = model::Column;

    fn deref(&self) -> &model::Column {
        &self.facts
    }
}

/// A choice by its value, called by it.
pub(super) fn choice(value: &str) -> (String, String) {
    (value.to_owned(), label_of(&value.replace('-', " ")))
}

/// `is_active` is called `Is active`.
pub(super) fn label_of(name: &str) -> String {
    if name == "id" {
        return "ID".to_owned();
    }
    let words = name.trim_start_matches("r#").replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

fn plural(name: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_people() {
        assert_eq!(label_of("is_active"), "Is active");
        assert_eq!(label_of("r#type"), "Type");
        for (one, many) in [
            ("task", "tasks"),
            ("log entry", "log entries"),
            ("box", "boxes"),
            ("day", "days"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
