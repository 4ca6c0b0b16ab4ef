//! Takes an app out of the files that name it, and gives it another name there.

use std::ops::Range;

use anyhow::Result;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, Item};

use super::list::{called_path, inside, installed_apps_list, parse_elements};
use super::{
    SHORT_WIDTH, function, parse, returned, splice, split_mark, with_comment, with_comments,
};

/// Removes the declaration of the module `name`, with the comments above it.
///
/// # Errors
///
/// If `text` does not parse.
pub fn remove_module(text: &str, name: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let declared = file.items.iter().find(|item| match item {
        Item::Mod(module) => module.content.is_none() && module.ident.unraw() == name,
        _ => false,
    });
    let Some(declared) = declared else {
        return Ok(format!("{mark}{text}"));
    };
    let range = declared.span().byte_range();
    let start = with_comments(text, range.start);
    let end = line_end(text, with_comment(text, range.end));
    Ok(format!("{mark}{}", splice(text, &(start..end), "")))
}

/// Removes the app of the module `name` from the list that `installed_apps()` returns.
///
/// # Errors
///
/// If there is no such function or it does not end in a `vec![...]`.
pub fn remove_installed_app(text: &str, name: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let file = parse(text)?;
    let list = installed_apps_list(&file)?;
    let elements = parse_elements(list)?;
    let is_it = |element: &Expr| {
        called_path(element).is_some_and(|path| path.len() > 1 && path[path.len() - 2] == name)
    };
    let Some(at) = elements.iter().position(is_it) else {
        return Ok(format!("{mark}{text}"));
    };
    let element = elements[at].span().byte_range();
    let inside = inside(list);
    let line_start = text[..element.start].rfind('\n').map_or(0, |end| end + 1);
    let comma = elements
        .pairs()
        .nth(at)
        .and_then(|pair| pair.punct().map(Spanned::span));
    let end = comma.map_or(element.end, |comma| comma.byte_range().end);
    let range = if line_start > inside.start && text[line_start..element.start].trim().is_empty() {
        with_comments(text, line_start)..line_end(text, with_comment(text, end))
    } else if at + 1 < elements.len() {
        element.start..elements[at + 1].span().byte_range().start
    } else if at > 0 {
        elements[at - 1].span().byte_range().end..element.end
    } else {
        element.start..end
    };
    let edited = splice(text, &range, "");
    let file = parse(&edited)?;
    let list = super::list::inside(installed_apps_list(&file)?);
    let count = elements.len() - 1;
    let joined = match joined(&edited[list.clone()]) {
        Some(joined) if count < 2 || joined.len() <= SHORT_WIDTH => splice(&edited, &list, &joined),
        _ => edited,
    };
    Ok(format!("{mark}{joined}"))
}

/// A list in one line, if no comment is in it.
fn joined(list: &str) -> Option<String> {
    if list.contains("//") || list.contains("/*") {
        return None;
    }
    let words = list.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(words.trim_end_matches(',').to_owned())
}

/// Removes the calls that name the module `name` from the chain that `routes()` returns.
///
/// # Errors
///
/// If there is no such function.
pub fn remove_nest(text: &str, name: &str) -> Result<String> {
    let (mark, text) = split_mark(text);
    let mut text = text.to_owned();
    loop {
        let file = parse(&text)?;
        let Some(mut chain) = returned(function(&file, "routes")?) else {
            break;
        };
        let whole = chain.span().byte_range();
        let mut found = None;
        while let Expr::MethodCall(call) = chain {
            // A comment behind the call before it is about that one.
            let start = with_comment(&text, call.receiver.span().byte_range().end);
            let arguments = &text[call.args.span().byte_range()];
            let is_it = arguments
                .parse()
                .is_ok_and(|tokens| !module_names(tokens, &["crate"], name).is_empty());
            if is_it {
                found = Some(start..chain.span().byte_range().end);
            }
            chain = &call.receiver;
        }
        let Some(range) = found else {
            break;
        };
        let end = whole.end - range.len();
        text = splice(&text, &range, "");
        text = join_chain(&text, whole.start..end);
    }
    Ok(format!("{mark}{text}"))
}

/// Puts a chain that has become short into one line, as rustfmt does.
fn join_chain(text: &str, range: Range<usize>) -> String {
    let chain = &text[range.clone()];
    if chain.contains("//") {
        return text.to_owned();
    }
    let joined: String = chain.split('\n').map(str::trim).collect();
    let calls = chain.matches("\n").count();
    if calls > 1 && joined.len() > SHORT_WIDTH {
        return text.to_owned();
    }
    splice(text, &range, &joined)
}

/// `text` with paths through the module `from` of one of the crates `roots` leading through `to`; and the number of them.
pub fn rename_module(text: &str, roots: &[&str], from: &str, to: &str) -> (String, usize) {
    let (mark, rest) = split_mark(text);
    let Ok(tokens) = rest.parse() else {
        return (text.to_owned(), 0);
    };
    let places = module_names(tokens, roots, from);
    let mut edited = rest.to_owned();
    for place in places.iter().rev() {
        edited = splice(&edited, place, to);
    }
    (format!("{mark}{edited}"), places.len())
}

/// The lines, from 1, on which `text` goes through the module `name` of one of the crates `roots`.
pub fn lines_with_module(text: &str, roots: &[&str], name: &str) -> Vec<usize> {
    let (mark, rest) = split_mark(text);
    let Ok(tokens) = rest.parse() else {
        return Vec::new();
    };
    let lines = module_names(tokens, roots, name).into_iter();
    lines
        .map(|place| 1 + mark.matches('\n').count() + rest[..place.start].matches('\n').count())
        .collect()
}

/// The places of `name` behind `crate::`, also in a group: `crate::{api::urls, blog}`.
fn module_names(tokens: TokenStream, roots: &[&str], name: &str) -> Vec<Range<usize>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut places = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            places.extend(module_names(group.stream(), roots, name));
        }
        let is_root = |token: &TokenTree| match token {
            TokenTree::Ident(ident) => roots.iter().any(|root| ident.unraw() == root),
            _ => false,
        };
        let is_colon =
            |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == ':');
        if !is_root(token) || !is_colon(at + 1) || !is_colon(at + 2) {
            continue;
        }
        match tokens.get(at + 3) {
            Some(TokenTree::Ident(ident)) if ident.unraw() == name => {
                places.push(ident.span().byte_range());
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let mut begins = true;
                for token in group.stream() {
                    match &token {
                        TokenTree::Ident(ident) if begins && ident.unraw() == name => {
                            places.push(ident.span().byte_range());
                        }
                        _ => {}
                    }
                    begins = matches!(&token, TokenTree::Punct(it) if it.as_char() == ',');
                }
            }
            _ => {}
        }
    }
    places.sort_by_key(|place| place.start);
    places.dedup();
    places
}

/// `text` with each literal as `rename` writes it: `"a"`, `r#"a"#`, `1`.
pub fn replace_literals(text: &str, rename: impl Fn(&str) -> String) -> String {
    let (mark, rest) = split_mark(text);
    let Ok(tokens) = rest.parse() else {
        return text.to_owned();
    };
    let mut literals = Vec::new();
    find_literals(tokens, &mut literals);
    let mut edited = rest.to_owned();
    for (place, literal) in literals.iter().rev() {
        // A doc comment is a literal to the parser, and reads otherwise in the text.
        if rest[place.clone()] == *literal {
            edited = splice(&edited, place, &rename(literal));
        }
    }
    format!("{mark}{edited}")
}

fn find_literals(tokens: TokenStream, literals: &mut Vec<(Range<usize>, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => find_literals(group.stream(), literals),
            TokenTree::Literal(literal) => {
                literals.push((literal.span().byte_range(), literal.to_string()));
            }
            _ => {}
        }
    }
}

/// Behind the end of the line, if nothing else is on it.
fn line_end(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
    if rest[..line].trim().is_empty() {
        end + line
    } else {
        end
    }
}

#[cfg(test)]
mod tests;
