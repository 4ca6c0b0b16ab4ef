//! Talking to the person at the terminal.

use std::fmt;
use std::io::{IsTerminal, Write, stderr, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result};
use dialoguer::console::Term;

use crate::causes;

/// The exit code for a command line that makes no sense.
const USAGE: u8 = 2;

/// The exit code for a question that nobody was there to answer.
const UNANSWERED: u8 = 3;

const INTERRUPTED: i32 = 130;

/// An error for people: one sentence, and the next step on a line of its own.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit: u8,
}

impl Failure {
    /// A failure that says `message`: lowercase, without a final period.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            exit: 1,
        }
    }

    /// A failure that somebody has told of already.
    pub(super) fn silent() -> Self {
        Self::new("")
    }

    /// Adds the next step.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The command was called wrongly.
    pub fn usage(self) -> Self {
        Self {
            exit: USAGE,
            ..self
        }
    }

    /// Nobody was there to answer a question.
    pub fn unanswered(self) -> Self {
        Self {
            exit: UNANSWERED,
            ..self
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Says one line to the person at the terminal.
pub(super) fn say(line: impl AsRef<str>) {
    // Nobody is left to tell if even this fails.
    let _ = writeln!(stderr(), "{}", line.as_ref());
}

/// A number of things: `1 object`, `2 objects`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Writes one line of a command's result.
pub(super) fn data(line: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

/// Prints an error, its causes and the next step, and gives the exit code.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    let failure = error.downcast_ref::<Failure>();
    if let Some(failure) = failure.filter(|failure| failure.message.is_empty()) {
        return ExitCode::from(failure.exit);
    }
    let plain = |words: String| causes::without_source(&words).to_owned();
    say(format!("error: {}", plain(error.to_string())));
    for cause in error.chain().skip(1) {
        say(format!("  caused by: {}", plain(cause.to_string())));
    }
    if let Some(hint) = failure.and_then(|failure| failure.hint.as_deref()) {
        say(format!("hint: {hint}"));
    }
    ExitCode::from(failure.map_or(1, |failure| failure.exit))
}

/// An error and its causes in one line, each said once: many libraries' errors repeat those below them.
pub(super) fn in_one_line(error: &anyhow::Error) -> String {
    let mut told = Vec::<String>::new();
    for cause in error.chain() {
        let cause = causes::without_source(&cause.to_string()).to_owned();
        if !told.last().is_some_and(|last| last.ends_with(&cause)) {
            told.push(cause);
        }
    }
    told.join(": ")
}

/// Returns whether somebody is there to answer.
pub(super) fn is_interactive() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks for a line of text; an empty one is `default`.
pub(super) fn ask(question: &str) -> Result<String> {
    let answer: Result<String, _> = dialoguer::Input::new()
        .with_prompt(question)
        .allow_empty(true)
        .interact_text();
    answer.map_err(interrupted)
}

/// Asks for a password, which is not shown.
pub(super) fn ask_password(question: &str) -> Result<String> {
    let answer = dialoguer::Password::new()
        .with_prompt(question)
        .allow_empty_password(true)
        .interact();
    answer.map_err(interrupted)
}

/// Asks a yes-no question; Enter by itself means no.
pub(super) fn confirm(question: &str) -> Result<bool> {
    dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact()
        .map_err(interrupted)
}

/// Ctrl-C at a prompt: the cursor that it may have hidden comes back.
fn interrupted(error: dialoguer::Error) -> anyhow::Error {
    let dialoguer::Error::IO(cause) = &error;
    if cause.kind() == std::io::ErrorKind::Interrupted {
        leave();
    }
    anyhow::Error::new(error).context("could not ask on the terminal")
}

fn leave() -> ! {
    let terminal = Term::stderr();
    let _ = terminal.show_cursor();
    let _ = terminal.write_line("");
    std::process::exit(INTERRUPTED)
}

/// Prompts that read a single key end the process by a signal of their own on Ctrl-C; a thread
/// that waits for it puts the cursor back first.
pub(super) fn catch_interrupts() {
    let _ = std::thread::Builder::new()
        .name("interrupts".to_owned())
        .spawn(|| -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(tokio::signal::ctrl_c())
                .context("no signals here")?;
            if !super::runserver::is_serving() {
                leave();
            }
            Ok(())
        });
}
