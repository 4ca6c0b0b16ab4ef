//! Habits that cost later: found in the source of a project's apps, each with a line, a reason and a better way.
//!
//! A finding is silenced by a comment with a reason, on its line or the one above:
//! `// backsmith: allow(query-in-loop): there are at most three`.

mod hidden_column;
mod logic_in_view;
mod query_in_loop;
mod secret_in_source;
mod silence;
mod unindexed;
mod unlimited_list;
mod unruled_text;
mod unwrap;
mod visit;

use std::fmt;

use crate::rust;
use crate::schema::parse::Models;

/// A file of an app.
#[derive(Clone, Debug)]
pub struct File {
    /// The path to show.
    pub path: String,
    pub text: String,
}

/// Something that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// The name by which it is silenced.
    pub rule: &'static str,
    pub message: String,
    pub hint: &'static str,
    pub level: Level,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Warning,
    /// It may well be meant.
    Note,
}

impl Level {
    /// As `check` shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "WARNING",
            Self::Note => "NOTE",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = self.level.word();
        let Self {
            path,
            line,
            rule,
            message,
            hint,
            ..
        } = self;
        write!(
            f,
            "{level}: {path}:{line}: {message} [{rule}]\n  hint: {hint}"
        )
    }
}

/// Looks through the files of all apps, in their order. A file that is not Rust is the compiler's to tell of.
pub fn lint(files: &[File], models: &Models) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut parsed = Vec::new();
    for file in files {
        if let Ok(mut tree) = rust::parse(&file.text) {
            visit::remove_tests(&mut tree);
            parsed.push((file, tree));
        }
    }
    for (file, tree) in &parsed {
        let found = [
            unwrap::find(tree),
            query_in_loop::find(tree),
            unruled_text::find(tree),
            unlimited_list::find(tree),
            secret_in_source::find(tree),
            logic_in_view::find(tree, &file.path),
            unindexed::find(tree, models),
        ];
        let found = found.into_iter().flatten();
        findings.extend(found.map(|found| found.at(&file.path)));
    }
    let trees: Vec<_> = parsed.iter().map(|(_, tree)| tree).collect();
    findings.extend(hidden_column::find(&trees, models));
    findings.retain(|finding| {
        let file = files.iter().find(|file| file.path == finding.path);
        !file.is_some_and(|file| silence::is_silenced(&file.text, finding.line, finding.rule))
    });
    findings.sort();
    findings
}

#[cfg(test)]
mod tests;
