//! The source files that hold a project's models.

use std::fs;
use std::path::Path;

use anyhow::Result;
use walkdir::WalkDir;

use super::Layout;
use super::layout::AppModels;
use crate::error::{Failure, OTHERWISE, unread};
use crate::schema::parse::{self, Models, Problem, Source};

/// Reads and parses the models of all apps.
///
/// # Errors
///
/// If the models do not parse: every problem with file, line and column.
pub fn read(layout: &Layout) -> Result<Models> {
    parsed(&sources(layout)?)
}

/// Reads the files that hold the models of all apps.
///
/// # Errors
///
/// If a file cannot be read: the message names it.
pub fn sources(layout: &Layout) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for app in &layout.apps {
        sources.extend(sources_of(&layout.root, app)?);
    }
    Ok(sources)
}

/// The models in `sources`.
///
/// # Errors
///
/// If they do not parse: every problem with file, line and column.
pub fn parsed(sources: &[Source]) -> Result<Models> {
    parse::parse(sources).map_err(|problems| unreadable(&problems).into())
}

fn sources_of(root: &Path, app: &AppModels) -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    for start in &app.sources {
        for entry in WalkDir::new(root.join(start))
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
        {
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs")
            {
                paths.push(entry.into_path());
            }
        }
    }
    paths.iter().map(|path| source(root, app, path)).collect()
}

fn source(root: &Path, app: &AppModels, path: &Path) -> Result<Source> {
    let text = fs::read_to_string(path).map_err(|error| unread(error, path, OTHERWISE))?;
    let shown = path.strip_prefix(root).unwrap_or(path);
    Ok(Source {
        app: app.label.clone(),
        path: shown.display().to_string(),
        module: module_of(shown),
        text,
    })
}

/// `src/api/models/task.rs` is the module `crate::api::models::task`, `restkit/src/auth/models.rs`
/// is `restkit::auth::models`.
fn module_of(path: &Path) -> Vec<String> {
    let parts: Vec<String> = path
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let (crate_name, rest) = match parts.iter().position(|part| part == "src") {
        Some(0) => ("crate".to_owned(), &parts[1..]),
        Some(at) => (parts[at - 1].clone(), &parts[at + 1..]),
        None => ("crate".to_owned(), &parts[..]),
    };
    let modules = rest.iter().filter(|part| *part != "mod").cloned();
    std::iter::once(crate_name).chain(modules).collect()
}

fn unreadable(problems: &[Problem]) -> Failure {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    Failure::new(format!(
        "the models cannot be read:\n  {}",
        lines.join("\n  ")
    ))
    .hint("nothing was written; correct the file, then run the command again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_modules() {
        let module = |path: &str| module_of(Path::new(path)).join("::");
        assert_eq!(module("src/api/models.rs"), "crate::api::models");
        assert_eq!(module("src/api/models/mod.rs"), "crate::api::models");
        assert_eq!(module("src/api/models/task.rs"), "crate::api::models::task");
        assert_eq!(
            module("restkit/src/auth/models.rs"),
            "restkit::auth::models"
        );
    }
}
