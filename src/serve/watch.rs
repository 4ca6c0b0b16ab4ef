//! The watch on a project's source files.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::project::Project;

/// Editors write a file in several steps, and several files at once: wait until they are done.
const DEBOUNCE: Duration = Duration::from_millis(40);

/// Folders whose every file counts, as far as a project has them.
const FOLDERS: [&str; 4] = ["src", "restkit", "migrations", "templates"];

/// Files in the root that count.
const FILES: [&str; 4] = ["Cargo.toml", "Cargo.lock", "build.rs", ".env"];

/// Tells when a source file has changed.
#[derive(Debug)]
pub struct Watcher {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    /// Watching ends when it is dropped.
    _watcher: RecommendedWatcher,
}

impl Watcher {
    /// Begins to watch `project`.
    pub fn new(project: &Project) -> Result<Self> {
        let root = project
            .root
            .canonicalize()
            .context("could not find the project's folder")?;
        let (sender, events) = channel();
        let mut watcher =
            notify::recommended_watcher(sender).context("could not watch for changes")?;
        watch(&mut watcher, &root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS {
            let folder = root.join(folder);
            if folder.is_dir() {
                watch(&mut watcher, &folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(Self {
            root,
            events,
            _watcher: watcher,
        })
    }

    /// Waits for at most `patience` and says whether something has changed; if so, it also waits
    /// until the changes have stopped.
    pub fn changed(&self, patience: Duration) -> bool {
        self.wait(patience, |event| self.counts(event))
    }

    /// The same, where any new file in the root counts, too.
    pub fn changed_or_appeared(&self, patience: Duration) -> bool {
        self.wait(patience, |event| {
            let is_new = matches!(event.kind, EventKind::Create(_));
            let is_here = |path: &PathBuf| path.parent() == Some(&self.root);
            self.counts(event) || is_new && event.paths.iter().any(is_here)
        })
    }

    fn wait(&self, patience: Duration, counts: impl Fn(&Event) -> bool) -> bool {
        let mut changed = false;
        let mut wait = patience;
        loop {
            match self.events.recv_timeout(wait) {
                Ok(Ok(event)) if counts(&event) => {
                    changed = true;
                    wait = DEBOUNCE;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return changed,
            }
        }
    }

    fn counts(&self, event: &Event) -> bool {
        let changes = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
        );
        changes && event.paths.iter().any(|path| is_source(&self.root, path))
    }
}

fn watch(watcher: &mut RecommendedWatcher, path: &Path, mode: RecursiveMode) -> Result<()> {
    watcher
        .watch(path, mode)
        .with_context(|| format!("could not watch `{}` for changes", path.display()))
}

/// Returns whether a change of `path` may change the program; editors' backup files may not.
fn is_source(root: &Path, path: &Path) -> bool {
    let Ok(below) = path.strip_prefix(root) else {
        return false;
    };
    let name = below.file_name().unwrap_or_default().to_string_lossy();
    let backup = name.ends_with('~') || name.ends_with(".swp") || name.starts_with(".#");
    let first = below
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy());
    let in_folder =
        below.components().count() > 1 && first.is_some_and(|first| FOLDERS.contains(&&*first));
    !backup && (in_folder || FILES.contains(&&*name) && below.components().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_count() {
        let root = Path::new("/p");
        for source in [
            "src/api/models.rs",
            "migrations/sqlite/0001.up.sql",
            "Cargo.toml",
            ".env",
        ] {
            assert!(is_source(root, &root.join(source)), "{source}");
        }
        for other in [
            "db.sqlite3",
            "db.sqlite3-wal",
            "target/debug/p",
            "src/api/.models.rs.swp",
            "README.md",
            "src",
        ] {
            assert!(!is_source(root, &root.join(other)), "{other}");
        }
    }
}
