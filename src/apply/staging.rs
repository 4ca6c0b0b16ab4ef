//! The hidden folder that new contents wait in, and the journal by which the next run puts back
//! what a run that was killed has left half done.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::plan::{Plan, Step};

const PREFIX: &str = ".backsmith-";

/// Locked as long as the run lives that owns the folder; in it are the folders that the run made
/// to have a root.
const LOCK: &str = "lock";

/// Is there from the first change of the user's tree to the last one.
const JOURNAL: &str = "journal";

/// A folder on the file system of the files to come, which goes when the value is dropped.
pub struct Staging {
    /// Stands first, so that it is closed first: Windows keeps a folder with an open file in it.
    _lock: File,
    folder: TempDir,
}

impl Staging {
    /// Makes an empty folder in `root`, for which `made` had to be made first.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn new(root: &Path, made: &[PathBuf]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(root)?;
        let mut lock = File::create_new(folder.path().join(LOCK))?;
        // On a file system without locks nobody else finds the folder locked, that is all.
        let _ = lock.try_lock();
        let made = made.iter().map(|path| format!("{}\n", path.display()));
        lock.write_all(made.collect::<String>().as_bytes())?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// The staged path of a step: its new contents, or the file it removes until the run succeeds.
    pub fn new_contents(&self, number: usize) -> PathBuf {
        new_contents(self.folder.path(), number)
    }

    /// Notes what is about to be done, and what was there before.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn begin(&self, plan: &Plan, folders: &[PathBuf]) -> io::Result<()> {
        let folder = self.folder.path();
        let mut text = String::new();
        for path in folders {
            text += &format!("folder 0 {}\n", path.display());
        }
        for (number, step) in plan.steps.iter().enumerate() {
            let kind = match step {
                Step::Create { .. } => "create",
                Step::Remove { .. } => "remove",
                Step::Edit { before, path, .. } => {
                    let old = old_contents(folder, number);
                    File::create_new(&old)?.write_all(before.as_bytes())?;
                    let permissions = fs::metadata(plan.root.join(path))?.permissions();
                    fs::set_permissions(&old, permissions)?;
                    "edit"
                }
            };
            text += &format!("{kind} {number} {}\n", step.path().display());
        }
        let unfinished = folder.join("journal-unfinished");
        File::create_new(&unfinished)?.write_all(text.as_bytes())?;
        fs::rename(unfinished, folder.join(JOURNAL))
    }

    /// From here on the changes stay.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn commit(self) -> io::Result<()> {
        fs::remove_file(self.folder.path().join(JOURNAL))
    }

    /// Leaves everything as a killed run does.
    #[cfg(test)]
    pub fn abandon(self) {
        let _ = self.folder.keep();
    }
}

/// Puts back what killed runs have left in `root`, and says whether one had changed anything.
///
/// Files that somebody has written to since are left alone.
///
/// # Errors
///
/// If the disk refuses.
pub fn recover(root: &Path) -> io::Result<bool> {
    let Ok(entries) = fs::read_dir(root) else {
        return Ok(false); // nothing is there
    };
    let mut changed = false;
    for entry in entries {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_ours && entry.file_type()?.is_dir() && !is_alive(&entry.path()) {
            changed |= put_back(root, &entry.path())?;
        }
    }
    Ok(changed)
}

fn is_alive(staging: &Path) -> bool {
    let lock = File::open(staging.join(LOCK)).map(|lock| lock.try_lock());
    matches!(lock, Ok(Err(TryLockError::WouldBlock)))
}

fn put_back(root: &Path, staging: &Path) -> io::Result<bool> {
    let journal = staging.join(JOURNAL);
    let made = fs::read_to_string(staging.join(LOCK)).unwrap_or_default();
    let mut folders: Vec<PathBuf> = made.lines().map(PathBuf::from).collect();
    let text = match fs::read_to_string(&journal) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    for line in text.lines() {
        let mut words = line.splitn(3, ' ');
        let (Some(kind), Some(number), Some(path)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let number = number.parse().unwrap_or_default();
        let (new, path) = (new_contents(staging, number), root.join(path));
        match kind {
            "folder" => folders.push(path),
            "create" if is_same(&new, &path) && !is_newer(&path, &journal) => {
                fs::remove_file(path)?;
            }
            // Its new contents have left the staging folder, so they are in place.
            "edit" if !new.exists() && !is_newer(&path, &journal) => {
                fs::rename(old_contents(staging, number), path.canonicalize()?)?;
            }
            "remove" if new.exists() && path.symlink_metadata().is_err() => {
                fs::rename(new, path)?;
            }
            _ => {}
        }
    }
    // The journal goes first: without it the rest is only rubbish.
    let changed = !text.is_empty();
    if changed {
        fs::remove_file(&journal)?;
    }
    match fs::remove_dir_all(staging) {
        // Its own run has come to its end meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed?,
    }
    for folder in folders.into_iter().rev() {
        let _ = fs::remove_dir(folder); // somebody may have put something into it
    }
    Ok(changed)
}

fn new_contents(staging: &Path, number: usize) -> PathBuf {
    staging.join(number.to_string())
}

fn old_contents(staging: &Path, number: usize) -> PathBuf {
    staging.join(format!("{number}.old"))
}

/// Returns whether `path` was written to after `journal`, or cannot be looked at.
fn is_newer(path: &Path, journal: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    match (time(path), time(journal)) {
        (Ok(path), Ok(journal)) => path > journal,
        _ => true,
    }
}

/// Returns whether both are one file under two names.
#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        let metadata = path.symlink_metadata().ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    identity(one).is_some() && identity(one) == identity(other)
}

#[cfg(not(unix))]
fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::read(one), fs::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
