//! SeaORM's expanded format: an entity, its columns and its key as types of their own.

mod columns;
mod key;
mod model;

use syn::LitStr;

use super::attribute::{derives, find_string, words};
use super::body::plain;
use super::entity::{Entity, check_keys, model_name};
use super::items::{Found, Items, RawEntity};
use super::user_types::Scope;
use super::{relation, table};

/// The names of an entity's parts.
struct Parts<'i, 'a> {
    items: &'i Items<'a>,
    model: String,
    columns: String,
    key: String,
    relations: String,
}

/// Reads the entity whose own struct is `raw`; nothing if it belongs to a model that says all.
pub(super) fn read<'a>(raw: &RawEntity<'a>, found: &Found<'a>) -> syn::Result<Option<Entity<'a>>> {
    let empty = Items::default();
    let items = found.items.get(&raw.module).unwrap_or(&empty);
    let parts = parts(raw, items)?;
    let model = items.structure(&parts.model);
    if model.is_some_and(|model| derives(&model.attrs, "DeriveEntityModel")) {
        return Ok(None);
    }
    let rust = plain(&raw.item.ident);
    let table = table::of_entity(items, &rust)?.ok_or_else(|| {
        syn::Error::new(
            raw.item.ident.span(),
            format!(
                "this entity names no table: add `impl EntityName for {rust}` with `table_name`"
            ),
        )
    })?;
    let scope = Scope::new(&raw.module, found);
    let key = key::read(&parts, raw.item)?;
    let fields = columns::read(&parts, raw.item, &key, &scope)?;
    let shown = model.unwrap_or(raw.item);
    let mut entity = Entity {
        source: raw.source,
        module: raw.module.clone(),
        name: model_name(shown, &raw.module),
        line: shown.ident.span().start().line,
        rust,
        table: table.name,
        comment: table.comment,
        renamed_from: None,
        fields,
        belongs_to: relation::of_entity(items, &parts.relations)?,
    };
    if let Some(model) = model {
        model::check(model, &entity)?;
    }
    entity.fields.iter_mut().for_each(|field| {
        // A key of several columns is never handed out by the database.
        field.column.auto_increment &= key.variants.len() == 1;
    });
    check_keys(&mut entity, raw)?;
    Ok(Some(entity))
}

fn parts<'i, 'a>(raw: &RawEntity<'a>, items: &'i Items<'a>) -> syn::Result<Parts<'i, 'a>> {
    let words = words(&raw.item.attrs)?;
    let named = |word: &str, usual: &str| -> syn::Result<String> {
        let name: Option<LitStr> = find_string(&words, word)?;
        Ok(name.map_or_else(|| usual.to_owned(), |name| name.value()))
    };
    Ok(Parts {
        items,
        model: named("model", "Model")?,
        columns: named("column", "Column")?,
        key: named("primary_key", "PrimaryKey")?,
        relations: named("relation", "Relation")?,
    })
}
