//! Remembers models and migrations that were found to agree, so that the next look at them costs nothing.
//!
//! A key is a checksum of all that this follows from: the models, the migrations and this very program.
//! So nothing can get out of step: what differs in one byte has another key.

use std::path::PathBuf;

use super::History;
use super::fingerprint::Fingerprint;
use crate::schema::parse::Source;
use crate::{apply, env};

/// How many keys are remembered.
const MAX_KEYS: usize = 100;

/// Models and the migrations that lead to them, as a checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheKey(String);

impl CacheKey {
    /// Returns the key, if this program can tell itself from others; `unmanaged` are the tables that
    /// need no model.
    pub fn of(sources: &[Source], histories: [&History; 2], unmanaged: &[String]) -> Option<Self> {
        let mut fingerprint = Fingerprint::of_program()?;
        let mut part = |parts: &[&str]| parts.iter().for_each(|text| fingerprint.add(text));
        for table in unmanaged {
            part(&["unmanaged", table]);
        }
        for source in sources {
            part(&["models", &source.app, &source.path, &source.text]);
        }
        for history in histories {
            part(&["history"]);
            for migration in &history.migrations {
                part(&[&migration.name, &migration.up]);
            }
        }
        Some(Self(fingerprint.to_hex()))
    }

    /// Returns whether these need no migration, as far as is remembered.
    pub fn is_verified(&self) -> bool {
        remembered().contains(&self.0)
    }

    /// Remembers that these need no migration, if there is a folder for it.
    pub fn remember(self) {
        let Some(file) = file() else {
            return;
        };
        let mut all = remembered();
        all.retain(|other| *other != self.0);
        all.push(self.0);
        let oldest = all.len().saturating_sub(MAX_KEYS);
        apply::cache(&file, all[oldest..].join("\n").as_bytes());
    }
}

fn file() -> Option<PathBuf> {
    Some(env::cache()?.join("settled"))
}

fn remembered() -> Vec<String> {
    let text = file().and_then(|file| std::fs::read_to_string(file).ok());
    let text = text.unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::Migration;

    fn key(models: &str, up: &str, unmanaged: &[String]) -> CacheKey {
        let source = Source {
            app: "api".to_owned(),
            path: "src/api/models.rs".to_owned(),
            module: Vec::new(),
            text: models.to_owned(),
        };
        let history = History {
            migrations: vec![Migration {
                number: 1,
                name: "0001_api_initial".to_owned(),
                up: up.to_owned(),
                down: None,
            }],
            ..History::default()
        };
        CacheKey::of(&[source], [&history, &History::default()], unmanaged).unwrap()
    }

    #[test]
    fn what_differs_has_another_key() {
        let one = key("a", "b", &[]);
        assert_eq!(one, key("a", "b", &[]));
        for other in [
            key("a ", "b", &[]),
            key("a", "c", &[]),
            key("a", "b", &["t".to_owned()]),
            key("a\n1 b", "", &[]),
        ] {
            assert_ne!(one, other);
        }
    }
}
