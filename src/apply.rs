//! The only writer: carries a [`Plan`] out, all of it or nothing.
//!
//! New contents are first written beside their destination, into a staging folder; only when all
//! of them are on the disk do renames put them in place. Whatever fails before the last rename,
//! Ctrl-C included, is undone; what a killed run leaves, the next one undoes: [`recover`].
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the program's hand"
)]

mod assembly;
mod record;
pub mod repository;
mod staging;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use self::assembly::Assembly;
pub use self::record::{Change, ChangeKind, Record, digest};
use self::staging::Staging;
use crate::error::Failure;
use crate::interrupt::{self, Hold};
use crate::plan::{FileKind, Plan, Step};
use crate::ui;

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
    let folders = new_folders(plan);
    let done = carry_out(plan, &hold, &mut undo);
    match done {
        Err(_) => undo.run(),
        Ok(()) if plan.is_undo || plan.steps.is_empty() => {}
        Ok(()) => record::keep(plan, &folders),
    }
    done
}

/// Removes those of a project's folders that are empty now.
pub fn remove_empty(root: &Path, folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(root.join(folder)); // somebody may have put something into it
    }
}

/// Puts back what a run that was killed, and so could not do it itself, has left in `root`.
///
/// # Errors
///
/// If the disk refuses.
pub fn recover(root: &Path) -> Result<()> {
    let recovered = staging::recover(root).with_context(|| {
        let root = root.display();
        Failure::new(format!(
            "could not put back what a killed run left in `{root}`"
        ))
        .hint("check who owns the folder; its `.backsmith-*` folders are what was left")
    })?;
    if recovered {
        ui::warning("an earlier run was killed half way: what it had written was put back");
    }
    Ok(())
}

/// Keeps `contents` in a file outside of any project, for what can be found out again: so a failure
/// does not matter.
pub fn cache(path: &Path, contents: &[u8]) {
    let write = || -> Option<()> {
        let folder = path.parent()?;
        fs::create_dir_all(folder).ok()?;
        let mut file = tempfile::NamedTempFile::new_in(folder).ok()?;
        file.write_all(contents).ok()?;
        file.persist(path).ok().map(drop)
    };
    let _ = write();
}

/// Removes everything from a folder of the cache but the newest.
pub fn forget_oldest(folder: &Path, kept: usize) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    if all.len() > kept {
        let modified = |path: &PathBuf| fs::metadata(path).and_then(|it| it.modified()).ok();
        // Once for each: other runs touch these files meanwhile.
        all.sort_by_cached_key(modified);
        for old in &all[..all.len() - kept] {
            let _ = if old.is_dir() {
                fs::remove_dir_all(old)
            } else {
                fs::remove_file(old)
            };
        }
    }
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
        first_of(&conflicts)
    ))
    .hint("nothing was written; move them away or choose another folder")
    .into())
}

/// The most files that a message names; more would push what is wrong off the screen.
const MAX_NAMED: usize = 10;

/// The first of many paths, a line each.
fn first_of(paths: &[String]) -> String {
    let named = &paths[..paths.len().min(MAX_NAMED)];
    let mut text = named.join("\n  ");
    let others = paths.len() - named.len();
    if others > 0 {
        text.push_str(&format!("\n  and {others} more"));
    }
    text
}

/// Returns the path that is in the way of `path`: itself, or a file where one of its folders must be.
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
    let staging = stage(plan, hold, undo)?;
    let begun = staging.begin(plan, &new_folders(plan));
    begun.map_err(|error| refused(&plan.root, &error))?;
    let count = plan.steps.len();
    let staged: Vec<_> = (0..count)
        .map(|number| staging.new_contents(number))
        .collect();
    undo.staging = Some(staging);
    for (step, staged) in plan.steps.iter().zip(&staged) {
        hold.check()?;
        let path = plan.root.join(step.path());
        put(step, staged, &path, undo).map_err(|error| match error.downcast() {
            Ok(error) => refused(&path, &error).into(),
            Err(error) => error,
        })?;
    }
    hold.check()?;
    match undo.staging.take() {
        Some(staging) => staging
            .commit()
            .map_err(|error| refused(&plan.root, &error).into()),
        None => Ok(()),
    }
}

/// The folders below the root that the plan brings: those above come first.
fn new_folders(plan: &Plan) -> Vec<PathBuf> {
    let parents = plan
        .steps
        .iter()
        .flat_map(|step| step.path().ancestors().skip(1));
    let mut folders: Vec<_> = parents
        .filter(|path| !plan.root.join(path).exists())
        .map(Path::to_owned)
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// Writes all new contents into a hidden folder on the same file system, named by step number.
fn stage(plan: &Plan, hold: &Hold, undo: &Undo) -> Result<Staging> {
    let staging =
        Staging::new(&plan.root, &undo.folders).map_err(|error| refused(&plan.root, &error))?;
    for (number, step) in plan.steps.iter().enumerate() {
        hold.check()?;
        let staged = staging.new_contents(number);
        let contents = match step {
            Step::Create { contents, .. } => contents.as_slice(),
            Step::Edit { after, .. } => after.as_bytes(),
            Step::Remove { .. } => continue,
        };
        fs::File::create_new(&staged)
            .and_then(|mut file| file.write_all(contents))
            .and_then(|()| keep_secret(&staged, step.path()))
            .map_err(|error| refused(&plan.root.join(step.path()), &error))?;
    }
    Ok(staging)
}

/// Only its owner reads a `.env`: it holds the secret key.
fn keep_secret(staged: &Path, path: &Path) -> io::Result<()> {
    if path.file_name().is_some_and(|name| name == ".env") {
        restrict(staged)?;
    }
    Ok(())
}

#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Elsewhere a file has the access of its folder.
#[cfg(not(unix))]
fn restrict(_path: &Path) -> io::Result<()> {
    Ok(())
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
        Step::Create { kind, .. } => {
            if let Some(parent) = path.parent() {
                make_folders(parent, undo)?;
            }
            set_mode(staged, *kind)?;
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
            fs::rename(path, staged)?;
            undo.removed.push((path.to_owned(), staged.to_owned()));
        }
    }
    Ok(())
}

/// For file systems without links.
fn copy_new(staged: &Path, path: &Path) -> io::Result<()> {
    let mut from = fs::File::open(staged)?;
    let mut to = fs::File::create_new(path)?;
    to.set_permissions(from.metadata()?.permissions())?;
    io::copy(&mut from, &mut to).map(drop)
}

#[cfg(unix)]
fn set_mode(path: &Path, kind: FileKind) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match kind {
        FileKind::Plain => return Ok(()),
        FileKind::Program => 0o755,
        FileKind::Secret => 0o600,
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _kind: FileKind) -> io::Result<()> {
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

/// The steps done so far, to be taken back.
#[derive(Default)]
struct Undo {
    folders: Vec<PathBuf>,
    created: Vec<PathBuf>,
    edited: Vec<(PathBuf, String)>,
    /// Each with the place in the staging folder that it was moved to.
    removed: Vec<(PathBuf, PathBuf)>,
    /// Goes last: until then a killed run can be put back by the next one.
    staging: Option<Staging>,
}

impl Undo {
    /// Takes everything back, as far as the disk lets us: there is nobody left to tell.
    fn run(self) {
        let staging = self.staging;
        for path in self.created {
            let _ = fs::remove_file(path);
        }
        for (path, before) in self.edited {
            let _ = fs::write(path, before);
        }
        for (path, staged) in self.removed {
            let _ = fs::rename(staged, path);
        }
        let _ = staging.map(Staging::commit);
        for path in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}

#[cfg(test)]
mod tests;
