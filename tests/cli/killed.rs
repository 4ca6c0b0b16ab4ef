//! A power cut, `kill -9`: nobody is there to put things back, so the next run does.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// Starts `backsmith ARGS` and kills it after `delay`, without a chance to say goodbye.
fn kill(folder: &Folder, args: &[&str], delay: Duration) {
    let mut command = folder.command(args);
    let mut child = command.stderr(Stdio::null()).spawn().expect("a start");
    std::thread::sleep(delay);
    child.kill().expect("killed"); // SIGKILL
    child.wait().expect("it ends");
}

/// Moments from the start of a run of `args` to a little after its end.
fn moments(folder: &Folder, args: &[&str]) -> impl Iterator<Item = Duration> {
    let start = Instant::now();
    folder.ok(args);
    let whole = start.elapsed();
    (0..16).map(move |step| whole * step / 13)
}

/// Returns whether the run, `file` being one of its last, had only its staging folder left to remove.
fn is_done(folder: &Folder, file: &str) -> bool {
    let tree = folder.tree();
    let is_journal = |path: &PathBuf| path.ends_with("journal");
    tree.contains_key(Path::new(file)) && !tree.keys().any(is_journal)
}

#[test]
fn a_killed_startproject_can_be_run_again() {
    let args = ["startproject", "core", "."];
    let whole = Folder::new();
    for delay in moments(&whole, &args) {
        let folder = Folder::new();
        kill(&folder, &args, delay);
        let paths = |folder: &Folder| folder.tree().into_keys().collect::<Vec<_>>();
        if is_done(&folder, "src/main.rs") {
            folder.ok(&["makemigrations", "--dry-run"])
        } else {
            folder.ok(&args)
        };
        assert_eq!(paths(&folder), paths(&whole), "after {delay:?}");
    }
}

#[test]
fn a_killed_startproject_leaves_no_folder_that_is_in_the_way() {
    let args = ["startproject", "site"];
    for delay in moments(&Folder::new(), &args) {
        let folder = Folder::new();
        kill(&folder, &args, delay);
        let tree = folder.tree();
        // Between the making of the folder and this file's nothing tells whose folder it is.
        let is_lock = |path: &Path| path.ends_with("lock");
        let killed = tree
            .iter()
            .any(|(path, (_, text))| is_lock(path) && !text.is_empty());
        if (killed && !is_done(&folder, "site/src/main.rs")) || tree.is_empty() {
            folder.ok(&args);
        }
    }
}

#[test]
fn a_killed_startapp_is_put_back_by_the_next_command() {
    let args = ["startapp", "api"];
    for delay in moments(&Folder::with_project(), &args) {
        let folder = Folder::with_project();
        let before = folder.tree();
        kill(&folder, &args, delay);
        if is_done(&folder, "src/api/views.rs") {
            folder.ok(&["makemigrations", "--dry-run"])
        } else {
            folder.ok(&args)
        };
        let wired = folder.ok(&["makemigrations"]);
        assert!(
            wired.stderr.contains("+ Create model Task"),
            "after {delay:?}: {wired:?}"
        );
        assert_eq!(folder.tree().len(), before.len() + 12, "after {delay:?}");
    }
}

/// The same at one certain moment: a file is in place, and one that was there is changed.
#[test]
fn every_command_puts_back_first() {
    for args in [
        &["startapp", "api", "--dry-run"][..],
        &["makemigrations", "--check"],
        &["migrate", "--plan"],
        &["showmigrations"],
    ] {
        let folder = Folder::with_project();
        let before = folder.tree();
        let lib = folder.read("src/lib.rs");
        folder.write(".backsmith-x/lock", "");
        folder.write(".backsmith-x/0", "//! The app.\n");
        folder.write(".backsmith-x/1.old", &lib);
        folder.write("src/lib.rs", &lib.replace("pub mod core;", "pub mod api;"));
        std::fs::create_dir(folder.path("src/api")).expect("a new folder");
        let staged = folder.path(".backsmith-x/0");
        std::fs::hard_link(staged, folder.path("src/api/mod.rs")).expect("a link");
        let journal = "folder 0 src/api\ncreate 0 src/api/mod.rs\nedit 1 src/lib.rs\n";
        folder.write(".backsmith-x/journal", journal);
        let outcome = folder.ok(args);
        let words = "warning: an earlier run was killed half way";
        assert!(outcome.stderr.contains(words), "{args:?}: {outcome:?}");
        assert!(folder.tree() == before, "{args:?}");
    }
}
