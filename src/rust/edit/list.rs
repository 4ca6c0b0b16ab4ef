//! The list that `installed_apps()` returns.

use std::ops::Range;

use anyhow::{Context, Result};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, File, Macro, Stmt, Token};

use super::{SHORT_WIDTH, function, indent_at, newline_of};
use crate::error::Failure;

pub(super) fn installed_apps_list(file: &File) -> Result<&Macro> {
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

pub(super) fn parse_elements(list: &Macro) -> Result<Punctuated<Expr, Token![,]>> {
    list.parse_body_with(Punctuated::parse_terminated).context(
        Failure::new("the list of `installed_apps()` is not a list of expressions")
            .hint("write it as `vec![restkit::auth::app(), crate::api::app()]`"),
    )
}

/// The path of `crate::api::app()`, also below method calls: `crate::api::app().admin(x)`.
pub(super) fn called_path(expression: &Expr) -> Option<Vec<String>> {
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

pub(super) fn not_a_call(element: &Expr) -> Failure {
    let at = element.span().start();
    Failure::new(format!("line {}, column {}: this is not an app", at.line, at.column + 1))
        .hint("backsmith reads that list; write each app as a call with its path, for example `crate::api::app()`")
}

/// The inside of `list` with one more element, laid out as rustfmt would; `text` is all of the file.
pub(super) fn with_element(text: &str, list: &Macro, element: &str) -> Result<String> {
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
    for pair in elements.pairs() {
        // A comment may be between an element and its comma.
        let comma = pair.punct().map(|comma| comma.span().byte_range());
        let end = pair.value().span().byte_range().end;
        let (end, next) = comma.map_or((end, end), |comma| (comma.start, comma.end));
        lines += &format!("{gap}{},", text[start..end].trim());
        start = next;
    }
    let comment = rest.trim();
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

/// Returns the range of the elements of a list.
pub(super) fn inside(list: &Macro) -> Range<usize> {
    let delimiters = list.delimiter.span();
    delimiters.open().byte_range().end..delimiters.close().byte_range().start
}
