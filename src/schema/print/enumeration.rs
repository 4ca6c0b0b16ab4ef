//! The enums of a table's columns, as SeaORM's active enums.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use crate::schema::{ColumnType, Table};

/// Names that SeaORM's derive gives to types of its own beside the model.
const TAKEN: &[&str] = &[
    "ActiveModel",
    "ActiveModelEx",
    "Column",
    "Entity",
    "Model",
    "ModelEx",
    "PrimaryKey",
    "Relation",
    "Self",
];

/// What the enum `name` of the database is called in Rust.
pub(super) fn rust_name(name: &str) -> String {
    let rust = identifier(name, "Choice");
    match TAKEN.contains(&rust.as_str()) {
        true => format!("{rust}Choice"),
        false => rust,
    }
}

/// The definitions of all enums of `table`.
pub(super) fn definitions(table: &Table) -> String {
    let enums: BTreeMap<&String, &Vec<String>> = table
        .columns
        .values()
        .filter_map(|column| match &column.column_type {
            ColumnType::Enum { name, values } => Some((name, values)),
            _ => None,
        })
        .collect();
    let definitions = enums
        .into_iter()
        .map(|(name, values)| definition(name, values));
    definitions.collect()
}

fn definition(name: &str, values: &[String]) -> String {
    let rust = rust_name(name);
    let mut text = format!(
        "\n    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]\n    \
         #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = {name:?})]\n    \
         pub enum {rust} {{\n"
    );
    let mut taken = BTreeSet::new();
    for value in values {
        let mut variant = identifier(value, "Value");
        while variant == "Self" || !taken.insert(variant.clone()) {
            variant.push('_');
        }
        text += &format!("        #[sea_orm(string_value = {value:?})]\n        {variant},\n");
    }
    text + "    }\n"
}

/// `text` as the name of a type or a variant, after `prefix` if it does not begin with a letter.
fn identifier(text: &str, prefix: &str) -> String {
    let camel = text.to_upper_camel_case();
    let plain: String = camel.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => plain,
        false => format!("{prefix}{plain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_has_a_variant_of_its_own() {
        let values = ["in use", "in-use", "2", "", "self", "ü"].map(str::to_owned);
        let text = definition("model", &values);
        let variants: Vec<_> = text
            .lines()
            .filter_map(|line| line.trim().strip_suffix(','))
            .collect();
        assert_eq!(
            variants,
            ["InUse", "InUse_", "Value2", "Value", "Self_", "Value_"]
        );
        assert!(text.contains("pub enum ModelChoice {"), "{text}");
    }
}
