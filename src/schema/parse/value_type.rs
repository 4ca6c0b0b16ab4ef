//! Types of the user's own that a column can have: enums and wrappers.

use syn::{Fields, ItemEnum, ItemStruct};

use super::attribute::{check, find_string, words};
use super::column_type;
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
    if db_type.value() == "Enum" {
        return Err(syn::Error::new(
            db_type.span(),
            "an enum type of the database's own exists on PostgreSQL alone; supported: \
             rs_type = \"String\", db_type = \"String(StringLen::N(20))\", or rs_type = \"i32\", db_type = \"Integer\"",
        ));
    }
    column_type::from_attribute(&db_type)
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
