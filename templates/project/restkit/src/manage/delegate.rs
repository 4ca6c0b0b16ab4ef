//! Commands that change the project's code belong to the program `backsmith`.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;
use clap::CommandFactory;

use crate::manage::{Cli, Failure};

/// The commands of `backsmith` that this program does not have.
const ELSEWHERE: [&str; 4] = ["makemigrations", "sqlmigrate", "startapp", "startproject"];

/// Words so alike are one word with a slip of the finger, on the scale of Jaro and Winkler.
const ALIKE: f64 = 0.85;

/// Commands of Django's, and what to type here instead.
const ELSEWHERE_CALLED: [(&str, &str); 7] = [
    ("test", "cargo test"),
    (
        "shell",
        "code is tried in a test: cargo test; SQL: backsmith dbshell",
    ),
    (
        "dumpdata",
        "sqlite3 db.sqlite3 .dump, or pg_dump with DATABASE_URL",
    ),
    (
        "loaddata",
        "sqlite3 db.sqlite3 < FILE, or psql -f FILE; in a test, make rows by code",
    ),
    (
        "collectstatic",
        "nothing: pages and their style are in the program",
    ),
    (
        "diffsettings",
        "read docs/settings.md; backsmith check says what is wrong",
    ),
    ("makemessages", "nothing yet: texts are not translated"),
];

/// Hands a command over to `backsmith`, or says that nobody knows it.
pub(super) fn run(args: &[OsString]) -> Result<()> {
    let command = args
        .first()
        .map(|arg| arg.to_string_lossy())
        .unwrap_or_default();
    if !ELSEWHERE.contains(&&*command) {
        return Err(unknown(&command).into());
    }
    match Command::new("backsmith").args(args).status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(anyhow::Error::new(error).context(
            Failure::new(format!(
                "`{command}` belongs to the program `backsmith`, which was not found"
            ))
            .hint("install it: cargo install backsmith"),
        )),
    }
}

fn unknown(command: &str) -> Failure {
    let failure = Failure::new(format!("unknown command: '{}'", command.escape_debug()));
    if let Some((_, instead)) = ELSEWHERE_CALLED.iter().find(|(name, _)| *name == command) {
        return failure.hint(format!("here it is: {instead}"));
    }
    match suggest(command) {
        Some(suggestion) => failure.hint(format!("did you mean {suggestion}?")),
        None => failure.hint("`help` lists the commands"),
    }
}

fn suggest(command: &str) -> Option<String> {
    let cli = Cli::command();
    let own = cli
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    own.chain(ELSEWHERE.map(str::to_owned))
        .map(|name| (strsim::jaro_winkler(&name, command), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        assert_eq!(suggest("runsever").as_deref(), Some("runserver"));
        assert_eq!(suggest("migrat").as_deref(), Some("migrate"));
        assert_eq!(suggest("frobnicate"), None);
    }
}
