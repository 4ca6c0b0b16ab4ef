//! A folder in which commands are run.

use std::cell::RefCell;
use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use walkdir::WalkDir;

/// A folder that is empty at first, and the environment of everything run in it.
pub struct Folder {
    programs: tempfile::TempDir,
    root: PathBuf,
    variables: Vec<(&'static str, String)>,
    /// The files of restkit that an earlier test has compiled at this place.
    compiled: RefCell<HashMap<PathBuf, (Vec<u8>, SystemTime)>>,
}

/// One test after another: they share a target folder, and `cargo test` reads from it without a lock
/// when it comes to the tests in documentation.
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    /// This test's turn, up to its end: each test has a thread of its own.
    static OWN_TURN: RefCell<Option<MutexGuard<'static, ()>>> = const { RefCell::new(None) };
}

impl Folder {
    /// An empty folder called `name`, once it is this test's turn. Tests that do not care take the same name: then
    /// cargo finds what it has compiled of restkit, which takes half a minute.
    pub fn new(name: &str) -> Self {
        OWN_TURN.with_borrow_mut(|turn| {
            turn.get_or_insert_with(|| TURN.lock().unwrap_or_else(PoisonError::into_inner));
        });
        let root = projects().join(name);
        let compiled = restkit_of(&root);
        if root.exists() {
            fs::remove_dir_all(&root).expect("an old project that can be deleted");
        }
        fs::create_dir_all(&root).expect("an empty folder");
        Self {
            programs: tempfile::tempdir().expect("a temporary folder"),
            root,
            variables: Vec::new(),
            compiled: RefCell::new(compiled),
        }
    }

    /// Gives files that are as they were when they were compiled the time that they had then: cargo looks at nothing else.
    fn keep_times(&self) {
        let now = restkit_of(&self.root);
        if now.is_empty() {
            return;
        }
        for (path, (contents, time)) in self.compiled.take() {
            if now.get(&path).is_some_and(|(now, _)| *now == contents) {
                let file = fs::File::options().append(true).open(&path);
                let file = file.expect("a file of restkit");
                file.set_modified(time).expect("a time");
            }
        }
    }

    /// Sets an environment variable for all commands to come.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.variables.push((name, value.into()));
    }

    pub fn path(&self, file: impl AsRef<Path>) -> PathBuf {
        self.root.join(file)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Writes a file, and makes the folders that it is in.
    pub fn write(&self, file: &str, contents: &str) {
        let path = self.path(file);
        let written = fs::create_dir_all(path.parent().expect("a folder"));
        let written = written.and_then(|()| fs::write(&path, contents));
        written.unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// A line of shell, with the program under test as `backsmith`, not yet run.
    pub fn shell(&self, line: &str) -> Command {
        let bin = self.programs.path();
        if !bin.join("backsmith").exists() {
            std::os::unix::fs::symlink(program(), bin.join("backsmith")).expect("a link");
        }
        let path = env::var("PATH").unwrap_or_default();
        let mut command = self.command("sh", &["-c", line]);
        command.env("PATH", format!("{}:{path}", bin.display()));
        command
    }

    /// Replaces `from`, which has to be there, in `file`.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} does not have {from:?}");
        self.write(file, &text.replace(from, to));
    }

    /// `backsmith ARGS`, which has to succeed; what it wrote to stdout and stderr.
    pub fn backsmith(&self, args: &[&str]) -> String {
        expect_success(&mut self.command(program(), args))
    }

    /// `cargo ARGS`, which has to succeed.
    pub fn cargo(&self, args: &[&str]) -> String {
        expect_success(&mut self.command("cargo", args))
    }

    /// `backsmith ARGS`, which has to fail with `code`; what it wrote.
    pub fn refused(&self, code: i32, args: &[&str]) -> String {
        let output = run(&mut self.command(program(), args));
        let text = everything(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        text
    }

    /// `program ARGS` in this folder, not yet run.
    pub fn command(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Command {
        if !self.compiled.borrow().is_empty() {
            self.keep_times();
        }
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target())
            .env_remove("DATABASE_URL")
            .env_remove("SECRET_KEY")
            .env_remove("DEBUG")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Where the projects are: outside of this repository, whose settings for tools are not theirs, and for each checkout
/// another place.
fn projects() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_TARGET_TMPDIR").hash(&mut hasher);
    env::temp_dir().join(format!("backsmith-e2e-{:x}", hasher.finish()))
}

/// The files of a project's restkit, with their times.
fn restkit_of(root: &Path) -> HashMap<PathBuf, (Vec<u8>, SystemTime)> {
    let files = WalkDir::new(root.join("restkit")).into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let time = entry.metadata().ok()?.modified().ok()?;
        Some((
            entry.path().to_owned(),
            (fs::read(entry.path()).ok()?, time),
        ))
    };
    files.filter_map(read).collect()
}

/// The program under test.
pub fn program() -> PathBuf {
    env::var_os("BACKSMITH")
        .map(PathBuf::from)
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_backsmith").into())
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}

fn expect_success(command: &mut Command) -> String {
    let output = run(command);
    let text = everything(&output);
    assert!(output.status.success(), "{command:?}: {text}");
    text
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn everything(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{stdout}{stderr}")
}
