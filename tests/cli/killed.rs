//! A power cut, `kill -9`: nobody is there to put things back, so the next run does.

use std::path::Path;
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
    (0..30).map(move |step| whole * step / 25)
}

#[test]
fn a_killed_startproject_can_be_run_again() {
    let args = ["startproject", "core", "."];
    let whole = Folder::new();
    for delay in moments(&whole, &args) {
        let folder = Folder::new();
        kill(&folder, &args, delay);
        let paths = |folder: &Folder| folder.tree().into_keys().collect::<Vec<_>>();
        if paths(&folder) != paths(&whole) {
            folder.ok(&args);
        }
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
        // Nothing but the removal of the staging folder was left to do.
        let journal = tree.keys().any(|path| path.ends_with("journal"));
        let is_whole = !journal && tree.contains_key(Path::new("site/Cargo.toml"));
        if (killed && !is_whole) || tree.is_empty() {
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
        folder.ok(&["makemigrations", "--dry-run"]);
        if folder.tree() == before {
            folder.ok(&args);
        }
        let wired = folder.ok(&["makemigrations"]);
        assert!(
            wired.stderr.contains("+ Create model Task"),
            "after {delay:?}: {wired:?}"
        );
        assert_eq!(folder.tree().len(), before.len() + 12, "after {delay:?}");
    }
}
