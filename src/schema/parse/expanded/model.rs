//! The struct `Model` of an expanded entity, which must not say what SeaORM passes over there.

use syn::{Fields, ItemStruct};

use crate::schema::parse::attribute::{Word, words};
use crate::schema::parse::body::plain;
use crate::schema::parse::entity::Entity;

/// Refuses words that have no effect on the table of `entity`.
pub(super) fn check(model: &ItemStruct, entity: &Entity<'_>) -> syn::Result<()> {
    for word in words(&model.attrs)? {
        let agrees = match word.name.as_str() {
            "table_name" => word.string()?.value() == entity.table,
            "entity" => true,
            _ => false,
        };
        if !agrees {
            return Err(passed_over(&word, "`impl EntityName`"));
        }
    }
    let Fields::Named(fields) = &model.fields else {
        return Ok(());
    };
    for field in &fields.named {
        let words = words(&field.attrs)?;
        let name = field.ident.as_ref().map(plain).unwrap_or_default();
        let column = entity.fields.iter().find(|field| field.is_called(&name));
        for word in words {
            let agrees = match word.name.as_str() {
                "ignore" | "enum_name" => true,
                "primary_key" => column.is_some_and(|column| column.primary_key),
                "unique" => column.is_some_and(|column| column.unique),
                "indexed" => column.is_some_and(|column| column.indexed),
                "nullable" => column.is_some_and(|column| column.column.nullable),
                _ => false,
            };
            if !agrees {
                return Err(passed_over(&word, "`impl ColumnTrait` or `PrimaryKey`"));
            }
        }
    }
    Ok(())
}

fn passed_over(word: &Word, instead: &str) -> syn::Error {
    word.error(format!(
        "SeaORM passes over `{}` here, where the columns are written by hand: say it in {instead}",
        word.name
    ))
}
