//! The enum `PrimaryKey`.

use syn::{Expr, ExprLit, ItemStruct, Lit};

use super::Parts;
use crate::schema::parse::attribute::{check, derives, words};
use crate::schema::parse::body::plain;
use crate::schema::parse::body::returned;

/// The columns of a key, as variants of `Column`.
pub(super) struct Key {
    pub variants: Vec<String>,
    /// Whether the database hands it out.
    pub auto_increment: bool,
}

/// Reads the key of `entity`.
pub(super) fn read(parts: &Parts<'_, '_>, entity: &ItemStruct) -> syn::Result<Key> {
    let name = &parts.key;
    let item = parts
        .items
        .enumeration(name)
        .filter(|item| derives(&item.attrs, "DerivePrimaryKey"));
    let item = item.ok_or_else(|| {
        let message = format!(
            "the key of this entity is not beside it: write #[derive(DerivePrimaryKey)] enum {name} in this module"
        );
        syn::Error::new(entity.ident.span(), message)
    })?;
    let mut variants = Vec::new();
    for variant in &item.variants {
        check(&words(&variant.attrs)?, "a key's variant", &["column_name"])?;
        variants.push(plain(&variant.ident));
    }
    let code = parts.items.implementation("PrimaryKeyTrait", name);
    let value = match code {
        Some(code) => returned(code, "auto_increment")?,
        None => None,
    };
    match value {
        Some(Expr::Lit(ExprLit {
            lit: Lit::Bool(value),
            ..
        })) => Ok(Key {
            variants,
            auto_increment: value.value,
        }),
        Some(other) => Err(syn::Error::new_spanned(
            other,
            "`auto_increment` cannot be read: write `true` or `false`",
        )),
        None => Err(syn::Error::new(
            item.ident.span(),
            format!(
                "whether the database hands out this key is not said: add `impl PrimaryKeyTrait for {name}` \
                 with `fn auto_increment() -> bool`"
            ),
        )),
    }
}
