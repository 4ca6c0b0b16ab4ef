//! Keeps what the last commands have written in the user's cache folder, so that `undo` can take it back.
//!
//! A folder that is lost takes with it only the means to undo.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::env;
use crate::plan::{Plan, Step};

/// The number of commands that are remembered for each project.
const MAX_KEPT: usize = 10;

/// The number of projects that are remembered.
const MAX_PROJECTS: usize = 100;

/// The files that a command has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The words behind `backsmith`.
    pub command: String,
    pub changes: Vec<Change>,
    /// Folders that it made, below the root.
    pub folders: Vec<PathBuf>,
    /// Where it is kept.
    place: PathBuf,
}

/// A change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Below the root.
    pub path: PathBuf,
    pub kind: ChangeKind,
}

/// How a change is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was made, with contents of this SHA-256.
    Created(String),
    Edited {
        before: String,
        after: String,
    },
    /// It had this text.
    Removed(String),
}

impl Record {
    /// The last command that has written to `root`, if it is remembered.
    pub fn last(root: &Path) -> Option<Self> {
        let place = places(root).pop()?;
        let kept: Value = serde_json::from_slice(&fs::read(&place).ok()?).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let changes = kept["changes"].as_array()?.iter().map(|change| {
            let kind = match (text(&change["before"]), text(&change["after"])) {
                (Some(before), Some(after)) => ChangeKind::Edited { before, after },
                (Some(before), None) => ChangeKind::Removed(before),
                (None, _) => ChangeKind::Created(text(&change["made"])?),
            };
            let path = text(&change["path"])?.into();
            Some(Change { path, kind })
        });
        let folders = kept["folders"].as_array()?.iter();
        Some(Self {
            command: text(&kept["command"])?,
            changes: changes.collect::<Option<_>>()?,
            folders: folders.filter_map(text).map(PathBuf::from).collect(),
            place,
        })
    }

    /// Forgets it, once it is taken back.
    pub fn forget(&self) {
        let _ = fs::remove_file(&self.place);
    }
}

/// Remembers what was just done. A failure is no reason to say that the command failed.
pub(super) fn keep(plan: &Plan, folders: &[PathBuf]) {
    let Some(folder) = folder_of(&plan.root) else {
        return;
    };
    let changes = plan.steps.iter().map(|step| match step {
        Step::Create { path, contents, .. } => json!({ "path": path, "made": digest(contents) }),
        Step::Edit {
            path,
            before,
            after,
        } => json!({ "path": path, "before": before, "after": after }),
        Step::Remove { path, before } => json!({ "path": path, "before": before }),
    });
    let record = json!({
        "command": env::command_line(),
        "changes": changes.collect::<Value>(),
        "folders": folders,
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let name = format!(
        "{:020}.json",
        now.map(|it| it.as_nanos()).unwrap_or_default()
    );
    super::cache(&folder.join(name), record.to_string().as_bytes());
    let places = places(&plan.root);
    for old in &places[..places.len().saturating_sub(MAX_KEPT)] {
        let _ = fs::remove_file(old);
    }
    // The projects that nobody has worked on for the longest time.
    if let Some(projects) = folder.parent() {
        super::forget_oldest(projects, MAX_PROJECTS);
    }
}

/// The SHA-256 of contents, in hexadecimal.
pub fn digest(contents: &[u8]) -> String {
    hex::encode(Sha256::digest(contents))
}

/// The records of a project, the oldest first.
fn places(root: &Path) -> Vec<PathBuf> {
    let entries = folder_of(root).and_then(|folder| fs::read_dir(folder).ok());
    let entries = entries.into_iter().flatten().flatten();
    let mut places: Vec<_> = entries.map(|entry| entry.path()).collect();
    places.retain(|place| place.extension().is_some_and(|it| it == "json"));
    places.sort();
    places
}

fn folder_of(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let name = digest(root.as_os_str().as_encoded_bytes());
    Some(env::cache()?.join("undo").join(&name[..32]))
}
