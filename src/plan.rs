//! The changes that a command will make to the disk, as a value.

use std::path::PathBuf;

/// Everything a command will do, decided before anything is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The folder that every step's path is relative to; it need not exist yet.
    pub root: PathBuf,
    pub steps: Vec<Step>,
    /// Whether it takes back what another one did, so that it is not remembered itself.
    pub is_undo: bool,
    /// The commands to type next, one line each.
    pub next: Vec<String>,
}

/// The permissions of a new file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    /// As the system makes files.
    #[default]
    Plain,
    /// May be run.
    Program,
    /// Only its owner may read it.
    Secret,
}

/// One change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A file that must not exist yet.
    Create {
        path: PathBuf,
        contents: Vec<u8>,
        kind: FileKind,
    },
    /// A file that must still read `before`.
    Edit {
        path: PathBuf,
        before: String,
        after: String,
    },
    /// A file that must still read `before`, and goes.
    Remove { path: PathBuf, before: String },
}

impl Plan {
    /// An empty plan for the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            ..Self::default()
        }
    }

    /// Adds a new text file.
    pub fn create(&mut self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) {
        self.create_as(FileKind::Plain, path, contents);
    }

    /// Adds a new file of this kind.
    pub fn create_as(
        &mut self,
        kind: FileKind,
        path: impl Into<PathBuf>,
        contents: impl Into<Vec<u8>>,
    ) {
        self.steps.push(Step::Create {
            path: native(path),
            contents: contents.into(),
            kind,
        });
    }

    /// Adds a change of an existing file, unless it changes nothing.
    pub fn edit(
        &mut self,
        path: impl Into<PathBuf>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) {
        let (path, before, after) = (native(path), before.into(), after.into());
        if before != after {
            self.steps.push(Step::Edit {
                path,
                before,
                after,
            });
        }
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: impl Into<PathBuf>, before: impl Into<String>) {
        self.steps.push(Step::Remove {
            path: native(path),
            before: before.into(),
        });
    }
}

/// The path with the separators of this platform, as it is shown.
fn native(path: impl Into<PathBuf>) -> PathBuf {
    path.into().components().collect()
}

impl Step {
    /// The file's path below the plan's root.
    pub fn path(&self) -> &PathBuf {
        match self {
            Self::Create { path, .. } | Self::Edit { path, .. } | Self::Remove { path, .. } => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_keep_their_order_and_an_edit_without_a_change_is_none() {
        let mut plan = Plan::new("root");
        plan.create("b", "1");
        plan.edit("same", "text", "text");
        plan.edit("a", "old", "new");
        let paths: Vec<_> = plan.steps.iter().map(Step::path).collect();
        assert_eq!(paths, [&PathBuf::from("b"), &PathBuf::from("a")]);
        assert_eq!(plan.root, PathBuf::from("root"));
    }
}
