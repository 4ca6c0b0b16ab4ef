//! What becomes of one file.

use super::conflict::{Choice, Place};
use super::manifest;
use super::merge::merge;
use crate::apply::digest;

/// The decision about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is as it is to be, or nothing about it is new.
    Same,
    /// It comes.
    Create(String),
    /// It was as it was made, and gets the new text.
    Replace(String),
    /// It was changed here, and gets both changes.
    Merge(String),
    /// It was as it was made, and this version has it no more.
    Remove,
    /// It stays as it is, and the reason is told.
    Leave(&'static str),
    /// Both have changed the same lines, or there is nothing to compare with.
    Conflict(Vec<Place>),
}

/// The texts of one file.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t> {
    pub path: &'t str,
    /// The SHA-256 of what it was when it was made.
    pub made: Option<&'t str>,
    /// That text, if a release has it.
    pub base: Option<&'t str>,
    /// As the project has it.
    pub own: Option<&'t str>,
    /// As this version makes it.
    pub new: Option<&'t str>,
}

const DELETED: &str = "you deleted or moved it, and this version changes it";
const DROPPED: &str =
    "this version has it no more, and you have changed it: yours to keep or delete";
const LOCKED: &str =
    "you have changed it, and so it stays: `cargo build` adds what the new restkit needs";

/// Decides.
pub fn decide(texts: Texts<'_>, choice: Option<Choice>) -> Fate {
    let Texts {
        path,
        made,
        own,
        new,
        ..
    } = texts;
    let is_untouched =
        |own: &str, made: &str| is_as_made(own, made) || texts.base == Some(&unix(own));
    let is_news = |new: &str| made != Some(digest(new.as_bytes()).as_str());
    match (made, own, new) {
        (_, None, None) => Fate::Same,
        (None, None, Some(new)) => Fate::Create(new.to_owned()),
        (Some(_), None, Some(new)) if is_news(new) => Fate::Leave(DELETED),
        (Some(_), None, Some(_)) | (None, Some(_), None) => Fate::Same,
        (Some(made), Some(own), None) if is_untouched(own, made) => Fate::Remove,
        (Some(_), Some(_), None) => Fate::Leave(DROPPED),
        (_, Some(own), Some(new)) if unix(own) == new => Fate::Same,
        (Some(made), Some(own), Some(new)) if is_untouched(own, made) => {
            Fate::Replace(ends_like(own, new.to_owned()))
        }
        (Some(_), Some(_), Some(new)) if !is_news(new) => Fate::Same,
        (Some(_), Some(_), Some(_)) if path == "Cargo.lock" => Fate::Leave(LOCKED),
        (_, Some(own), Some(new)) => both(texts, own, new, choice),
    }
}

/// The fate of a file that both have changed.
fn both(texts: Texts<'_>, own: &str, new: &str, choice: Option<Choice>) -> Fate {
    let plain = unix(own);
    let merged = match texts.base {
        Some(base) if texts.path.ends_with("Cargo.toml") => {
            manifest::merge(base, &plain, new, choice)
        }
        // Without it, all lines are new on both sides.
        base => merge(base.unwrap_or_default(), &plain, new, choice),
    };
    let is_to_be_checked = texts.path.ends_with(".rs") && choice != Some(Choice::Markers);
    match merged {
        Err(places) => Fate::Conflict(places),
        Ok(text) if is_to_be_checked && syn::parse_file(&text).is_err() => {
            Fate::Conflict(vec![Place {
                line: 1,
                own: "both changes together are no Rust that can be parsed\n".to_owned(),
                new: String::new(),
            }])
        }
        Ok(text) if text == plain => Fate::Same,
        Ok(text) => Fate::Merge(ends_like(own, text)),
    }
}

/// Returns whether a text is as it was made, whatever ends its lines.
fn is_as_made(own: &str, made: &str) -> bool {
    digest(own.as_bytes()) == made || digest(unix(own).as_bytes()) == made
}

fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The text with the ends of lines that the other one has.
fn ends_like(own: &str, text: String) -> String {
    if own.contains("\r\n") {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
