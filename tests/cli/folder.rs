//! A folder to run commands in, and its whole contents as a value.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use walkdir::WalkDir;

/// An empty folder that is deleted in the end.
pub struct Folder(tempfile::TempDir);

/// Every file with its permissions and contents, every link with its target, every folder.
pub type Tree = BTreeMap<PathBuf, (u32, Vec<u8>)>;

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with a project `core` in it.
    pub fn with_project() -> Self {
        let folder = Self::new();
        folder.ok(&["startproject", "core", "."]);
        folder
    }

    /// A folder with a project `core` and an app `api` that has its first migration.
    pub fn with_app() -> Self {
        let folder = Self::new();
        folder.ok(&["startproject", "core", ".", "--app", "api"]);
        folder
    }

    pub fn path(&self, file: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn write(&self, file: &str, contents: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, contents).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// Replaces `from`, which has to be there, in `file`.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} does not have {from:?}");
        self.write(file, &text.replace(from, to));
    }

    /// `backsmith ARGS` without a terminal.
    pub fn run(&self, args: &[&str]) -> Outcome {
        let output = self.command(args).output().expect("the program starts");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// `backsmith ARGS`, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backsmith"));
        command
            .args(args)
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            // No place to remember answers: each run has to find them itself.
            .env("XDG_CACHE_HOME", "/dev/null")
            .env_remove("DATABASE_URL");
        command
    }

    /// `backsmith ARGS`, which has to succeed.
    pub fn ok(&self, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        assert_eq!(outcome.code, Some(0), "{args:?}: {outcome:?}");
        outcome
    }

    /// `backsmith ARGS`, which has to succeed and leave the folder as it was.
    pub fn shows(&self, args: &[&str]) -> Outcome {
        let before = self.tree();
        let outcome = self.ok(args);
        assert!(self.tree() == before, "{args:?} changed the folder");
        outcome
    }

    /// `backsmith ARGS`, which has to fail with `code`, say all of `words` and a next step, and
    /// leave the folder as it was.
    pub fn refuses(&self, code: i32, args: &[&str], words: &[&str]) -> Outcome {
        let before = self.tree();
        let outcome = self.run(args);
        assert_eq!(outcome.code, Some(code), "{args:?}: {outcome:?}");
        for word in words.iter().chain(&["error: ", "hint: "]) {
            assert!(outcome.stderr.contains(word), "no {word:?}: {outcome:?}");
        }
        assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        assert!(self.tree() == before, "{args:?} changed the folder");
        outcome
    }

    /// Everything that is in the folder, but for what git keeps of it.
    pub fn tree(&self) -> Tree {
        let entries = WalkDir::new(self.0.path()).min_depth(1).into_iter();
        let entries = entries.filter_entry(|entry| entry.file_name() != ".git");
        let read = |entry: walkdir::DirEntry| {
            let path = entry.path();
            let mode = entry.metadata().expect("metadata").permissions().mode();
            let contents = match entry.file_type() {
                kind if kind.is_file() => fs::read(path).expect("a readable file"),
                kind if kind.is_symlink() => {
                    let target = fs::read_link(path).expect("a link");
                    target.into_os_string().into_encoded_bytes()
                }
                _ => Vec::new(),
            };
            let relative = path.strip_prefix(self.0.path()).expect("a path below");
            (relative.to_owned(), (mode, contents))
        };
        entries.flatten().map(read).collect()
    }
}
