//! `backsmith.lock`: what a project was made of, so that a later version can tell what its people have changed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use toml_edit::{DocumentMut, Value};

use crate::apply::digest;
use crate::error::Failure;
use crate::scaffold::answers::{Answers, Database};
use crate::scaffold::parts::Part;
use crate::scaffold::templates::Rendered;

/// Its name, in the root of the project.
pub const NAME: &str = "backsmith.lock";

/// Returns whether a later version may bring news for a file: not for secrets and the history of the database, which are
/// its people's from the beginning.
pub fn is_kept(path: &str) -> bool {
    let is_history = path.starts_with("migrations/") && path.ends_with(".sql");
    path != ".env" && path != NAME && !is_history
}

/// The version and the answers that a project was made with, and each file as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub version: String,
    pub answers: Answers,
    /// The SHA-256 of each file, by its path with slashes.
    pub files: BTreeMap<String, String>,
}

impl Lock {
    /// The lock of a project of these files.
    pub fn of(version: &str, answers: &Answers, files: &[Rendered]) -> Self {
        let files = files.iter().map(|file| {
            let digest = digest(&file.contents);
            (slashed(&file.path), digest)
        });
        Self {
            version: version.to_owned(),
            answers: answers.clone(),
            files: files.filter(|(path, _)| is_kept(path)).collect(),
        }
    }

    /// Reads a lock.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Failure::new(format!("`{NAME}` cannot be read"))
                .hint("take it back from git: backsmith writes it, nobody else")
        };
        let document: DocumentMut = text.parse().with_context(wrong)?;
        let word = |key: &str| {
            let value = document.get(key).and_then(|value| value.as_str());
            value.map(str::to_owned).with_context(wrong)
        };
        let parts = document.get("parts").and_then(|parts| parts.as_array());
        let parts = parts.into_iter().flatten().filter_map(|part| part.as_str());
        let files = document.get("files").and_then(|files| files.as_table());
        let files = files.with_context(wrong)?.iter();
        let parts: Result<Vec<_>, _> = parts.map(|part| Part::from_str(part, false)).collect();
        let database = Database::from_str(&word("database")?, false);
        Ok(Self {
            version: word("version")?,
            answers: Answers {
                module: word("module")?,
                package: word("package")?,
                database: database.ok().with_context(wrong)?,
                parts: parts.ok().with_context(wrong)?,
            },
            files: files
                .filter_map(|(path, digest)| Some((path.to_owned(), digest.as_str()?.to_owned())))
                .collect(),
        })
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |text: &str| Value::from(text).to_string();
        let parts = self
            .answers
            .parts
            .iter()
            .filter_map(|part| part.to_possible_value());
        let parts: Vec<_> = parts.map(|part| name(part.get_name())).collect();
        let database = self.answers.database.to_possible_value();
        let database = database
            .map(|it| it.get_name().to_owned())
            .unwrap_or_default();
        writeln!(
            f,
            "# What this project was made of, for `backsmith upgrade`. Keep it in git, and leave it as it is."
        )?;
        writeln!(f, "version = {}", name(&self.version))?;
        writeln!(f, "module = {}", name(&self.answers.module))?;
        writeln!(f, "package = {}", name(&self.answers.package))?;
        writeln!(f, "database = {}", name(&database))?;
        writeln!(f, "parts = [{}]", parts.join(", "))?;
        writeln!(f, "\n[files]")?;
        for (path, digest) in &self.files {
            writeln!(f, "{} = {}", name(path), name(digest))?;
        }
        Ok(())
    }
}

/// The path as the lock has it.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let answers = Answers {
            module: "core".to_owned(),
            package: "todo".to_owned(),
            database: Database::Postgres,
            parts: vec![Part::Docker, Part::StaticFiles],
        };
        let file = |path: &str| Rendered {
            path: path.into(),
            contents: b"text".to_vec(),
        };
        let files = [
            file("Cargo.toml"),
            file(".env"),
            file("migrations/sqlite/0001_a.up.sql"),
            file("migrations/.gitattributes"),
        ];
        let lock = Lock::of("1.2.3", &answers, &files);
        let paths: Vec<_> = lock.files.keys().collect();
        assert_eq!(paths, ["Cargo.toml", "migrations/.gitattributes"]);
        assert_eq!(Lock::parse(&lock.to_string()).unwrap(), lock);
        for wrong in ["", "version = 1", "["] {
            assert!(Lock::parse(wrong).is_err(), "{wrong}");
        }
    }
}
