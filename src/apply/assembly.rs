//! A folder that is filled step by step elsewhere, and is there all at once or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::error::Failure;
use crate::interrupt::{self, Hold};

/// A folder in the making, beside the place where it will be.
pub struct Assembly {
    folder: PathBuf,
    root: PathBuf,
    staging: tempfile::TempDir,
    hold: Hold,
}

impl Assembly {
    /// Begins to make `folder`, which is empty or not there.
    ///
    /// # Errors
    ///
    /// If something is in it, or the disk refuses.
    pub fn begin(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder).context("could not tell the current folder")?;
        refuse_full(&folder)?;
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            return Err(Failure::new("a project cannot fill the root of a disk").into());
        };
        let hold = interrupt::hold();
        let refused = || format!("could not make a folder in `{}`", parent.display());
        fs::create_dir_all(parent).with_context(refused)?;
        let staging = tempfile::Builder::new()
            .prefix(".backsmith-making-")
            .tempdir_in(parent)
            .with_context(refused)?;
        let root = staging.path().join(name);
        fs::create_dir(&root).with_context(refused)?;
        Ok(Self {
            folder,
            root,
            staging,
            hold,
        })
    }

    /// Where it is being made, under the name that it will have.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file, with the folders that it is in.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.root.join(path);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
            fs::write(&path, text)
        };
        write().with_context(|| format!("could not write `{}`", path.display()))
    }

    /// Fails if Ctrl-C was pressed since it began: then nothing is left of it.
    ///
    /// # Errors
    ///
    /// Exit code 130.
    pub fn check(&self) -> Result<()> {
        Ok(self.hold.check()?)
    }

    /// Puts it in its place.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn finish(self) -> Result<()> {
        self.check()?;
        let put = put(&self.root, &self.folder);
        drop(self.staging);
        put.with_context(|| format!("could not fill `{}`", self.folder.display()))
    }
}

fn refuse_full(folder: &Path) -> Result<()> {
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => folder.symlink_metadata().is_err(),
    };
    if is_free {
        return Ok(());
    }
    let shown = folder.display();
    Err(
        Failure::new(format!("`{shown}` is there already and is not empty"))
            .hint("nothing was written; name another folder")
            .into(),
    )
}

/// A folder that is there, perhaps as somebody's current one, stays the same folder.
fn put(root: &Path, folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return fs::rename(root, folder);
    }
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    Ok(())
}
