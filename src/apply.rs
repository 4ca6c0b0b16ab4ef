//! The only writer: carries a [`Plan`] out, all of it or nothing.
//!
//! New contents are first written beside their destination, into a staging folder; only when all
//! of them are on the disk do renames put them in place. Whatever fails before the last rename,
//! Ctrl-C included, is undone.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the program's hand"
)]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::error::{Failure, hint_of};
use crate::interrupt::{self, Hold};
use crate::plan::{Plan, Step};

/// Writes what `plan` says.
///
/// # Errors
///
/// If a file to create exists, a file to edit has changed, or the disk refuses: the tree is then
/// as it was before.
pub fn apply(plan: &Plan) -> Result<()> {
    check(plan)?;
    let hold = interrupt::hold();
    let mut undo = Undo::default();
    let done = carry_out(plan, &hold, &mut undo);
    if done.is_err() {
        undo.run();
    }
    done
}

/// Looks at every step before the first one is taken, and names everything that is in the way.
fn check(plan: &Plan) -> Result<()> {
    let mut conflicts = Vec::new();
    for step in &plan.steps {
        let path = plan.root.join(step.path());
        match step {
            Step::Create { .. } => conflicts.extend(in_the_way(&plan.root, step.path())),
            Step::Edit { before, .. } | Step::Remove { before, .. } => {
                check_unchanged(&path, before)?;
            }
        }
    }
    conflicts.sort();
    conflicts.dedup();
    let count = conflicts.len();
    if count == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{count} {} in `{}` already:\n  {}",
        if count == 1 {
            "file exists"
        } else {
            "files exist"
        },
        plan.root.display(),
        conflicts.join("\n  ")
    ))
    .hint("nothing was written; move them away or choose another folder")
    .into())
}

/// What is where `path` has to be: the path itself, or a file where one of its folders has to be.
fn in_the_way(root: &Path, path: &Path) -> Option<String> {
    let taken = |part: &Path| match root.join(part).symlink_metadata() {
        Ok(_) if part == path => true,
        Ok(_) => !root.join(part).is_dir(),
        Err(_) => false,
    };
    let parts = path.ancestors().filter(|part| !part.as_os_str().is_empty());
    let part = parts.filter(|part| taken(part)).last()?;
    Some(part.display().to_string())
}

fn check_unchanged(path: &Path, before: &str) -> Result<()> {
    let now = fs::read_to_string(path)
        .with_context(|| format!("could not read `{}` again", path.display()))?;
    if now == before {
        return Ok(());
    }
    Err(
        Failure::new(format!("`{}` was changed meanwhile", path.display()))
            .hint("nothing was written; run the command again")
            .into(),
    )
}

fn carry_out(plan: &Plan, hold: &Hold, undo: &mut Undo) -> Result<()> {
    make_folders(&plan.root, undo)?;
    let staging = stage(plan, hold)?;
    for (number, step) in plan.steps.iter().enumerate() {
        hold.check()?;
        let staged = staging.path().join(number.to_string());
        let path = plan.root.join(step.path());
        put(step, &staged, &path, undo).map_err(|error| {
            let hint = hint_of(&error).unwrap_or("nothing was written").to_owned();
            error.context(Failure::new(format!("could not write `{}`", path.display())).hint(hint))
        })?;
    }
    hold.check()?;
    Ok(())
}

/// Writes all new contents into a hidden folder on the same file system, named by step number.
fn stage(plan: &Plan, hold: &Hold) -> Result<TempDir> {
    let staging = tempfile::Builder::new()
        .prefix(".backsmith-")
        .tempdir_in(&plan.root)
        .map_err(|error| refused(&plan.root, &error))?;
    for (number, step) in plan.steps.iter().enumerate() {
        hold.check()?;
        let staged = staging.path().join(number.to_string());
        let contents = match step {
            Step::Create { contents, .. } => contents.as_slice(),
            Step::Edit { after, .. } => after.as_bytes(),
            Step::Remove { .. } => continue,
        };
        fs::File::create_new(&staged)
            .and_then(|mut file| file.write_all(contents))
            .map_err(|error| refused(&plan.root.join(step.path()), &error))?;
    }
    Ok(staging)
}

fn refused(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("could not write `{}`: {error}", path.display())).hint(
        match error.kind() {
            io::ErrorKind::PermissionDenied => "nothing was written; check who owns the folder",
            io::ErrorKind::StorageFull => "nothing was written; make room on the disk",
            _ => "nothing was written",
        },
    )
}

fn put(step: &Step, staged: &Path, path: &Path, undo: &mut Undo) -> Result<()> {
    match step {
        Step::Create { executable, .. } => {
            if let Some(parent) = path.parent() {
                make_folders(parent, undo)?;
            }
            if *executable {
                make_executable(staged)?;
            }
            // A link fails if somebody made the file meanwhile; a rename would overwrite it.
            fs::hard_link(staged, path).or_else(|_| copy_new(staged, path))?;
            undo.created.push(path.to_owned());
        }
        Step::Edit { before, .. } => {
            check_unchanged(path, before)?;
            let target = path.canonicalize()?; // a link stays a link
            fs::set_permissions(staged, fs::metadata(&target)?.permissions())?;
            fs::rename(staged, &target)?;
            undo.edited.push((target, before.clone()));
        }
        Step::Remove { before, .. } => {
            check_unchanged(path, before)?;
            fs::remove_file(path)?;
            undo.edited.push((path.to_owned(), before.clone()));
        }
    }
    Ok(())
}

/// For file systems without links.
fn copy_new(staged: &Path, path: &Path) -> io::Result<()> {
    let mut from = fs::File::open(staged)?;
    let mut to = fs::File::create_new(path)?;
    io::copy(&mut from, &mut to).map(drop)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes `folder` and those above it that are missing, and notes them for the undoing.
fn make_folders(folder: &Path, undo: &mut Undo) -> Result<()> {
    let missing: Vec<_> = folder
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .collect();
    for path in missing.into_iter().rev() {
        if path.is_dir() {
            continue; // `x/..`, now that there is an `x`
        }
        fs::create_dir(path).map_err(|error| refused(path, &error))?;
        undo.folders.push(path.to_owned());
    }
    Ok(())
}

/// What was done so far, to be taken back.
#[derive(Default)]
struct Undo {
    folders: Vec<PathBuf>,
    created: Vec<PathBuf>,
    edited: Vec<(PathBuf, String)>,
}

impl Undo {
    /// Takes everything back, as far as the disk lets us: there is nobody left to tell.
    fn run(self) {
        for path in self.created {
            let _ = fs::remove_file(path);
        }
        for (path, before) in self.edited {
            let _ = fs::write(path, before);
        }
        for path in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(root: &Path) -> Vec<(PathBuf, Option<String>)> {
        walkdir::WalkDir::new(root)
            .sort_by_file_name()
            .into_iter()
            .map(|entry| {
                let path = entry.unwrap().into_path();
                let text = fs::read_to_string(&path).ok();
                (path, text)
            })
            .collect()
    }

    /// A folder with `old.txt` in it and a plan that edits it and creates `a/b/new.txt`.
    fn example() -> (TempDir, Plan) {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("old.txt"), "old\r\n").unwrap();
        let mut plan = Plan::new(folder.path());
        plan.create("a/b/new.txt", "new");
        plan.edit("old.txt", "old\r\n", "older\r\n");
        fs::write(folder.path().join("gone.txt"), "gone").unwrap();
        plan.remove("gone.txt", "gone");
        (folder, plan)
    }

    #[test]
    fn a_plan_is_carried_out() {
        let (folder, plan) = example();
        apply(&plan).unwrap();
        let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("a/b/new.txt"), "new");
        assert_eq!(read("old.txt"), "older\r\n");
        assert!(!folder.path().join("gone.txt").exists());
        assert_eq!(tree(folder.path()).len(), 5, "no staging folder stays");
    }

    #[test]
    fn a_missing_root_is_made() {
        let folder = TempDir::new().unwrap();
        let mut plan = Plan::new(folder.path().join("x/y"));
        plan.create("f", "");
        apply(&plan).unwrap();
        assert!(folder.path().join("x/y/f").exists());
    }

    #[test]
    fn all_conflicts_are_named_and_nothing_is_written() {
        let (folder, mut plan) = example();
        plan.create("old.txt", "");
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/new.txt"), "mine").unwrap();
        let before = tree(folder.path());
        let error = apply(&plan).unwrap_err().to_string();
        assert!(
            error.contains("old.txt") && error.contains("a/b/new.txt"),
            "{error}"
        );
        assert_eq!(tree(folder.path()), before);
    }

    #[test]
    fn a_file_where_a_folder_has_to_be_is_named_once() {
        let (folder, mut plan) = example();
        plan.create("old.txt/one", "");
        plan.create("old.txt/two/three", "");
        let before = tree(folder.path());
        let error = apply(&plan).unwrap_err().to_string();
        assert!(error.starts_with("1 file exists"), "{error}");
        assert!(error.ends_with("\n  old.txt"), "{error}");
        assert_eq!(tree(folder.path()), before);
    }

    #[test]
    fn a_changed_file_stops_the_plan() {
        let (folder, plan) = example();
        fs::write(folder.path().join("old.txt"), "someone else's").unwrap();
        let before = tree(folder.path());
        let error = apply(&plan).unwrap_err().to_string();
        assert!(error.contains("was changed meanwhile"), "{error}");
        assert_eq!(tree(folder.path()), before);
    }

    #[test]
    fn a_failure_in_the_middle_puts_everything_back() {
        let (folder, mut plan) = example();
        // No file may have such a name; the steps before it succeed.
        plan.create("x".repeat(300), "");
        let before = tree(folder.path());
        apply(&plan).unwrap_err();
        assert_eq!(tree(folder.path()), before);
    }
}
