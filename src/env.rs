//! The one reader of the process environment and of a project's `.env`.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the program's only look at the environment"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::error::Failure;

/// The variable `name`: from the environment, else from the file `.env` in `root`, else nothing.
///
/// # Errors
///
/// If `.env` cannot be read, or has a line that is not a `NAME=value`.
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

/// The variable that tells a project's program that it was called by `backsmith`, so that its messages
/// name what people typed.
pub const CALLED_AS: (&str, &str) = ("BACKSMITH_CALLED_AS", "backsmith");

/// The cargo to run: the one that runs us, else the one on the PATH.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The words behind the program's name, as they were typed.
pub fn command_line() -> String {
    let words = std::env::args_os().skip(1);
    let words: Vec<_> = words
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

/// The folder for what can be found out again, if this user has one.
pub fn cache() -> Option<PathBuf> {
    let absolute = |name: &str| {
        let path = std::env::var_os(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    Some(caches?.join("backsmith"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_env(text: &[u8], name: &str) -> Result<Option<String>> {
        let folder = tempfile::tempdir()?;
        #[expect(clippy::disallowed_methods, reason = "tests make files")]
        std::fs::write(folder.path().join(".env"), text)?;
        setting(folder.path(), name)
    }

    #[test]
    fn values_are_read_as_a_shell_would() {
        for (text, value) in [
            ("BS_TEST=plain", Some("plain")),
            ("BS_TEST=\"with space\" # and a comment", Some("with space")),
            ("BS_TEST='single $x'", Some("single $x")),
            ("export BS_TEST=1", Some("1")),
            ("# BS_TEST=1", None),
            ("BS_TEST=", Some("")),
            ("BS_TEST=a=b", Some("a=b")),
            ("BS_TEST=crlf\r\nOTHER=1\r\n", Some("crlf")),
            ("\n\nOTHER=1\n", None),
        ] {
            let found = in_env(text.as_bytes(), "BS_TEST").unwrap();
            assert_eq!(found.as_deref(), value, "{text}");
        }
    }

    #[test]
    fn the_environment_comes_first() {
        let path = in_env(b"PATH=nowhere", "PATH").unwrap().unwrap();
        assert_ne!(path, "nowhere");
    }

    #[test]
    fn no_file_is_no_setting() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(setting(folder.path(), "BS_TEST").unwrap(), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for text in [&b"no setting\n"[..], b"BS_TEST=\"open\n", b"BS_TEST=\xff\n"] {
            let error = in_env(text, "BS_TEST").unwrap_err();
            assert!(error.to_string().contains(".env`"), "{error}");
            assert!(crate::error::hint_of(&error).is_some(), "{error}");
        }
    }
}
