//! One run of `cargo build`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::env;
use crate::error::Failure;
use crate::project::Project;
use crate::ui;

/// The result of a build.
#[derive(Debug)]
pub enum Built {
    /// The program is there.
    Program(PathBuf),
    /// The code does not compile.
    Broken,
    /// Somebody ended cargo, for example by Ctrl-C, which says nothing about the code.
    Ended(ExitStatus),
}

/// Whether cargo tells how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Shown,
    Hidden,
}

/// Builds the project's program; what the compiler has to say goes to the terminal.
///
/// # Errors
///
/// If cargo cannot be started.
pub fn build(project: &Project, progress: Progress) -> Result<Built> {
    let mut cargo = Command::new(env::cargo())
        .arg("build")
        .args((progress == Progress::Hidden).then_some("--quiet"))
        .args(["--message-format=json-diagnostic-rendered-ansi"])
        .args(["--package", &project.package, "--bin", &project.package])
        .current_dir(&project.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context(
            Failure::new("could not start cargo")
                .hint("install Rust with cargo and put it on the PATH"),
        )?;
    let stdout = cargo.stdout.take().context("cargo has no output")?;
    let mut program = None;
    let mut diagnostics = Diagnostics::default();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("could not read what cargo says")?;
        let Ok(message) = serde_json::from_str(&line) else {
            continue;
        };
        program = executable(&message).or(program);
        diagnostics.show(&message);
    }
    diagnostics.finish();
    let status = cargo.wait().context("could not wait for cargo")?;
    Ok(match program {
        Some(program) if status.success() => Built::Program(program),
        _ if status.code().is_none() => Built::Ended(status),
        _ => Built::Broken,
    })
}

/// The failure of a command that needs the program.
pub fn does_not_compile() -> Failure {
    Failure::new("the project does not compile").hint("mend what the compiler names above")
}

/// The path in one of cargo's messages, if it is about a program that was built.
fn executable(message: &Value) -> Option<PathBuf> {
    message.get("executable")?.as_str().map(PathBuf::from)
}

/// The compiler's words on their way to the terminal. One mistake often causes dozens of errors: the
/// first ones are what to mend, and the others are counted.
#[derive(Debug, Default)]
struct Diagnostics {
    errors: usize,
}

impl Diagnostics {
    const MAX_ERRORS: usize = 3;

    /// Prints a warning, or one of the first errors.
    fn show(&mut self, message: &Value) {
        if message["reason"] != "compiler-message" {
            return;
        }
        let message = &message["message"];
        let Some(rendered) = message["rendered"].as_str() else {
            return;
        };
        let is_error = message["level"] == "error";
        // The last one only counts the others.
        if is_error && message["spans"].as_array().is_some_and(Vec::is_empty) {
            return;
        }
        self.errors += usize::from(is_error);
        if !is_error || self.errors <= Self::MAX_ERRORS {
            ui::say(rendered.trim_end());
        }
    }

    fn finish(&self) {
        match self.errors.saturating_sub(Self::MAX_ERRORS) {
            0 => {}
            1 => ui::say("... and 1 more error; `cargo check` shows it."),
            more => ui::say(format!(
                "... and {more} more errors; `cargo check` shows them all."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let built = json!({ "reason": "compiler-artifact", "executable": "/t/debug/site" });
        assert_eq!(executable(&built), Some(PathBuf::from("/t/debug/site")));
        let library = json!({ "reason": "compiler-artifact", "executable": null });
        assert_eq!(executable(&library), None);
    }
}
