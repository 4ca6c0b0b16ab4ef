//! A text that a client may send without any rule about it.

use syn::{Fields, Item, Meta, Type};

use super::visit::{Found, derives};

const HINT: &str = "#[garde(length(chars, min = 1))] refuses an empty one; if any text is right, #[serde(default)] or #[garde(skip)] says so";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    let mut found = Vec::new();
    for item in &file.items {
        let Item::Struct(item) = item else { continue };
        if !derives(&item.attrs, "Validate") || !derives(&item.attrs, "Deserialize") {
            continue;
        }
        let Fields::Named(fields) = &item.fields else {
            continue;
        };
        for field in &fields.named {
            let Some(name) = field.ident.as_ref().filter(|_| is_bare_text(field)) else {
                continue;
            };
            let message = format!("`{}.{name}` takes any text, an empty one too", item.ident);
            found.push(Found::new(name.span(), "unruled-text", message, HINT));
        }
    }
    found
}

fn is_bare_text(field: &syn::Field) -> bool {
    let Type::Path(path) = &field.ty else {
        return false;
    };
    let is_text = path
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "String");
    let has_rule = field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("garde"));
    let has_default = field.attrs.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => {
            list.path.is_ident("serde") && list.tokens.to_string().contains("default")
        }
        _ => false,
    });
    is_text && !has_rule && !has_default
}
