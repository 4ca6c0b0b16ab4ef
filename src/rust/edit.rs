//! Insertions into the user's Rust, at places that syn finds; all other bytes stay as they are.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use list::{called_path, inside, installed_apps_list, not_a_call, parse_elements, with_element};
use proof::proven;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, File, Item, ItemFn, Stmt, UseTree};

use crate::error::Failure;
use crate::rust;

mod list;
mod proof;

/// rustfmt breaks an array or a chain that is longer than this over several lines.
const SHORT_WIDTH: usize = 60;

/// The length of a line, less the indentation of a function's body.
const LINE_WIDTH: usize = 96;

/// Adds `pub mod <name>;` to the module declarations of `text`, in rustfmt's order.
///
/// # Errors
///
/// If `text` does not parse or already declares that module.
pub fn add_module(text: &str, name: &str) -> Result<String> {
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
    let line = format!("pub mod {name};");
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
fn names_type(item: &Item, name: &str) -> bool {
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

/// Adds the call `app` to the `vec![...]` that `installed_apps()` in `text` returns.
///
/// # Errors
///
/// If there is no such function or it does not end in a `vec![...]`.
pub fn add_installed_app(text: &str, app: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let list = installed_apps_list(&file)?;
    let before = parse_elements(list)?.len();
    let elements = with_element(text, list, app)?;
    let edited = splice(text, &inside(list), &elements);
    let edited = proven(text, edited, |edited| {
        installed_apps(edited).is_ok_and(|apps| apps.len() == before + 1)
    })?;
    Ok(format!("{mark}{edited}"))
}

/// The paths that `installed_apps()` in `text` calls, in order: `[["crate", "api", "app"]]`.
///
/// # Errors
///
/// As for [`add_installed_app`], and if an element is not a call of a path.
pub fn installed_apps(text: &str) -> Result<Vec<Vec<String>>> {
    let file = parse(text)?;
    parse_elements(installed_apps_list(&file)?)?
        .iter()
        .map(|element| called_path(element).ok_or_else(|| not_a_call(element).into()))
        .collect()
}

/// Adds `.nest(prefix, router)` to the chain of calls that `routes()` in `text` returns.
///
/// # Errors
///
/// If there is no such function or it does not end in an expression.
pub fn add_nest(text: &str, prefix: &str, router: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let function = function(&file, "routes")?;
    let chain = returned(function).with_context(|| {
        Failure::new("`routes()` does not end in an expression")
            .hint("let it return `Routes::new()` and what is nested in it")
    })?;
    let range = chain.span().byte_range();
    let call = format!(".nest({prefix:?}, {router})");
    let before = &text[range.clone()];
    // A comment behind the last call is about that one, and stays with it.
    let end = with_comment(text, range.end);
    let comment = &text[range.end..end];
    let width = before.len() + call.len();
    // rustfmt leaves a chain of a single call on its line as long as the line holds it.
    let first_call = !matches!(chain, Expr::MethodCall(_));
    let fits = comment.is_empty()
        && !before.contains('\n')
        && (width <= SHORT_WIDTH || first_call && width < LINE_WIDTH);
    let addition = if fits {
        call
    } else {
        format!("{}{}{call}", newline_of(text), chain_indent(text, chain))
    };
    let broken = if fits {
        before.to_owned()
    } else {
        break_chain(text, chain)
    };
    let edited = splice(
        text,
        &(range.start..end),
        &format!("{broken}{comment}{addition}"),
    );
    let edited = proven(text, edited, |edited| nests(edited, range.start, prefix))?;
    Ok(format!("{mark}{edited}"))
}

/// Returns whether what `routes()` returns begins at `start` and ends in a call of `nest`: of `-a.nest(b)`
/// it is only a part.
fn nests(text: &str, start: usize, prefix: &str) -> bool {
    let is_nest = |chain: &Expr| match chain {
        Expr::MethodCall(call) => {
            call.method == "nest"
                && chain.span().byte_range().start == start
                && text[call.args.span().byte_range()].starts_with(&format!("{prefix:?}"))
        }
        _ => false,
    };
    let file = parse(text);
    file.is_ok_and(|file| {
        function(&file, "routes").is_ok_and(|found| returned(found).is_some_and(is_nest))
    })
}

/// The white space before a call on a line of its own.
fn chain_indent(text: &str, chain: &Expr) -> String {
    if let Expr::MethodCall(call) = chain {
        let dot = call.dot_token.span.byte_range().start;
        let indent = indent_at(text, dot);
        if text[..dot].ends_with(&format!("\n{indent}")) {
            return indent.to_owned();
        }
    }
    format!("{}    ", indent_at(text, chain.span().byte_range().start))
}

fn parse(text: &str) -> Result<File> {
    rust::parse(text).map_err(|error| {
        let at = error.span().start();
        Failure::new(format!(
            "line {}, column {}: {error}",
            at.line,
            at.column + 1
        ))
        .hint("make it valid Rust first, then run the command again")
        .into()
    })
}

/// The byte order mark that some editors put at the start and a line such as `#!/usr/bin/env`, and
/// the rest: syn does not count them.
fn split_mark(text: &str) -> (&str, &str) {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[mark..];
    let is_line = rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[');
    let line = rest.find('\n').filter(|_| is_line).unwrap_or(0);
    text.split_at(mark + line)
}

fn function<'f>(file: &'f File, name: &str) -> Result<&'f ItemFn> {
    let found = file.items.iter().filter_map(|item| match item {
        Item::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    let found: Vec<_> = found.collect();
    match found.as_slice() {
        [function] => Ok(function),
        [] => bail!(Failure::new(format!(
            "there is no function `{name}()` in it"
        ))),
        // The one that counts depends on how the program is compiled.
        several => bail!(Failure::new(format!(
            "there are {} functions `{name}()` in it, and one has to be it",
            several.len()
        ))),
    }
}

/// The expression that a function's body ends with, without `return`.
fn returned(function: &ItemFn) -> Option<&Expr> {
    match function.block.stmts.last()? {
        Stmt::Expr(Expr::Return(expression), _) => expression.expr.as_deref(),
        Stmt::Expr(expression, None) => Some(expression),
        _ => None,
    }
}

/// The chain with each call on a line of its own, as rustfmt lays out one that is too long.
fn break_chain(text: &str, chain: &Expr) -> String {
    let range = chain.span().byte_range();
    if text[range.clone()].contains('\n') {
        return text[range].to_owned();
    }
    let gap = format!("{}{}    ", newline_of(text), indent_at(text, range.start));
    let mut dots = Vec::new();
    let mut link = chain;
    while let Expr::MethodCall(call) = link {
        dots.push(call.dot_token.span.byte_range().start);
        link = &call.receiver;
    }
    let mut broken = text.get(..range.end).unwrap_or(text).to_owned();
    for dot in dots {
        broken.insert_str(dot, &gap);
    }
    broken.split_off(range.start)
}

/// Finds the beginning of the comment lines (but not `//!`) directly above `start`.
fn with_comments(text: &str, start: usize) -> usize {
    let mut start = start;
    loop {
        let above = text[..start].strip_suffix('\n').unwrap_or("");
        let line = above.rfind('\n').map_or(0, |end| end + 1);
        let comment = above[line..].trim_start();
        if !comment.starts_with("//") || comment.starts_with("//!") {
            return start;
        }
        start = line;
    }
}

/// Returns the end of the line if only a comment follows `end` on it; else `end`.
fn with_comment(text: &str, end: usize) -> usize {
    let rest = text[end..].lines().next().unwrap_or("");
    let comment = rest.trim();
    if comment.starts_with("//") || comment.starts_with("/*") && comment.ends_with("*/") {
        end + rest.trim_end().len()
    } else {
        end
    }
}

/// The white space that the line of `position` begins with.
fn indent_at(text: &str, position: usize) -> &str {
    let line = text[..position].rfind('\n').map_or(0, |end| end + 1);
    let rest = &text[line..];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}

fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn insert(text: &str, at: usize, addition: &str) -> String {
    splice(text, &(at..at), addition)
}

fn splice(text: &str, range: &Range<usize>, replacement: &str) -> String {
    [&text[..range.start], replacement, &text[range.end..]].concat()
}

#[cfg(test)]
mod tests;
