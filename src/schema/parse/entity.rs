//! One entity: its table, its columns and the keys it says it has.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase,
    ToUpperCamelCase,
};
use syn::spanned::Spanned;
use syn::{Fields, ItemStruct, LitStr};

use super::attribute::{Word, check, find, find_string, words};
use super::column::{self, Field};
use super::index;
use super::limits;
use super::own_type::Scope;
use super::relation::{self, BelongsTo};
use super::table::{self, Table};
use super::walk::{Form, Found, Items, RawEntity, plain};
use super::{Source, collect, expanded};

const KNOWN: [&str; 11] = [
    "table_name",
    "renamed_from",
    "comment",
    "rename_all",
    "schema_name",
    "table_iden",
    "model_ex",
    "model_attrs",
    "model_ex_attrs",
    "active_model_attrs",
    "arrow_schema",
];

/// An entity as it is written; relations may still point anywhere.
pub(super) struct Entity<'a> {
    pub source: &'a Source,
    pub module: Vec<String>,
    /// Its name in Rust, nearly always `Entity`.
    pub rust: String,
    /// For example `Task`.
    pub name: String,
    pub line: usize,
    pub table: String,
    pub comment: Option<String>,
    /// Former name of the table.
    pub renamed_from: Option<String>,
    pub fields: Vec<Field>,
    pub belongs_to: Vec<BelongsTo>,
}

/// Reads an entity: its struct, and what else its module says about it.
pub(super) fn read<'a>(raw: &RawEntity<'a>, found: &Found<'a>) -> syn::Result<Option<Entity<'a>>> {
    match raw.form {
        Form::Model => of_model(raw, found).map(Some),
        Form::Expanded => expanded::read(raw, found),
    }
}

fn of_model<'a>(raw: &RawEntity<'a>, found: &Found<'a>) -> syn::Result<Entity<'a>> {
    let words = words(&raw.item.attrs)?;
    check(&words, "an entity", &KNOWN)?;
    let empty = Items::default();
    let items = found.items.get(&raw.module).unwrap_or(&empty);
    let table = match find_string(&words, "table_name")? {
        Some(name) => Table::of_words(name, &words)?,
        None => table::of_entity(items, "Entity")?.ok_or_else(|| {
            syn::Error::new(
                raw.item.ident.span(),
                "this entity names no table: add #[sea_orm(table_name = \"...\")]",
            )
        })?,
    };
    let style = find_string(&words, "rename_all")?;
    let Fields::Named(fields) = &raw.item.fields else {
        return Err(syn::Error::new(
            raw.item.ident.span(),
            "an entity is a struct with named fields",
        ));
    };
    let mut entity = Entity {
        source: raw.source,
        module: raw.module.clone(),
        rust: "Entity".to_owned(),
        name: model_name(raw.item, &raw.module),
        line: raw.item.ident.span().start().line,
        table: table.name,
        comment: table.comment,
        renamed_from: renamed_from(&words)?,
        fields: Vec::new(),
        belongs_to: Vec::new(),
    };
    let scope = Scope::new(&raw.module, found);
    let mut errors = None;
    for field in &fields.named {
        let read = match relation::compound(field) {
            Some(target) => {
                relation::of_field(field, target).map(|key| entity.belongs_to.extend(key))
            }
            None => {
                column::read(field, &scope, style.as_ref()).map(|field| entity.fields.extend(field))
            }
        };
        if let Err(error) = read {
            collect(&mut errors, error);
        }
    }
    match relation::of_entity(items, "Relation") {
        Ok(keys) => entity.belongs_to.extend(keys),
        Err(error) => collect(&mut errors, error),
    }
    if errors.is_none() {
        check_keys(&mut entity, raw)
            .and_then(|()| index::check(&entity))
            .map_err(|error| collect(&mut errors, error))
            .ok();
    }
    errors.map_or(Ok(entity), Err)
}

/// The table's former name: a word of ours, which SeaORM passes over unless it is in the first of its
/// attributes.
fn renamed_from(words: &[Word]) -> syn::Result<Option<String>> {
    let Some(word) = find(words, "renamed_from") else {
        return Ok(None);
    };
    if word.attribute == 0 {
        return Err(word.error(
            "SeaORM knows `renamed_from` only of columns: write it in an attribute of its own, below the one \
             with `table_name`",
        ));
    }
    Ok(Some(word.string()?.value()))
}

/// A table needs a key; a composite one is never handed out by the database.
pub(super) fn check_keys(entity: &mut Entity<'_>, raw: &RawEntity<'_>) -> syn::Result<()> {
    let keys = entity
        .fields
        .iter()
        .filter(|field| field.primary_key)
        .count();
    if keys == 0 {
        return Err(syn::Error::new(
            raw.item.ident.span(),
            "this entity has no key: add #[sea_orm(primary_key)] to a field",
        ));
    }
    if keys > 1 {
        for field in &mut entity.fields {
            field.column.auto_increment = false;
        }
    }
    for (number, field) in entity.fields.iter().enumerate() {
        if entity.fields[..number]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&field.name))
        {
            return Err(syn::Error::new(
                raw.item.fields.span(),
                format!("two fields are the column `{}`", field.name),
            ));
        }
        limits::check(field).map_err(|why| syn::Error::new(raw.item.fields.span(), why))?;
    }
    Ok(())
}

/// `Task` for the struct `Model` in the module `task`.
pub(super) fn model_name(item: &ItemStruct, module: &[String]) -> String {
    let own = plain(&item.ident);
    match (own.as_str(), module.last()) {
        ("Model" | "Entity", Some(module)) => module.to_upper_camel_case(),
        _ => own,
    }
}

/// The identifier `name` in the style of `rename_all`, as SeaORM's derives have it.
pub(super) fn renamed(name: &str, style: &LitStr) -> syn::Result<String> {
    Ok(match style.value().as_str() {
        "snake_case" | "snek_case" => name.to_snake_case(),
        "camelCase" | "mixed_case" => name.to_lower_camel_case(),
        "PascalCase" | "camel_case" => name.to_upper_camel_case(),
        "SCREAMING_SNAKE_CASE" | "shouty_snake_case" | "shouty_snek_case" => {
            name.to_shouty_snake_case()
        }
        "kebab-case" | "kebab_case" => name.to_kebab_case(),
        "SCREAMING-KEBAB-CASE" => name.to_shouty_kebab_case(),
        "title_case" => name.to_title_case(),
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        other => {
            return Err(syn::Error::new(
                style.span(),
                format!(
                    "unknown style `{other}`; supported: snake_case, camelCase, PascalCase, SCREAMING_SNAKE_CASE, \
                     kebab-case, SCREAMING-KEBAB-CASE, title_case, lowercase, UPPERCASE"
                ),
            ));
        }
    })
}
