//! Failures as a user meets them: what went wrong, what to do next, and the exit code.

use std::fmt;
use std::io;
use std::path::Path;

/// The exit code of the process, as in Django, plus one for unanswered questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exit {
    /// The command could not do its work, or a `--check` found something.
    #[default]
    Failed = 1,
    /// The command line itself is wrong.
    Usage = 2,
    /// A question came up and there was nobody to answer it.
    Unanswered = 3,
    /// Ctrl-C.
    Interrupted = 130,
}

/// An error for people: one sentence, and the next step on a line of its own.
///
/// It travels inside [`anyhow::Error`], as the error itself or as the context of another one.
#[derive(Clone, Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl Failure {
    /// A failure that says `message`: lowercase, no final period, paths in backticks.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            exit: Exit::Failed,
        }
    }

    /// Adds the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the exit code.
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The next step for a file that is missing or closed.
pub const OTHERWISE: &str = "check whether it is there, what it is, and whether you may read it";

/// Why the text of the file `path` could not be read. `otherwise` is the next step where the file is
/// what it should be.
pub fn unread(error: io::Error, path: &Path, otherwise: &str) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::InvalidData => "it is not text in UTF-8: save it as such in your editor",
        _ => otherwise,
    };
    let failure = Failure::new(format!("could not read `{}`", path.display())).hint(hint);
    anyhow::Error::new(error).context(failure)
}

/// The exit code that `error` asks for.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    error
        .downcast_ref::<Failure>()
        .map_or(Exit::Failed, |failure| failure.exit)
}

/// The next step that `error` names, if it names one.
pub fn hint_of(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<Failure>()?.hint.as_deref()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_failure_is_found_under_more_context() {
        let error = Err::<(), _>(Failure::new("no").hint("try").exit(Exit::Unanswered))
            .context("while asking")
            .unwrap_err();
        assert_eq!(exit_of(&error), Exit::Unanswered);
        assert_eq!(hint_of(&error), Some("try"));
    }
}
