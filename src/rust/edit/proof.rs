//! That an edit added what it was meant to add, and changed nothing else that the compiler sees.

use anyhow::{Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::error::Failure;

/// Gives `after` back if it is `before` with something added in one place.
///
/// # Errors
///
/// If it is not, or `holds` says of it that this is in the wrong place.
pub(super) fn proven(
    before: &str,
    after: String,
    holds: impl FnOnce(&str) -> bool,
) -> Result<String> {
    let (Some(old), Some(new)) = (words(before), words(&after)) else {
        bail!(misplaced());
    };
    let same = |(one, other): &(&String, &String)| one == other;
    let ahead = old.iter().zip(&new).take_while(same).count();
    let behind = old.iter().rev().zip(new.iter().rev());
    let behind = behind.take_while(same).count();
    if old.len() < new.len() && ahead + behind >= old.len() && holds(&after) {
        Ok(after)
    } else {
        bail!(misplaced())
    }
}

fn misplaced() -> Failure {
    Failure::new("there is no place for it that leaves the code around it as it is")
}

/// The words of Rust in `text`, without commas: lists may end in one or not.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    add_words(text.parse().ok()?, &mut words);
    Some(words)
}

fn add_words(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                add_words(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            other => words.push(other.to_string()),
        }
    }
}
