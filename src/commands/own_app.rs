//! An app whose code is the project's own, and all that names it: for commands that remove or rename one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::error::{Exit, Failure};
use crate::nearest::nearest;
use crate::project::{AppSource, Project, Source};
use crate::schema::parse::Models;

/// Finds the app `label` in `src/`.
///
/// # Errors
///
/// If there is none.
pub fn find<'p>(project: &'p Project, label: &str) -> Result<&'p AppSource> {
    let is_in_place = |app: &&AppSource| app.folder == Path::new("src").join(&app.label);
    let own: Vec<_> = project.own_apps().filter(is_in_place).collect();
    if let Some(app) = own.iter().find(|app| app.label == label) {
        return Ok(app);
    }
    let labels: Vec<_> = own.iter().map(|app| app.label.clone()).collect();
    let hint = match nearest(label, labels.iter().cloned()) {
        Some(near) => format!("did you mean {near}?"),
        None if labels.is_empty() => "the project has no app of its own yet".to_owned(),
        None => format!("the project's own apps: {}", labels.join(", ")),
    };
    let message = format!("there is no app `{}` in `src/`", label.escape_debug());
    Err(Failure::new(message).hint(hint).exit(Exit::Usage).into())
}

/// Reads all files of the app, and lists the folders that are empty without them.
///
/// # Errors
///
/// If one is no text: `otherwise` says what to do with it.
pub fn read_files(
    project: &Project,
    app: &AppSource,
    otherwise: &str,
) -> Result<(Vec<Source>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(project.root.join(&app.folder)).sort_by_file_name() {
        let entry = entry.context("could not list the app's files")?;
        let path = entry.path().strip_prefix(&project.root)?.to_owned();
        if entry.file_type().is_dir() {
            folders.push(path);
            continue;
        }
        let text = fs::read_to_string(entry.path()).with_context(|| {
            let message = format!("`{}` is no text that could be brought back", path.display());
            Failure::new(message).hint(format!("nothing was written; {otherwise}"))
        })?;
        files.push(Source { path, text });
    }
    Ok((files, folders))
}

/// Reads the project's own Rust, without that of the app.
///
/// # Errors
///
/// If a file cannot be read.
pub fn read_others(project: &Project, app: &AppSource) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        let entries = WalkDir::new(project.root.join(folder)).sort_by_file_name();
        for entry in entries.into_iter().flatten() {
            let path = entry.path();
            let below = path.strip_prefix(&project.root).unwrap_or(path);
            let is_rust = path.extension().is_some_and(|it| it == "rs");
            if !is_rust || below.starts_with(&app.folder) {
                continue;
            }
            let text = fs::read_to_string(path)
                .with_context(|| format!("could not read `{}`", below.display()))?;
            sources.push(Source {
                path: below.to_owned(),
                text,
            });
        }
    }
    Ok(sources)
}

/// Lists the tables of the app's models.
pub fn tables(models: &Models, label: &str) -> Vec<String> {
    let own = models.models.iter().filter(|(_, model)| model.app == label);
    own.map(|(table, _)| table.clone()).collect()
}

/// Gives the names by which Rust reaches the project's modules: from within, and from its tests.
pub fn roots(project: &Project) -> [String; 2] {
    ["crate".to_owned(), project.package.replace('-', "_")]
}
