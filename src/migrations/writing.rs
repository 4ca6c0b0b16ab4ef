//! The files of migrations in a plan.

use std::path::{Path, PathBuf};

use super::Migration;
use crate::plan::Plan;

/// Adds the files of `migration` in `folder`, in place of those of `old` if that has the same name.
pub(super) fn write(
    plan: &mut Plan,
    folder: &Path,
    migration: &Migration,
    old: Option<&Migration>,
) {
    let old = old.filter(|old| old.name == migration.name);
    for (direction, text) in migration.files() {
        let path = file(folder, &migration.name, direction);
        let before = old.and_then(|old| old.files().find(|(other, _)| *other == direction));
        match before {
            Some((_, before)) => plan.edit(path, before, text),
            None => plan.create(path, text),
        }
    }
}

/// Removes the files of a migration.
pub(super) fn remove(plan: &mut Plan, folder: &Path, migration: &Migration) {
    for (direction, text) in migration.files() {
        plan.remove(file(folder, &migration.name, direction), text);
    }
}

/// Moves the files of a migration from one folder and name to others.
pub(super) fn rename(
    plan: &mut Plan,
    migration: &Migration,
    from: &Path,
    (to, name): (&Path, &str),
) {
    for (direction, text) in migration.files() {
        plan.remove(file(from, &migration.name, direction), text);
        plan.create(file(to, name, direction), text);
    }
}

fn file(folder: &Path, name: &str, direction: &str) -> PathBuf {
    folder.join(format!("{name}.{direction}.sql"))
}
