//! Offers a shell words to complete with: the project's apps and its migrations. Where there is no project there is
//! nothing to offer, and nothing is said.

use std::env::current_dir;
use std::ffi::OsStr;

use clap_complete::CompletionCandidate;

use super::folder::read_all;
use crate::project::Project;
use crate::schema::Dialect;

/// The apps, those of restkit included.
pub fn apps(begun: &OsStr) -> Vec<CompletionCandidate> {
    let apps = project().map(|project| project.apps).unwrap_or_default();
    beginning(begun, apps.into_iter().map(|app| app.label))
}

/// The apps whose code is the project's own.
pub fn own_apps(begun: &OsStr) -> Vec<CompletionCandidate> {
    let project = project();
    let own = project.iter().flat_map(Project::own_apps);
    beginning(begun, own.map(|app| app.label.clone()))
}

/// The names of the migrations, the newest first.
pub fn migrations(begun: &OsStr) -> Vec<CompletionCandidate> {
    beginning(begun, names().into_iter().chain(["zero".to_owned()]))
}

/// The apps and the migrations: what `migrate` takes first.
pub fn targets(begun: &OsStr) -> Vec<CompletionCandidate> {
    let mut candidates = apps(begun);
    candidates.extend(migrations(begun));
    candidates
}

/// The numbers of the migrations, with their names beside them.
pub fn numbers(begun: &OsStr) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let numbers = names().into_iter().filter_map(|name| {
        let number = name.split('_').next()?.to_owned();
        let is_it = number.starts_with(&*begun);
        is_it.then(|| CompletionCandidate::new(number).help(Some(name.into())))
    });
    numbers.collect()
}

fn names() -> Vec<String> {
    let folder = project().map(|project| project.migrations());
    let migrations = folder.and_then(|folder| read_all(&folder, Dialect::Sqlite).ok());
    let names = migrations.into_iter().flatten().rev();
    names.map(|migration| migration.name).collect()
}

fn project() -> Option<Project> {
    Project::find(&current_dir().ok()?).ok()
}

fn beginning(begun: &OsStr, words: impl Iterator<Item = String>) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let words = words.filter(|word| word.starts_with(&*begun));
    words.map(CompletionCandidate::new).collect()
}
