//! Types of the user's own that a column can have: enums and wrappers.

use heck::ToUpperCamelCase;
use syn::{Attribute, Fields, Ident, ItemEnum, LitStr, Variant};

use super::attribute::{check, find, find_string, words};
use super::body::plain;
use super::body::written;
use super::column_types;
use super::items::Definition;
use super::style::renamed;
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
        return column_types::from_attribute(&db_type);
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

/// Returns the values of this enum's columns, in the order of its variants; nothing if the source does not
/// tell.
pub(super) fn choices_of(item: &ItemEnum) -> Vec<String> {
    let style = words(&item.attrs).and_then(|words| find_string(&words, "rename_all"));
    let style = style.unwrap_or_default();
    let choices = item
        .variants
        .iter()
        .map(|variant| choice(variant, style.as_ref()));
    choices.collect::<Option<_>>().unwrap_or_default()
}

fn choice(variant: &Variant, style: Option<&LitStr>) -> Option<String> {
    let words = words(&variant.attrs).ok()?;
    let number = find(&words, "num_value").and_then(|word| word.value.as_ref());
    match number.or(variant.discriminant.as_ref().map(|(_, number)| number)) {
        Some(number) => Some(written(number).replace(' ', "")),
        None => value(variant, style).ok(),
    }
}

/// Returns the stored value of `variant`.
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

/// Returns the type that `#[derive(DeriveValueType)]` gives a wrapper; `fields` are those of a struct.
pub(super) fn of_wrapper<'a>(
    name: &Ident,
    attrs: &[Attribute],
    fields: Option<&'a Fields>,
) -> syn::Result<Definition<'a>> {
    let words = words(attrs)?;
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
        return column_types::from_attribute(&column_type).map(Definition::Kept);
    }
    if find_string(&words, "value_type")?.is_some() {
        return Ok(Definition::Kept(ColumnType::String(None)));
    }
    match fields {
        Some(Fields::Unnamed(fields)) if fields.unnamed.len() == 1 => {
            Ok(Definition::As(&fields.unnamed[0].ty))
        }
        _ => Err(syn::Error::new(
            name.span(),
            "a value type wraps one field: struct Name(Type)",
        )),
    }
}
