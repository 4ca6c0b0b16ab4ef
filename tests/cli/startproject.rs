//! `startproject` in folders of all kinds.

use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::folder::Folder;

#[test]
fn conflicting_files_are_all_named_and_none_is_touched() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "# mine\n");
    folder.write("src/main.rs", "// mine\n");
    folder.write("notes.txt", "stays\n");
    let words = ["Cargo.toml", "src/main.rs"];
    let outcome = folder.refuses(1, &["startproject", "core", "."], &words);
    assert!(!outcome.stderr.contains("notes.txt"), "{outcome:?}");
}

#[test]
fn files_that_are_not_in_the_way_stay() {
    let folder = Folder::new();
    folder.write("notes.txt", "stays\n");
    folder.ok(&["startproject", "core", "."]);
    assert_eq!(folder.read("notes.txt"), "stays\n");
}

#[test]
fn a_name_that_is_taken_by_a_folder_or_a_file() {
    let folder = Folder::new();
    folder.write("core/x", "");
    folder.refuses(1, &["startproject", "core"], &["`", "core` already exists"]);
    folder.write("site", "");
    folder.refuses(1, &["startproject", "core", "site"], &["site` is a file"]);
    folder.refuses(1, &["startproject", "core", "site/below"], &["site"]);
}

#[test]
fn a_file_where_a_folder_has_to_be() {
    let folder = Folder::new();
    folder.write("src", "not a folder");
    folder.refuses(1, &["startproject", "core", "."], &["src"]);
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let folder = Folder::new();
    folder.refuses(2, &["startproject"], &["you must provide a project name"]);
    folder.refuses(2, &["startproject", "--no-input"], &["NAME"]);
}

#[test]
fn a_dry_run_shows_every_file_and_writes_none() {
    let folder = Folder::new();
    let shown = folder.ok(&["startproject", "core", ".", "--app", "api", "--dry-run"]);
    for file in [
        "Cargo.toml",
        "src/core/urls.rs",
        "src/api/models.rs",
        ".env",
    ] {
        assert!(
            shown.stdout.contains(&format!("create {file} ")),
            "{file}: {shown:?}"
        );
    }
    assert!(folder.tree().is_empty());
}

#[test]
fn every_project_has_a_secret_of_its_own() {
    let secret = || {
        let env = Folder::with_project().read(".env");
        let line = env
            .lines()
            .find_map(|line| line.strip_prefix("SECRET_KEY="));
        line.expect("a SECRET_KEY")
            .trim_matches(['"', '\''])
            .to_owned()
    };
    let (one, two) = (secret(), secret());
    assert!(one.len() >= 50, "{one}");
    assert_ne!(one, two);
}

#[test]
fn postgres_is_a_line_in_env() {
    let folder = Folder::new();
    folder.ok(&["startproject", "core", ".", "--database", "postgres"]);
    assert!(folder.read(".env").contains("DATABASE_URL=postgres://"));
}

#[test]
fn an_app_may_not_have_the_projects_name() {
    let folder = Folder::new();
    let args = ["startproject", "site", ".", "--app", "site"];
    folder.refuses(1, &args, &["cannot both be called `site`"]);
}

/// Ctrl-C at any moment: the project is whole or not there at all.
#[test]
fn an_interrupted_run_leaves_all_or_nothing() {
    let whole = Folder::new();
    whole.ok(&["startproject", "core", "site"]);
    let files = |folder: &Folder| folder.tree().into_keys().collect::<Vec<_>>();
    for delay in (0..40).map(Duration::from_millis) {
        let folder = Folder::new();
        let mut child = folder
            .command(&["startproject", "core", "site"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(delay);
        let id = Pid::from_raw(i32::try_from(child.id()).expect("a small id"));
        // It may have ended already.
        let _ = kill(id, Signal::SIGINT);
        let status = child.wait().expect("it ends");
        let left = files(&folder);
        let all = left == files(&whole);
        assert!(
            all || left.is_empty(),
            "after {delay:?}, {status}: {left:?}"
        );
        assert!(all || !status.success(), "after {delay:?}, {status}");
    }
}
