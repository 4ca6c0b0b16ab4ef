//! All of one Rust file put into another: imports among the imports, items behind the items.

use anyhow::{Result, bail};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{File, Item, ItemUse, UseTree, Visibility};

use super::modules::names_type;
use super::{insert, newline_of, parse, splice, split_mark, with_comments};
use crate::error::Failure;
use crate::rust::layout::{Brackets, list};

/// An import of several names from one module: `use super::models::{tag, task};`.
struct Import {
    /// `["super", "models"]`
    module: Vec<String>,
    /// `["tag", "task"]`, or `["*"]`.
    names: Vec<String>,
}

/// Adds to `text` the imports and items of `other`, but for its function `joined`: what that one does comes into the
/// function of the same name by [`add_call`](super::add_call) or [`add_statements`](super::add_statements).
///
/// # Errors
///
/// If one of them does not parse, or both have a type, a module or a function of one name.
pub fn merge(text: &str, other: &str, joined: Option<&str>) -> Result<String> {
    let (mark, text) = split_mark(text);
    let (file, added) = (parse(text)?, parse(other)?);
    let mut imports = Vec::new();
    let mut items = String::new();
    for item in &added.items {
        match item {
            Item::Use(import) => imports.extend(read_import(import)),
            Item::Fn(function) if joined.is_some_and(|name| function.sig.ident == name) => {}
            item => {
                refuse_taken(&file, item)?;
                let range = item.span().byte_range();
                let start = with_comments(other, range.start);
                items.push('\n');
                items.push_str(&other[start..range.end]);
                items.push('\n');
            }
        }
    }
    let newline = newline_of(text);
    let end = text.trim_end().len();
    let mut merged = format!("{}{newline}{}", &text[..end], items.replace('\n', newline));
    for import in imports {
        merged = add_import(&merged, &import)?;
    }
    let is_whole = parse(&merged)?.items.len() >= file.items.len();
    if !is_whole {
        bail!(Failure::new("the new items do not fit into it"));
    }
    Ok(format!("{mark}{merged}"))
}

fn refuse_taken(file: &File, item: &Item) -> Result<()> {
    let name = match item {
        Item::Mod(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        _ => return Ok(()),
    };
    let name = name.unraw().to_string();
    let is_it = |other: &Item| match (item, other) {
        (Item::Fn(_), Item::Fn(other)) => other.sig.ident == name,
        (Item::Fn(_), _) => false,
        (_, other) => names_type(other, &name),
    };
    if file.items.iter().any(is_it) {
        bail!(Failure::new(format!("it has a `{name}` already")));
    }
    Ok(())
}

/// A plain import; those with a list in a list, or with another name, are none.
fn read_import(import: &ItemUse) -> Option<Import> {
    let mut module = Vec::new();
    let mut tree = &import.tree;
    while let UseTree::Path(path) = tree {
        module.push(path.ident.to_string());
        tree = &path.tree;
    }
    let name = |tree: &UseTree| match tree {
        UseTree::Name(name) => Some(name.ident.to_string()),
        UseTree::Glob(_) => Some("*".to_owned()),
        _ => None,
    };
    let names = match tree {
        UseTree::Group(group) => group.items.iter().map(name).collect::<Option<Vec<_>>>()?,
        tree => vec![name(tree)?],
    };
    let is_plain = import.attrs.is_empty() && matches!(import.vis, Visibility::Inherited);
    is_plain.then_some(Import { module, names })
}

/// Adds the names that are not imported yet: to the import from the same module, or as one of their own.
fn add_import(text: &str, import: &Import) -> Result<String> {
    let file = parse(text)?;
    let uses: Vec<_> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Use(import) => Some(import),
            _ => None,
        })
        .collect();
    let mut missing: Vec<String> = import.names.clone();
    missing.retain(|name| !uses.iter().any(|known| gives(known, &import.module, name)));
    if missing.is_empty() {
        return Ok(text.to_owned());
    }
    let same = uses.iter().find_map(|known| {
        let plain = read_import(known)?;
        let is_list = !plain.names.iter().any(|name| name == "*");
        let range = known.span().byte_range();
        let has_comment = text[range.clone()].contains("//");
        (plain.module == import.module && is_list && !has_comment).then_some((range, plain))
    });
    if let Some((range, known)) = same {
        let names = known.names.into_iter().chain(missing).collect();
        return Ok(splice(text, &range, &written(&import.module, names)));
    }
    let line = written(&import.module, missing.clone());
    Ok(insert_import(
        text,
        &file,
        &uses,
        (&import.module, &missing),
        &line,
    ))
}

/// Returns whether an import gives `name` of `module`, if only as a part of what it imports.
fn gives(import: &ItemUse, module: &[String], name: &str) -> bool {
    fn in_tree(tree: &UseTree, module: &[String], name: &str) -> bool {
        match (tree, module) {
            (UseTree::Path(path), [first, rest @ ..]) if path.ident == *first => {
                in_tree(&path.tree, rest, name)
            }
            // `task::{self, Column}` gives `task`.
            (UseTree::Path(path), []) if path.ident == *name => gives_itself(&path.tree),
            (UseTree::Group(group), module) => {
                group.items.iter().any(|tree| in_tree(tree, module, name))
            }
            (UseTree::Name(leaf), []) => leaf.ident == *name,
            (UseTree::Glob(_), []) => name == "*",
            _ => false,
        }
    }
    in_tree(&import.tree, module, name)
}

fn gives_itself(tree: &UseTree) -> bool {
    match tree {
        UseTree::Name(name) => name.ident == "self",
        UseTree::Group(group) => group.items.iter().any(gives_itself),
        _ => false,
    }
}

fn written(module: &[String], mut names: Vec<String>) -> String {
    names.sort_by_key(|name| (name != "self", name.clone()));
    let before = format!("use {}::", module.join("::"));
    list(&before, "", names, ";", Brackets::Braces)
}

/// Puts a line among the imports where rustfmt would have it.
fn insert_import(
    text: &str,
    file: &File,
    uses: &[&ItemUse],
    (module, names): (&[String], &[String]),
    line: &str,
) -> String {
    let newline = newline_of(text);
    let own = order(module, names);
    let start = |import: &ItemUse| with_comments(text, import.span().byte_range().start);
    let block: Vec<_> = uses
        .iter()
        .filter_map(|import| Some((import, read_order(import)?)))
        .filter(|(_, order)| order.first() == own.first())
        .collect();
    if let Some((next, _)) = block.iter().find(|(_, order)| *order > own) {
        return insert(text, start(next), &format!("{line}{newline}"));
    }
    if let Some((last, _)) = block.last() {
        let at = last.span().byte_range().end;
        return insert(text, at, &format!("{newline}{line}"));
    }
    if let Some(last) = uses.last() {
        let at = last.span().byte_range().end;
        let gap = match read_order(last).and_then(|order| order.first().cloned()) {
            Some(first) if first == "super" || own.first().is_some_and(|own| own == "super") => {
                newline.repeat(2)
            }
            _ => newline.to_owned(),
        };
        return insert(text, at, &format!("{gap}{line}"));
    }
    match file.items.first() {
        Some(first) => {
            let at = with_comments(text, first.span().byte_range().start);
            insert(text, at, &format!("{line}{newline}{newline}"))
        }
        None => format!("{}{newline}{newline}{line}{newline}", text.trim_end()),
    }
}

/// Gives the words that rustfmt sorts imports by: their segments, a list behind all names.
fn order(module: &[String], names: &[String]) -> Vec<String> {
    let mut order = module.to_vec();
    order.push(match names {
        [only] => only.clone(),
        several => format!("{{{}", several.join(", ")),
    });
    order
}

fn read_order(import: &ItemUse) -> Option<Vec<String>> {
    let import = read_import(import)?;
    Some(order(&import.module, &import.names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, other: &str, expected: &str) {
        assert_eq!(merge(text, other, None).expect("a merged file"), expected);
    }

    #[test]
    fn names_join_the_import_from_their_module() {
        check(
            "//! Doc.\n\nuse super::models::task;\n\nfn f() {}\n",
            "use super::models::{note, tag};\n",
            "//! Doc.\n\nuse super::models::{note, tag, task};\n\nfn f() {}\n",
        );
        let whole = "use restkit::prelude::*;\n\nuse super::models::task::{self, Column};\n";
        check(
            whole,
            "use restkit::prelude::*;\n\nuse super::models::tag;\n",
            "use restkit::prelude::*;\n\nuse super::models::tag;\nuse super::models::task::{self, Column};\n",
        );
        check(whole, "use super::models::task;\n", whole);
    }

    #[test]
    fn a_file_without_imports_gets_them_above_its_items() {
        check(
            "//! Doc.\n",
            "use restkit::prelude::*;\n\nuse super::models::tag;\n\n/// A.\nstruct A;\n",
            "//! Doc.\n\nuse restkit::prelude::*;\n\nuse super::models::tag;\n\n/// A.\nstruct A;\n",
        );
        check(
            "//! Doc.\n\n/// B.\nstruct B;\n",
            "use sea_orm::Set;\n\n// About A.\nstruct A;\n",
            "//! Doc.\n\nuse sea_orm::Set;\n\n/// B.\nstruct B;\n\n// About A.\nstruct A;\n",
        );
    }

    #[test]
    fn what_is_there_already_is_refused_and_line_endings_stay() {
        let error = merge("mod tag {}\n", "mod tag {}\n", None).expect_err("twice");
        assert!(error.to_string().contains("it has a `tag` already"));
        check(
            "use a::b;\r\n\r\nstruct B;\r\n",
            "use a::c;\n\nstruct A;\n",
            "use a::{b, c};\r\n\r\nstruct B;\r\n\r\nstruct A;\r\n",
        );
    }
}
