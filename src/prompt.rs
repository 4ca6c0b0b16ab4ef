//! The only user of dialoguer: questions to the person at the terminal.
//!
//! Every function assumes that [`is_possible`] said yes; commands ask it first and fail with
//! [`Exit::Unanswered`](crate::error::Exit) and the name of the flag otherwise.

use std::io::{IsTerminal, stderr, stdin};

use anyhow::{Error, Result};
use dialoguer::{Confirm, Input, Select, console::Term, theme::ColorfulTheme};

use crate::error::{Exit, Failure};

/// Returns whether somebody is there to answer.
pub fn is_possible() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks a yes-no question; Enter by itself means no.
pub fn confirm(question: &str) -> Result<bool> {
    restoring(|| {
        Confirm::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .default(false)
            .interact()
    })
}

/// Asks for one of `items`, the first being the default, and returns its index.
pub fn select(question: &str, items: &[&str]) -> Result<usize> {
    restoring(|| {
        Select::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .items(items)
            .default(0)
            .interact()
    })
}

/// Asks for a line of text until `check` accepts it; `default` is the answer of an empty line.
pub fn input(
    question: &str,
    default: Option<&str>,
    check: impl Fn(&str) -> Result<()>,
) -> Result<String> {
    restoring(|| {
        let theme = ColorfulTheme::default();
        let mut input = Input::<String>::with_theme(&theme).with_prompt(question);
        input = match default {
            Some("") => input.allow_empty(true),
            Some(default) => input.default(default.to_owned()),
            None => input,
        };
        input
            .validate_with(|text: &String| check(text).map_err(|error| error.to_string()))
            .interact_text()
    })
}

/// Runs a prompt; if it ends by Ctrl-C the cursor is shown again and the failure says so.
fn restoring<T>(prompt: impl FnOnce() -> dialoguer::Result<T>) -> Result<T> {
    prompt().map_err(|error| {
        let _ = Term::stderr().show_cursor();
        let dialoguer::Error::IO(cause) = &error;
        if cause.kind() == std::io::ErrorKind::Interrupted {
            Failure::new("interrupted, nothing was changed")
                .exit(Exit::Interrupted)
                .into()
        } else {
            Error::new(error).context("could not ask on the terminal")
        }
    })
}
