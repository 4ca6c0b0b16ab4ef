//! The part of `check` that reads the source; the rest is the project's own program's.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use walkdir::WalkDir;

use crate::error::Exit;
use crate::lint::{File, Finding, lint};
use crate::migrations::{Layout, models};
use crate::project::Project;
use crate::ui;

/// Tells of habits in the project's source that cost later. Nothing here makes `check` fail.
pub fn report(project: &Project) {
    let findings = find(project);
    for finding in &findings {
        ui::say(finding.to_string());
    }
    match findings.len() {
        0 => {}
        1 => ui::say("The source has 1 finding."),
        number => ui::say(format!("The source has {number} findings.")),
    }
}

/// Prints an array of all that is found: in the source, and what the program itself says to `check --json`. Its exit code is
/// that of the program.
pub fn report_as_json(project: &Project, mut program: Command) -> Result<()> {
    let output = program.stderr(Stdio::inherit()).output();
    let output = output.context("could not start the project's program")?;
    let own = serde_json::from_slice::<Vec<Value>>(&output.stdout)
        .context("the project's program does not know check --json: its restkit is older")?;
    let findings = find(project).into_iter().map(|finding| {
        json!({
            "level": finding.level.word().to_lowercase(),
            "message": finding.message,
            "hint": finding.hint,
            "rule": finding.rule,
            "path": finding.path,
            "line": finding.line,
        })
    });
    let all: Value = findings.chain(own).collect();
    ui::data(format!("{all:#}"));
    match output.status.code() {
        Some(0) => Ok(()),
        code => std::process::exit(code.unwrap_or(Exit::Failed as i32)),
    }
}

fn find(project: &Project) -> Vec<Finding> {
    let files = files(project);
    // Mistakes in the models are for makemigrations and the compiler to tell.
    let models = models::read(&Layout::of(project)).unwrap_or_default();
    lint(&files, &models)
}

/// All files of `src/` but those of tests.
fn files(project: &Project) -> Vec<File> {
    let walk = WalkDir::new(project.root.join("src")).sort_by_file_name();
    let mut files = Vec::new();
    for entry in walk.into_iter().filter_map(Result::ok) {
        let path = entry.path();
        let below = path.strip_prefix(&project.root).unwrap_or(path);
        let is_test = below
            .iter()
            .any(|part| part == "tests" || part == "tests.rs");
        if is_test || path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        if let Ok(text) = std::fs::read_to_string(path) {
            files.push(File {
                path: below.display().to_string().replace('\\', "/"),
                text,
            });
        }
    }
    files
}
