//! The commands that belong to the project's own program: `backsmith X` is `cargo run -- X`.

use std::env::current_dir;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::cli::Cli;
use crate::env;
use crate::error::{Exit, Failure};
use crate::project::Project;

/// What restkit's `manage` knows and the CLI does not.
const COMMANDS: &[&str] = &[
    "changepassword",
    "check",
    "createsuperuser",
    "help",
    "routes",
];

/// Words so alike are one word with a slip of the finger, on the scale of Jaro and Winkler.
const ALIKE: f64 = 0.88;

/// Hands the command line `args` over to the project's program.
pub fn run(args: Vec<OsString>) -> Result<()> {
    let command = args
        .first()
        .map(|arg| arg.to_string_lossy())
        .unwrap_or_default();
    let known = COMMANDS.contains(&&*command);
    let suggestion = suggest(&command);
    let project = current_dir()
        .context("could not tell the current folder")
        .and_then(|folder| Project::find(&folder));
    match (project, suggestion) {
        (_, Some(suggestion)) if !known => Err(unknown(&command, Some(&suggestion)).into()),
        (Err(_), _) if !known => Err(unknown(&command, None).into()),
        (Err(error), _) => Err(error),
        (Ok(project), _) => hand_over(&project, &args),
    }
}

fn unknown(command: &str, suggestion: Option<&str>) -> Failure {
    let failure = Failure::new(format!("unknown command: '{}'", command.escape_debug()));
    match suggestion {
        Some(suggestion) => failure.hint(format!("did you mean {suggestion}?")),
        None => failure.hint(
            "`backsmith help` lists the commands; a project's own commands run inside its folder",
        ),
    }
}

/// The known command that `command` is most like, if it is like any but not one itself.
fn suggest(command: &str) -> Option<String> {
    let cli = Cli::command();
    let own = cli
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    own.chain(COMMANDS.iter().map(|&name| name.to_owned()))
        .map(|name| (strsim::jaro_winkler(&name, command), name))
        .filter(|(likeness, _)| (ALIKE..1.0).contains(likeness))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Replaces this process by `cargo run`, so that signals and the exit code are the program's.
fn hand_over(project: &Project, args: &[OsString]) -> Result<()> {
    let mut cargo = Command::new(env::cargo());
    cargo
        .args(["run", "--quiet", "--package", &project.package, "--"])
        .args(args)
        .env(env::CALLED_AS.0, env::CALLED_AS.1)
        .current_dir(&project.root);
    Err(replace_process(cargo))
}

#[cfg(unix)]
fn replace_process(mut cargo: Command) -> anyhow::Error {
    use std::os::unix::process::CommandExt;
    no_cargo(cargo.exec())
}

#[cfg(not(unix))]
fn replace_process(mut cargo: Command) -> anyhow::Error {
    match cargo.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(Exit::Failed as i32)),
        Err(error) => no_cargo(error),
    }
}

fn no_cargo(error: std::io::Error) -> anyhow::Error {
    anyhow::Error::new(error).context(
        Failure::new("could not start cargo")
            .hint("install Rust with its package manager, cargo, and put it on the PATH")
            .exit(Exit::Failed),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let suggested = |command| suggest(command);
        assert_eq!(
            suggested("makemigration").as_deref(),
            Some("makemigrations")
        );
        assert_eq!(suggested("mirgate").as_deref(), Some("migrate"));
        assert_eq!(suggested("run-server").as_deref(), Some("runserver"));
        assert_eq!(suggested("check"), None);
        assert_eq!(suggested("frobnicate"), None);
    }
}
