//! Types of the user's own that a column can have: enums and wrappers.

use heck::ToUpperCamelCase;
use syn::{Fields, ItemEnum, ItemStruct, LitStr, Variant};

use super::attribute::{check, find_string, words};
use super::column_type;
use super::entity::renamed;
use super::walk::plain;
use crate::schema::ColumnType;

/// The column type of `#[derive(DeriveActiveEnum)]`.
pub(super) fn of_enum(item: &ItemEnum) -> syn::Result<ColumnType> {
    let words = words(&item.attrs)?;
    check(
        &words,
        "an enum",
        &["rs_type", "db_type", "enum_name", "rename_all"],
    )?;
    let Some(db_type) = find_string(&words, "db_type")? else {
        return Err(syn::Error::new(
            item.ident.span(),
            "this enum does not say how it is stored: add \
             #[sea_orm(rs_type = \"String\", db_type = \"String(StringLen::N(20))\")]",
        ));
    };
    if db_type.value() != "Enum" {
        return column_type::from_attribute(&db_type);
    }
    let name = match find_string(&words, "enum_name")? {
        Some(name) => name.value(),
        None => item.ident.to_string().to_upper_camel_case(),
    };
    let style = find_string(&words, "rename_all")?;
    let values = item
        .variants
        .iter()
        .map(|variant| value(variant, style.as_ref()));
    Ok(ColumnType::Enum {
        name,
        values: values.collect::<syn::Result<_>>()?,
    })
}

/// What the database holds for `variant`.
fn value(variant: &Variant, style: Option<&LitStr>) -> syn::Result<String> {
    let words = words(&variant.attrs)?;
    check(
        &words,
        "a variant",
        &["string_value", "rename", "display_value"],
    )?;
    if let Some(value) = find_string(&words, "string_value")? {
        return Ok(value.value());
    }
    let own = find_string(&words, "rename")?;
    let style = own.as_ref().or(style).ok_or_else(|| {
        let message = "this variant does not say what the database holds: add #[sea_orm(string_value = \"...\")]";
        syn::Error::new(variant.ident.span(), message)
    })?;
    renamed(&plain(&variant.ident), style)
}

/// The column type of `#[derive(DeriveValueType)]`.
pub(super) fn of_wrapper(item: &ItemStruct) -> syn::Result<ColumnType> {
    let words = words(&item.attrs)?;
    check(
        &words,
        "a value type",
        &[
            "column_type",
            "array_type",
            "value_type",
            "from_str",
            "to_str",
            "try_from_u64",
            "try_getable_array",
        ],
    )?;
    if let Some(column_type) = find_string(&words, "column_type")? {
        return column_type::from_attribute(&column_type);
    }
    if find_string(&words, "value_type")?.is_some() {
        return Ok(ColumnType::String(None));
    }
    match &item.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            column_type::from_rust(&fields.unnamed[0].ty, &|_| None)
        }
        _ => Err(syn::Error::new(
            item.ident.span(),
            "a value type wraps one field: struct Name(Type)",
        )),
    }
}
