//! Insertions into the user's Rust, at places that syn finds; all other bytes stay as they are.

use std::ops::Range;

use anyhow::{Context, Result, bail};
pub use merge::merge;
pub use modules::{add_module, add_private_module, add_test_module, rename_declaration};
pub use remove::{
    lines_with_module, remove_installed_app, remove_module, remove_nest, rename_module,
    replace_literals,
};

use list::{called_path, inside, installed_apps_list, not_a_call, parse_elements, with_element};
use proof::proven;
use syn::spanned::Spanned;
use syn::{Expr, File, FnArg, Item, ItemFn, Pat, Stmt};

use crate::error::Failure;
use crate::rust;

mod list;
mod merge;
mod modules;
mod proof;
mod remove;

/// rustfmt breaks an array or a chain that is longer than this over several lines.
const SHORT_WIDTH: usize = 60;

/// The length of a line, less the indentation of a function's body.
const LINE_WIDTH: usize = 96;

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
    add_call(text, "routes", &format!(".nest({prefix:?}, {router})"))
}

/// Adds `call` to the chain of calls that the function `name` in `text` returns.
///
/// # Errors
///
/// If there is no such function or it does not end in an expression.
pub fn add_call(text: &str, name: &str, call: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let chain = returned(function(&file, name)?).with_context(|| {
        Failure::new(format!("`{name}()` does not end in an expression"))
            .hint("let it return one chain of calls, to which another call can be added")
    })?;
    let range = chain.span().byte_range();
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
        call.to_owned()
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
    let edited = proven(text, edited, |edited| {
        ends_in(edited, range.start, name, call)
    })?;
    Ok(format!("{mark}{edited}"))
}

/// Returns whether what the function `name` returns begins at `start` and ends in `call`: of `-a.nest(b)` it is only a part.
fn ends_in(text: &str, start: usize, name: &str, call: &str) -> bool {
    let is_it = |chain: &Expr| match chain {
        Expr::MethodCall(last) => {
            let range = chain.span().byte_range();
            let dot = last.dot_token.span.byte_range().start;
            range.start == start && text[dot..range.end] == *call
        }
        _ => false,
    };
    let file = parse(text);
    file.is_ok_and(|file| {
        function(&file, name).is_ok_and(|found| returned(found).is_some_and(is_it))
    })
}

/// Adds statements, each with its indentation and its end of line, to the end of the function `name`. An unused
/// parameter `_site` becomes `site`.
///
/// # Errors
///
/// If there is no such function, or it ends in an expression.
pub fn add_statements(text: &str, name: &str, statements: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let function = function(&file, name)?;
    if returned(function).is_some() {
        bail!(
            Failure::new(format!(
                "`{name}()` ends in an expression, behind which nothing can stand"
            ))
            .hint("put a semicolon behind it")
        );
    }
    let newline = newline_of(text);
    let close = function.block.brace_token.span.close().byte_range().start;
    let line = text[..close].rfind('\n').map_or(0, |end| end + 1);
    let statements = statements.replace('\n', newline);
    // The brace is on a line of its own, or the body is `{}`.
    let edited = match text[line..close].trim() {
        "" => insert(text, line, &statements),
        _ => insert(text, close, &format!("{newline}{statements}")),
    };
    let edited = proven(text, edited, |edited| parse(edited).is_ok())?;
    let unused = function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(pat) => pat
                .ident
                .to_string()
                .starts_with('_')
                .then(|| pat.ident.span().byte_range()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let edited = match unused {
        Some(range) => splice(&edited, &(range.start..range.start + 1), ""),
        None => edited,
    };
    Ok(format!("{mark}{edited}"))
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
