//! One run of `cargo build`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};

use crate::env;
use crate::error::Failure;
use crate::project::Project;

/// What came of a build.
#[derive(Debug)]
pub enum Built {
    /// The program is there.
    Program(PathBuf),
    /// The code does not compile.
    Broken,
    /// Somebody ended cargo, for example by Ctrl-C, which says nothing about the code.
    Ended(ExitStatus),
}

/// Builds the project's program; what the compiler has to say goes to the terminal.
///
/// # Errors
///
/// If cargo cannot be started.
pub fn build(project: &Project) -> Result<Built> {
    let mut cargo = Command::new(env::cargo())
        .args(["build", "--message-format=json-render-diagnostics"])
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
    for line in BufReader::new(stdout).lines() {
        program = executable(&line.context("could not read what cargo says")?).or(program);
    }
    let status = cargo.wait().context("could not wait for cargo")?;
    Ok(match program {
        Some(program) if status.success() => Built::Program(program),
        _ if status.code().is_none() => Built::Ended(status),
        _ => Built::Broken,
    })
}

/// The path in one of cargo's messages, if it is about a program that was built.
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    message.get("executable")?.as_str().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let built = r#"{"reason":"compiler-artifact","executable":"/t/debug/site"}"#;
        assert_eq!(executable(built), Some(PathBuf::from("/t/debug/site")));
        assert_eq!(
            executable(r#"{"reason":"compiler-artifact","executable":null}"#),
            None
        );
        assert_eq!(executable("printed by a build script"), None);
    }
}
