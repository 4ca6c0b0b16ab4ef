//! The one reader of the process environment and of a project's `.env`.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the program's only look at the environment"
)]

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};

use crate::error::Failure;

/// The variable `name`: from the environment, else from the file `.env` in `root`, else nothing.
///
/// # Errors
///
/// If `.env` cannot be read, or has a line that is no `NAME=value`.
pub fn setting(root: &Path, name: &str) -> Result<Option<String>> {
    if let Ok(value) = std::env::var(name) {
        return Ok(Some(value));
    }
    let path = root.join(".env");
    if !path.exists() {
        return Ok(None);
    }
    let entries = dotenvy::from_path_iter(&path)
        .with_context(|| format!("could not read `{}`", path.display()))?;
    for entry in entries {
        let (key, value) = entry.map_err(|error| malformed(&path, &error))?;
        if key == name {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn malformed(path: &Path, error: &dotenvy::Error) -> Failure {
    Failure::new(format!("`{}` is malformed: {error}", path.display()))
        .hint("write one NAME=value a line; quote values that hold spaces")
}

/// The cargo to run: the one that runs us, else the one on the PATH.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
