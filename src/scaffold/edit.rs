//! Insertions into the user's Rust, at places that syn finds; all other bytes stay as they are.

use std::ops::Range;

use anyhow::{Context, Result};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, File, Item, ItemFn, Macro, Stmt, Token};

use crate::error::Failure;
use crate::rust;

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
    if file
        .items
        .iter()
        .any(|item| matches!(item, Item::Mod(module) if module.ident.unraw() == name))
    {
        return Err(Failure::new(format!("it declares a module `{name}` already")).into());
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
    Ok(format!("{mark}{edited}"))
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
    let elements = with_element(text, list, app)?;
    Ok(format!("{mark}{}", splice(text, &inside(list), &elements)))
}

/// The paths that `installed_apps()` in `text` calls, in order: `[["crate", "api", "app"]]`.
///
/// # Errors
///
/// As for [`add_installed_app`], and if an element is no call of a path.
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
    let chain = tail(function).with_context(|| {
        Failure::new("`routes()` does not end in an expression")
            .hint("let it return `Routes::new()` and what is nested in it")
    })?;
    let range = chain.span().byte_range();
    let call = format!(".nest({prefix:?}, {router})");
    let before = &text[range.clone()];
    let width = before.len() + call.len();
    // rustfmt leaves a chain of a single call on its line as long as the line holds it.
    let first_call = !matches!(chain, Expr::MethodCall(_));
    let fits = !before.contains('\n') && (width <= SHORT_WIDTH || first_call && width < LINE_WIDTH);
    let addition = if fits {
        call
    } else {
        let indent = indent_at(text, range.start);
        format!("{}{indent}    {call}", newline_of(text))
    };
    let broken = if fits {
        before.to_owned()
    } else {
        break_chain(text, chain)
    };
    let edited = splice(text, &range, &format!("{broken}{addition}"));
    Ok(format!("{mark}{edited}"))
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

/// The byte order mark that some editors put at the start, and the rest: syn does not count it.
fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') { 3 } else { 0 })
}

fn function<'f>(file: &'f File, name: &str) -> Result<&'f ItemFn> {
    let found = file.items.iter().find_map(|item| match item {
        Item::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    found.ok_or_else(|| Failure::new(format!("there is no function `{name}()` in it")).into())
}

/// The expression that a function's body ends with.
fn tail(function: &ItemFn) -> Option<&Expr> {
    match function.block.stmts.last()? {
        Stmt::Expr(expression, None) => Some(expression),
        _ => None,
    }
}

fn installed_apps_list(file: &File) -> Result<&Macro> {
    let function =
        function(file, "installed_apps")
            .context(Failure::new("the list of the apps was not found").hint(
            "let `pub fn installed_apps() -> Vec<App>` return it: `vec![crate::api::app(), ...]`",
        ))?;
    let list = match function.block.stmts.last() {
        Some(Stmt::Expr(Expr::Macro(list), None)) => Some(&list.mac),
        Some(Stmt::Macro(list)) if list.semi_token.is_none() => Some(&list.mac),
        _ => None,
    };
    list.filter(|list| list.path.is_ident("vec"))
        .ok_or_else(|| {
            Failure::new("`installed_apps()` does not end in a `vec![...]`")
                .hint("backsmith reads that list; keep it one plain `vec![crate::api::app(), ...]`")
                .into()
        })
}

fn parse_elements(list: &Macro) -> Result<Punctuated<Expr, Token![,]>> {
    list.parse_body_with(Punctuated::parse_terminated)
        .context("the list of `installed_apps()` is not a list of expressions")
}

/// The path of `crate::api::app()`, also below method calls: `crate::api::app().admin(x)`.
fn called_path(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::MethodCall(call) => called_path(&call.receiver),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => {
                let segments = path.path.segments.iter();
                Some(segments.map(|segment| segment.ident.to_string()).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

fn not_a_call(element: &Expr) -> Failure {
    let at = element.span().start();
    Failure::new(format!("line {}, column {}: this is no app", at.line, at.column + 1))
        .hint("backsmith reads that list; write each app as a call with its path, for example `crate::api::app()`")
}

/// The inside of `list` with one more element, laid out as rustfmt would; `text` is all of the file.
fn with_element(text: &str, list: &Macro, element: &str) -> Result<String> {
    let inside = inside(list);
    let old = &text[inside.clone()];
    let elements = parse_elements(list)?;
    let comma = elements
        .pairs()
        .next_back()
        .and_then(|pair| pair.punct().map(Spanned::span));
    let last = comma.or_else(|| elements.last().map(Spanned::span));
    let Some(last) = last.map(|span| span.byte_range().end - inside.start) else {
        return Ok(first_element(text, &inside, element));
    };
    let (head, rest) = old.split_at(last);
    let comma = if comma.is_some() { "" } else { "," };
    let newline = newline_of(text);
    if old.contains('\n') {
        // A comment behind the last element stays on its line.
        let (same_line, rest) = rest.split_at(rest.find('\n').unwrap_or(0));
        let same_line = same_line.trim_end_matches('\r');
        let rest = rest.trim_start_matches('\n');
        let indent = indent_at(text, inside.start + last - 1);
        return Ok(format!(
            "{head}{comma}{same_line}{newline}{indent}{element},{newline}{rest}"
        ));
    }
    let line = format!("{}{comma} {element}{}", head.trim_start(), rest.trim_end());
    if line.len() <= SHORT_WIDTH {
        return Ok(line);
    }
    let indent = indent_at(text, inside.start);
    let gap = format!("{newline}{indent}    ");
    let mut start = inside.start;
    let mut lines = String::new();
    for span in elements.iter().map(Spanned::span) {
        let end = span.byte_range().end;
        let one = text[start..end].trim_start_matches([',', ' ']);
        lines += &format!("{gap}{one},");
        start = end;
    }
    let comment = rest.trim().trim_start_matches(',');
    let space = if comment.is_empty() { "" } else { " " };
    Ok(format!(
        "{lines}{space}{comment}{gap}{element},{newline}{indent}"
    ))
}

/// The inside of a list that had no element yet.
fn first_element(text: &str, inside: &Range<usize>, element: &str) -> String {
    let old = &text[inside.clone()];
    if old.contains('\n') {
        let indent = indent_at(text, inside.start);
        let head = old.trim_end_matches([' ', '\t']);
        return format!("{head}{indent}    {element},{}{indent}", newline_of(text));
    }
    let comment = old.trim();
    let space = if comment.is_empty() { "" } else { " " };
    format!("{comment}{space}{element}")
}

/// Where the elements of a list are.
fn inside(list: &Macro) -> Range<usize> {
    let delimiters = list.delimiter.span();
    delimiters.open().byte_range().end..delimiters.close().byte_range().start
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

/// Where the comment lines (but no `//!`) directly above `start` begin.
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

/// Where the line of `end` ends, if only a comment follows on it; else `end`.
fn with_comment(text: &str, end: usize) -> usize {
    let rest = text[end..].lines().next().unwrap_or("");
    let comment = rest.trim();
    match comment.starts_with("//") || comment.starts_with("/*") && comment.ends_with("*/") {
        true => end + rest.trim_end().len(),
        false => end,
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
