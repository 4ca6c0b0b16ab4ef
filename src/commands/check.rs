//! The part of `check` that reads the source; the rest is the project's own program's.

use walkdir::WalkDir;

use crate::lint::{File, lint};
use crate::migrations::{Layout, models};
use crate::project::Project;
use crate::ui;

/// Tells of habits in the project's source that cost later. Nothing here makes `check` fail.
pub fn report(project: &Project) {
    let files = files(project);
    // Mistakes in the models are for makemigrations and the compiler to tell.
    let models = models::read(&Layout::of(project)).unwrap_or_default();
    let findings = lint(&files, &models);
    for finding in &findings {
        ui::say(finding.to_string());
    }
    match findings.len() {
        0 => {}
        1 => ui::say("The source has 1 finding."),
        number => ui::say(format!("The source has {number} findings.")),
    }
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
