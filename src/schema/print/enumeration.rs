//! The enums of a table's columns, as SeaORM's active enums.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use crate::schema::{ColumnType, Table};

/// Names that mean something else in the module of an entity: SeaORM's derive makes types of some,
/// and the preludes of Rust and of SeaORM have the others.
const TAKEN: &[&str] = &[
    "ActiveEnum",
    "ActiveModel",
    "ActiveModelBehavior",
    "ActiveModelEx",
    "ActiveModelTrait",
    "AsMut",
    "AsRef",
    "BelongsTo",
    "Box",
    "ChronoDate",
    "ChronoDateTime",
    "ChronoDateTimeUtc",
    "ChronoTime",
    "Clone",
    "Column",
    "ColumnDef",
    "ColumnTrait",
    "ColumnType",
    "ColumnTypeTrait",
    "ConnectionTrait",
    "Copy",
    "CursorTrait",
    "DatabaseConnection",
    "Date",
    "DateTime",
    "DateTimeLocal",
    "DateTimeUtc",
    "DateTimeWithTimeZone",
    "DbConn",
    "DbErr",
    "Debug",
    "Decimal",
    "Default",
    "Drop",
    "Entity",
    "EntityName",
    "EntityTrait",
    "EnumIter",
    "Eq",
    "Err",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "ForeignKeyAction",
    "From",
    "HasMany",
    "HasOne",
    "Iden",
    "IdenStatic",
    "Into",
    "IntoIterator",
    "Iterator",
    "Json",
    "Linked",
    "LoaderTrait",
    "Model",
    "ModelEx",
    "ModelTrait",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PaginatorTrait",
    "PartialEq",
    "PartialModelTrait",
    "PartialOrd",
    "PrimaryKey",
    "PrimaryKeyArity",
    "PrimaryKeyToColumn",
    "PrimaryKeyTrait",
    "QueryFilter",
    "QueryResult",
    "Related",
    "Relation",
    "RelationDef",
    "RelationTrait",
    "Result",
    "RuntimeErr",
    "Select",
    "SelectExt",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "StringLen",
    "Sync",
    "Time",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Uuid",
    "Value",
    "Vec",
];

/// Names the enums of a table's columns in Rust, by their names in the database.
pub(super) fn rust_names(table: &Table) -> BTreeMap<&str, String> {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
    let names = enums(table).into_keys();
    names
        .map(|name| {
            let first = identifier(name, "Choice");
            let numbered = (2..).map(|number| format!("{first}Choice{number}"));
            let mut candidates = [first.clone(), format!("{first}Choice")]
                .into_iter()
                .chain(numbered);
            // SeaORM's derive makes two more types of it.
            let all = |rust: &String| {
                [
                    rust.clone(),
                    format!("{rust}Enum"),
                    format!("{rust}Variant"),
                ]
            };
            let is_free = |rust: &String| all(rust).iter().all(|it| !taken.contains(it));
            let rust = candidates.find(is_free).unwrap_or(first);
            taken.extend(all(&rust));
            (name, rust)
        })
        .collect()
}

/// Returns whether SeaORM can tell the values apart: its derive makes the names of variants of them.
pub(super) fn can_be_said(values: &[String]) -> bool {
    let mut seen = BTreeSet::new();
    let names = values.iter().map(|value| variant_of_seaorm(value));
    names
        .into_iter()
        .all(|name| name != "Self" && seen.insert(name))
}

/// As SeaORM makes it: letters and digits stay, of all else there is the number.
fn variant_of_seaorm(value: &str) -> String {
    let letters = value.chars().enumerate().map(|(at, letter)| {
        let is_kept = match at {
            0 => letter.is_alphabetic(),
            _ => letter.is_alphanumeric(),
        };
        if is_kept {
            letter.to_string()
        } else {
            format!("{:#X}", letter as u32)
        }
    });
    letters.collect::<String>().to_upper_camel_case()
}

/// The definitions of all enums of `table` that can be said.
pub(super) fn definitions(table: &Table) -> String {
    let names = rust_names(table);
    let definitions = enums(table)
        .into_iter()
        .filter_map(|(name, values)| Some(definition(name, names.get(name)?, values)));
    definitions.collect()
}

fn enums(table: &Table) -> BTreeMap<&str, &[String]> {
    let columns = table.columns.values();
    let enums = columns.filter_map(|column| match &column.column_type {
        ColumnType::Enum { name, values } => Some((name.as_str(), values.as_slice())),
        _ => None,
    });
    enums.filter(|(_, values)| can_be_said(values)).collect()
}

fn definition(name: &str, rust: &str, values: &[String]) -> String {
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
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        plain
    } else {
        format!("{prefix}{plain}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_has_a_variant_of_its_own() {
        let values = ["in use", "in-use", "2", "", "self", "ü"].map(str::to_owned);
        let text = definition("model", "ModelChoice", &values);
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

    #[test]
    fn an_enum_is_called_like_nothing_else() {
        let mut table = Table::default();
        for name in ["uuid", "string", "option", "a", "a_enum", "A"] {
            let values = vec!["x".to_owned()];
            let name = name.to_owned();
            let column = crate::schema::Column::new(ColumnType::Enum {
                name: name.clone(),
                values,
            });
            table.columns.insert(name, column);
        }
        let names = rust_names(&table);
        let names: Vec<_> = names
            .iter()
            .map(|(name, rust)| (*name, rust.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("A", "A"),
                ("a", "AChoice"),
                ("a_enum", "AEnumChoice"),
                ("option", "OptionChoice"),
                ("string", "StringChoice"),
                ("uuid", "UuidChoice"),
            ]
        );
    }

    #[test]
    fn values_that_seaorm_takes_for_one_are_texts() {
        let can = |values: &[&str]| {
            can_be_said(&values.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert!(can(&["a", "b", "a b", "1"]));
        assert!(!can(&["a", "A"]));
        assert!(!can(&["self"]));
    }
}
