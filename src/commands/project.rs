//! The commands that belong to the project's own program: `backsmith X` is `cargo run -- X`.

use std::env::current_dir;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};

use crate::commands::check;
use crate::env;
use crate::error::Failure;
use crate::nearest::intended;
use crate::project::Project;
use crate::serve::{self, Built, Progress};

/// The commands of restkit's `manage`, which the CLI hands over.
const COMMANDS: &[&str] = &[
    "backup",
    "changepassword",
    "check",
    "clearsessions",
    "createsuperuser",
    "createtoken",
    "dbshell",
    "dumpdata",
    "flush",
    "loaddata",
    "openapi",
    "routes",
];

/// Commands of Django's, and what to type here instead.
const CALLED_OTHERWISE: [(&str, &str); 4] = [
    ("test", "cargo test"),
    (
        "shell",
        "a test is the place to try code: cargo test; SQL: backsmith dbshell",
    ),
    (
        "collectstatic",
        "nothing: pages and their style are in the program",
    ),
    ("diffsettings", "backsmith check, and docs/settings.md"),
];

/// Hands the command line `args` over to the project's program; `own` are the names of our own commands.
pub fn run(args: Vec<OsString>, own: &[String]) -> Result<()> {
    let command = args
        .first()
        .map(|arg| arg.to_string_lossy())
        .unwrap_or_default();
    let known = is_known(&command);
    if let Some((_, instead)) = CALLED_OTHERWISE.iter().find(|(name, _)| *name == command) {
        let failure = Failure::new(format!("unknown command: '{command}'"));
        return Err(failure.hint(format!("here it is: {instead}")).into());
    }
    let suggestion = suggest(&command, own);
    let project = find();
    match (project, suggestion) {
        (_, Some(suggestion)) if !known => Err(unknown(&command, Some(&suggestion)).into()),
        (Err(_), _) if !known => Err(unknown(&command, None).into()),
        (Err(error), _) => Err(error),
        (Ok(project), _) => {
            let asks_for_help = args.iter().any(|arg| arg == "--help" || arg == "-h");
            let asks_for_json = args.iter().any(|arg| arg == "--json");
            if command == "check" && !asks_for_help {
                if asks_for_json {
                    return check::report_as_json(&project, program(&project, &args)?);
                }
                check::report(&project);
            }
            hand_over(&project, &args)
        }
    }
}

/// The project around the current folder.
pub fn find() -> Result<Project> {
    let folder = current_dir().context("could not tell the current folder")?;
    Project::find(&folder)
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
fn suggest(command: &str, own: &[String]) -> Option<String> {
    let own = own.iter().cloned();
    let known = own.chain(COMMANDS.iter().map(|&name| name.to_owned()));
    intended(command, known)
}

/// Returns whether a project's program knows this command without a word of its apps.
pub fn is_known(command: &str) -> bool {
    COMMANDS.contains(&command)
}

/// Builds the program and replaces this process by it, so that signals and the exit code are its own.
pub fn hand_over(project: &Project, args: &[OsString]) -> Result<()> {
    Err(replace_process(program(project, args)?))
}

/// The project's program with these arguments, built and not yet run.
fn program(project: &Project, args: &[OsString]) -> Result<Command> {
    let Built::Program(program) = serve::build(project, Progress::Hidden)? else {
        return Err(serve::does_not_compile().into());
    };
    let mut program = Command::new(program);
    program
        .args(args)
        .env(env::CALLED_AS.0, env::CALLED_AS.1)
        .current_dir(&project.root);
    Ok(program)
}

#[cfg(unix)]
fn replace_process(mut program: Command) -> anyhow::Error {
    use std::os::unix::process::CommandExt;
    not_started(program.exec())
}

#[cfg(not(unix))]
fn replace_process(mut program: Command) -> anyhow::Error {
    match program.status() {
        Ok(status) => {
            std::process::exit(status.code().unwrap_or(crate::error::Exit::Failed as i32))
        }
        Err(error) => not_started(error),
    }
}

fn not_started(error: std::io::Error) -> anyhow::Error {
    anyhow::Error::new(error).context("could not start the project's program")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let own = ["makemigrations", "migrate", "runserver", "startapp"].map(str::to_owned);
        let suggested = |command| suggest(command, &own);
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
