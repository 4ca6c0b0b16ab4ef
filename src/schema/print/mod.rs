//! A schema as the source of models: what [`parse`](super::parse) reads, written.

mod column;
mod enumeration;
mod index;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{Action, ForeignKey, Schema, Table, names};
use crate::name::is_keyword;

/// Where the entity of a table is found: the path of its module, such as
/// `restkit::auth::models::user`.
pub type ModuleOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The models of `schema`, a module for each table. `prefix` is left out of the modules' names, and
/// `elsewhere` knows the tables that other modules have models for.
pub fn models(schema: &Schema, prefix: &str, elsewhere: ModuleOf<'_>) -> String {
    let modules: Vec<String> = schema
        .tables
        .iter()
        .map(|(name, table)| {
            let place = |target: &str| match schema.tables.contains_key(target) {
                true if target == name => Some("self".to_owned()),
                true => Some(format!("super::{}", module(target, prefix))),
                false => elsewhere(target),
            };
            entity(name, table, &module(name, prefix), &place)
        })
        .collect();
    modules.join("\n")
}

/// Whether models have words for the index `name` of `table`.
pub fn says_index(table_name: &str, table: &Table, name: &str) -> bool {
    index::said(table_name, table)
        .iter()
        .any(|(said, _)| *said == name)
}

/// The module of the table `name`: `task` for `api_task` in the app `api`.
pub fn module(name: &str, prefix: &str) -> String {
    let own = name.strip_prefix(prefix).filter(|own| !own.is_empty());
    identifier(own.unwrap_or(name))
}

fn entity(name: &str, table: &Table, module: &str, place: ModuleOf<'_>) -> String {
    let mut text = format!("pub mod {module} {{\n    use sea_orm::entity::prelude::*;\n\n");
    text += "    #[sea_orm::model]\n    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n";
    text += &format!("    #[sea_orm(table_name = {name:?}");
    if let Some(comment) = &table.comment {
        text += &format!(", comment = {comment:?}");
    }
    text += ")]\n    pub struct Model {\n";
    for (column_name, column) in &table.columns {
        text += &column::field(name, table, column_name, column);
    }
    let mut fields: Vec<String> = table.columns.keys().map(|name| identifier(name)).collect();
    for (columns, key) in &table.foreign_keys {
        text += &relation(table, columns, key, &mut fields, place);
    }
    text += &unsaid(name, table);
    text += "    }\n";
    text += &enumeration::definitions(table);
    text += "\n    impl ActiveModelBehavior for ActiveModel {}\n}\n";
    text
}

/// The field that stands for a foreign key.
fn relation(
    table: &Table,
    columns: &[String],
    key: &ForeignKey,
    fields: &mut Vec<String>,
    place: ModuleOf<'_>,
) -> String {
    let target = match place(&key.table) {
        Some(module) if module == "self" => "Entity".to_owned(),
        Some(module) => format!("{module}::Entity"),
        None => {
            let (columns, target) = (columns.join(", "), &key.table);
            return format!(
                "        // {columns} refers to `{target}`, which has no model here.\n"
            );
        }
    };
    let mut words = vec!["belongs_to".to_owned()];
    let field = free_name(columns, key, fields);
    let to_same = table.foreign_keys.values();
    if target == "Entity" {
        words = vec!["self_ref".to_owned()];
    }
    if target == "Entity" || to_same.filter(|other| other.table == key.table).count() > 1 {
        words.push(format!("relation_enum = {:?}", field.to_upper_camel_case()));
    }
    words.push(format!("from = {:?}", tuple(columns)));
    words.push(format!("to = {:?}", tuple(&key.columns)));
    for (word, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        if action != Action::default() {
            words.push(format!("{word} = \"{action:?}\""));
        }
    }
    fields.push(field.clone());
    let words = words.join(", ");
    format!("        #[sea_orm({words})]\n        pub {field}: HasOne<{target}>,\n")
}

/// `owner` for `owner_id`, unless there is such a field already.
fn free_name(columns: &[String], key: &ForeignKey, fields: &[String]) -> String {
    let column = columns.join("_");
    let short = column.strip_suffix("_id").unwrap_or(&key.table);
    let candidates = [identifier(short), identifier(&format!("{column}_row"))];
    let free = candidates.into_iter().find(|name| !fields.contains(name));
    free.unwrap_or_else(|| identifier(&format!("{column}_{}_row", key.table)))
}

fn tuple(columns: &[String]) -> String {
    match columns {
        [column] => identifier(column),
        _ => {
            let columns: Vec<_> = columns.iter().map(|column| identifier(column)).collect();
            format!("({})", columns.join(", "))
        }
    }
}

/// What the table has and these models do not say.
fn unsaid(name: &str, table: &Table) -> String {
    let mut text = String::new();
    let said = index::said(name, table);
    for (index, definition) in &table.indexes {
        if !said.iter().any(|(said, _)| *said == index) {
            let columns = definition.columns.join(", ");
            text += &format!("        // The index {index} on ({columns}) is not said here.\n");
        }
    }
    for (check, condition) in &table.checks {
        let mut columns = table.columns.keys();
        if !columns.any(|column| names::check(name, column) == *check) {
            text += &format!("        // The check {check} is not said here: {condition}\n");
        }
    }
    text
}

/// `name` as an identifier in snake_case.
fn identifier(name: &str) -> String {
    let snake = name.to_snake_case();
    let plain: String = snake
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    match plain.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{plain}"),
        // SeaORM's derive does not know raw identifiers everywhere.
        _ if plain == "_" || is_keyword(&plain) => format!("{plain}_"),
        _ => plain,
    }
}
