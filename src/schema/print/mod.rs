//! A schema as the source of models: what [`parse`](super::parse) reads, written.

mod column;
mod enumeration;
mod identifiers;
mod index;

use heck::ToUpperCamelCase;
use identifiers::{Identifiers, identifier};

use super::{Action, ForeignKey, Index, Schema, Table, names};
use crate::schema::snapshot::Hints;

/// Returns the path of the module with a table's entity, such as `restkit::auth::models::user`.
pub type ModuleOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The models of `schema`, a module for each table. `prefix` is left out of the modules' names, and
/// `elsewhere` knows the tables that other modules have models for.
pub fn models(schema: &Schema, prefix: &str, elsewhere: ModuleOf<'_>, hints: &Hints) -> String {
    let identifiers = Identifiers::of(schema, prefix);
    let modules: Vec<String> = schema
        .tables
        .iter()
        .map(|(name, table)| {
            let place = |target: &str| match identifiers.module(target) {
                Some(_) if target == name => Some("self".to_owned()),
                Some(module) => Some(format!("super::{module}")),
                None => elsewhere(target),
            };
            let entity = entity(name, table, &identifiers, &place, hints);
            if table.primary_key.is_empty() {
                set_aside(name, &entity)
            } else {
                entity
            }
        })
        .collect();
    modules.join("\n")
}

/// Returns whether models have words for the index `name` of a table.
pub fn says_index(table_name: &str, name: &str, index: &Index) -> bool {
    index::is_said(table_name, name, index)
}

/// A model that cannot be one yet, as a comment.
fn set_aside(name: &str, entity: &str) -> String {
    let lines = entity
        .lines()
        .map(|line| format!("// {line}").trim_end().to_owned() + "\n");
    let lines: String = lines.collect();
    format!(
        "// The table {name} has no primary key, which every model needs. If the values of a field are unique, say\n\
         // #[sea_orm(primary_key)] of it, and take the comment off:\n//\n{lines}"
    )
}

/// Returns whether models have words for an enum with these values.
pub fn says_enum(values: &[String]) -> bool {
    enumeration::can_be_said(values)
}

fn entity(
    name: &str,
    table: &Table,
    identifiers: &Identifiers<'_>,
    place: ModuleOf<'_>,
    hints: &Hints,
) -> String {
    let module = identifiers.module(name).unwrap_or_default();
    let mut text = format!("pub mod {module} {{\n    use sea_orm::entity::prelude::*;\n\n");
    text += "    #[sea_orm::model]\n    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n";
    text += &format!("    #[sea_orm(table_name = {name:?}");
    if let Some(comment) = &table.comment {
        text += &format!(", comment = {comment:?}");
    }
    text += ")]\n    pub struct Model {\n";
    let mut indexes = index::words(name, table);
    for (column_name, column) in &table.columns {
        let field = identifiers.field(name, column_name);
        let indexes = indexes.remove(column_name).unwrap_or_default();
        text += &column::field(name, table, (column_name, column), &field, indexes, hints);
    }
    let mut fields = identifiers.fields(name);
    for (columns, key) in &table.foreign_keys {
        let line = relation(
            (name, table),
            (columns, key),
            &mut fields,
            identifiers,
            place,
        );
        text += &line;
    }
    text += &unsaid(name, table);
    text += "    }\n";
    text += &enumeration::definitions(table);
    text += "\n    impl ActiveModelBehavior for ActiveModel {}\n}\n";
    text
}

/// The field that stands for a foreign key.
fn relation(
    (name, table): (&str, &Table),
    (columns, key): (&[String], &ForeignKey),
    fields: &mut Vec<String>,
    identifiers: &Identifiers<'_>,
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
    let wanted = match target.rsplit("::").nth(1) {
        // Named after its target, unless after its column, it says which of the tables it means.
        Some(module) if identifiers.module(&key.table) == Some(module) => module,
        _ => &key.table,
    };
    let field = free_name(columns, wanted, fields);
    let to_same = table.foreign_keys.values();
    if target == "Entity" {
        words = vec!["self_ref".to_owned()];
    }
    if target == "Entity" || to_same.filter(|other| other.table == key.table).count() > 1 {
        words.push(format!("relation_enum = {:?}", field.to_upper_camel_case()));
    }
    let tuple = |table: &str, columns: &[String]| {
        let fields: Vec<_> = columns
            .iter()
            .map(|it| identifiers.field(table, it))
            .collect();
        match fields.as_slice() {
            [field] => field.clone(),
            fields => format!("({})", fields.join(", ")),
        }
    };
    words.push(format!("from = {:?}", tuple(name, columns)));
    words.push(format!("to = {:?}", tuple(&key.table, &key.columns)));
    for (word, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        if action != Action::default() {
            words.push(format!("{word} = \"{action:?}\""));
        }
    }
    fields.push(field.clone());
    let words = words.join(", ");
    format!("        #[sea_orm({words})]\n        pub {field}: HasOne<{target}>,\n")
}

/// `owner` for `owner_id`, or the `target`; unless there is such a field already.
fn free_name(columns: &[String], target: &str, fields: &[String]) -> String {
    let column = columns.join("_");
    let short = column.strip_suffix("_id").unwrap_or(target);
    let numbered = (2..).map(|number| format!("{column}_row_{number}"));
    let mut candidates = [short.to_owned(), format!("{column}_row")]
        .into_iter()
        .chain(numbered)
        .map(|name| identifier(&name));
    let free = candidates.find(|name| !fields.contains(name));
    free.unwrap_or_else(|| identifier(short))
}

/// Lists the parts of a table that these models do not say.
fn unsaid(name: &str, table: &Table) -> String {
    let mut text = String::new();
    for (index, definition) in &table.indexes {
        if !says_index(name, index, definition) {
            let definition = definition.as_written();
            text += &format!("        // The index {index} on {definition} is not said here.\n");
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
