//! The repository that a new project begins with.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Makes `root` a git repository without a commit, as `cargo new` does; one that it lies in is enough, and so is a
/// machine without git.
///
/// # Errors
///
/// If git refuses.
pub fn make(root: &Path) -> Result<()> {
    if root.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(());
    }
    let made = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(root)
        // A hook of git's, for example, sets these, and they would lead to its own repository.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output();
    match made {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).context("git did not start"),
        Ok(made) if made.status.success() => Ok(()),
        Ok(made) => bail!("{}", String::from_utf8_lossy(&made.stderr).trim()),
    }
}
