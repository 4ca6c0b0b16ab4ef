//! What was found to need no migration is remembered, so that the same question is answered at once.
//!
//! A question is everything that the answer follows from: the models, the migrations and this very
//! program. Only its checksum is kept, so nothing can get out of step: what differs in one byte is
//! another question.

use std::env::current_exe;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use super::{History, Migration};
use crate::schema::parse::Source;
use crate::{apply, env};

/// How many questions are remembered.
const MOST: usize = 100;

/// "Do these models need a migration after these?", as a checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question(String);

impl Question {
    /// The question, if this program can tell itself from others; `unmanaged` are the tables that
    /// need no model.
    pub fn of(sources: &[Source], histories: [&History; 2], unmanaged: &[String]) -> Option<Self> {
        let mut text = program()?;
        let mut part = |parts: &[&str]| {
            for part in parts {
                // With the length, no two lists of parts are the same text.
                text += &format!("\n{} ", part.len());
                text += part;
            }
        };
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
        let text = Migration {
            number: 0,
            name: String::new(),
            up: text,
            down: None,
        };
        Some(Self(text.checksum()))
    }

    /// Whether the answer is known to be no.
    pub fn is_settled(&self) -> bool {
        remembered().contains(&self.0)
    }

    /// Remembers that the answer is no, if there is a place for it.
    pub fn settle(self) {
        let Some(file) = file() else {
            return;
        };
        let mut all = remembered();
        all.retain(|other| *other != self.0);
        all.push(self.0);
        let oldest = all.len().saturating_sub(MOST);
        apply::cache(&file, &all[oldest..].join("\n"));
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

/// The program's version and build: another one may find what this one does not.
fn program() -> Option<String> {
    let file = current_exe().ok()?.metadata().ok()?;
    let built = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let (version, length) = (env!("CARGO_PKG_VERSION"), file.len());
    Some(format!("{version} {length} {}", built.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(models: &str, up: &str, unmanaged: &[String]) -> Question {
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
        Question::of(&[source], [&history, &History::default()], unmanaged).unwrap()
    }

    #[test]
    fn what_differs_is_another_question() {
        let one = question("a", "b", &[]);
        assert_eq!(one, question("a", "b", &[]));
        for other in [
            question("a ", "b", &[]),
            question("a", "c", &[]),
            question("a", "b", &["t".to_owned()]),
            question("a\n1 b", "", &[]),
        ] {
            assert_ne!(one, other);
        }
    }
}
