//! One entity: its table, its columns and the keys it says it has.

use heck::ToUpperCamelCase;
use syn::ItemStruct;
use syn::spanned::Spanned;

use super::Source;
use super::belongs_to::BelongsTo;
use super::body::plain;
use super::column::Field;
use super::items::RawEntity;
use super::limits;

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
