//! SeaORM's compact format: an entity whose model says all.

use syn::Fields;

use super::attribute::{Word, check, find, find_string, words};
use super::entity::{Entity, check_keys, model_name};
use super::items::{Found, Items, RawEntity};
use super::table::{self, Table};
use super::user_types::Scope;
use super::{collect, column, consistent, relation};

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

/// Reads the entity whose model is `raw`.
pub(super) fn read<'a>(raw: &RawEntity<'a>, found: &Found<'a>) -> syn::Result<Entity<'a>> {
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
            .and_then(|()| consistent::indexes(&entity))
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
