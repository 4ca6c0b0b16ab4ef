//! Declarations of modules.

use anyhow::{Context, Result, bail};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Item, UseTree};

use super::proof::proven;
use super::remove::remove_module;
use super::{insert, newline_of, parse, split_mark, with_comment, with_comments};
use crate::error::Failure;

/// Adds `pub mod <name>;` to the module declarations of `text`, in rustfmt's order.
///
/// # Errors
///
/// If `text` does not parse or already declares that module.
pub fn add_module(text: &str, name: &str) -> Result<String> {
    declare(text, name, &format!("pub mod {name};"))
}

/// Adds `#[cfg(test)] mod <name>;` as [`add_module`] does.
///
/// # Errors
///
/// As for [`add_module`].
pub fn add_test_module(text: &str, name: &str) -> Result<String> {
    let newline = newline_of(text);
    declare(text, name, &format!("#[cfg(test)]{newline}mod {name};"))
}

/// Adds `mod <name>;` as [`add_module`] does.
///
/// # Errors
///
/// As for [`add_module`].
pub fn add_private_module(text: &str, name: &str) -> Result<String> {
    declare(text, name, &format!("mod {name};"))
}

/// Gives the module `from` the name `to`: its declaration, with its attributes and comments, moves to the new place.
///
/// # Errors
///
/// If `text` does not parse, does not declare `from` or declares `to`.
pub fn rename_declaration(text: &str, from: &str, to: &str) -> Result<String> {
    let (_, rest) = split_mark(text);
    let file = parse(rest)?;
    let declared = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && module.ident.unraw() == from => {
            Some(module)
        }
        _ => None,
    });
    let declared = declared.with_context(|| {
        Failure::new(format!("it does not declare `mod {from};`"))
            .hint("declare the app's module where the others are")
    })?;
    let (whole, name) = (
        declared.span().byte_range(),
        declared.ident.span().byte_range(),
    );
    let (start, end) = (
        with_comments(rest, whole.start),
        with_comment(rest, whole.end),
    );
    let line = [&rest[start..name.start], to, &rest[name.end..end]].concat();
    declare(&remove_module(text, from)?, to, &line)
}

/// Adds the declaration `line` of the module `name`.
fn declare(text: &str, name: &str, line: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let modules: Vec<_> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() => Some(module),
            _ => None,
        })
        .collect();
    let before = modules
        .iter()
        .rev()
        .find(|module| module.ident.unraw().to_string().as_str() < name);
    if let Some(item) = file.items.iter().find(|item| names_type(item, name)) {
        let what = match item {
            Item::Mod(_) => "a module",
            _ => "something else that is called",
        };
        bail!(Failure::new(format!("it declares {what} `{name}` already")));
    }
    let newline = newline_of(text);
    let edited = match (before, modules.first(), file.items.first()) {
        (Some(module), _, _) => {
            let end = with_comment(text, module.span().byte_range().end);
            insert(text, end, &format!("{newline}{line}"))
        }
        (None, Some(module), _) => {
            let start = with_comments(text, module.span().byte_range().start);
            insert(text, start, &format!("{line}{newline}"))
        }
        (None, None, Some(item)) => {
            let start = with_comments(text, item.span().byte_range().start);
            insert(text, start, &format!("{line}{newline}{newline}"))
        }
        (None, None, None) => {
            let gap = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                newline
            };
            format!("{text}{gap}{line}{newline}")
        }
    };
    let edited = proven(text, edited, |edited| {
        let is_it = |item: &Item| matches!(item, Item::Mod(module) if module.ident == name);
        parse(edited).is_ok_and(|file| file.items.iter().any(is_it))
    })?;
    Ok(format!("{mark}{edited}"))
}

/// Returns whether `item` gives a module, a type or a crate the name `name`.
pub(super) fn names_type(item: &Item, name: &str) -> bool {
    let ident = match item {
        Item::Mod(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::ExternCrate(item) => item.rename.as_ref().map_or(&item.ident, |(_, new)| new),
        Item::Use(item) => return imports(&item.tree, name),
        _ => return false,
    };
    ident.unraw() == name
}

fn imports(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => imports(&path.tree, name),
        UseTree::Name(leaf) => leaf.ident.unraw() == name,
        UseTree::Rename(leaf) => leaf.rename.unraw() == name,
        UseTree::Group(group) => group.items.iter().any(|tree| imports(tree, name)),
        UseTree::Glob(_) => false,
    }
}
