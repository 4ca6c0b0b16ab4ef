//! `startproject` where there is something already: nothing of it is lost, and nothing half made.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

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
fn a_project_is_not_made_twice() {
    let folder = Folder::with_project();
    let words = [
        "is a project already",
        "nothing was written",
        "startapp NAME",
    ];
    folder.refuses(1, &["startproject", "core", "."], &words);
    // Of many files the first ones are named, so that what is wrong stays on the screen.
    fs::remove_file(folder.path("backsmith.toml")).expect("the marker");
    let words = ["files exist in", ".env\n", "Cargo.toml\n", " more\n"];
    folder.refuses(1, &["startproject", "core", "."], &words);
}

#[test]
fn what_is_of_the_wrong_kind_is_in_the_way() {
    for file in [".cargo", "migrations", "restkit", "src"] {
        let folder = Folder::new();
        folder.write(file, "a file");
        let words = [file, "nothing was written"];
        folder.refuses(1, &["startproject", "core", "."], &words);
    }
    let folder = Folder::new();
    fs::create_dir(folder.path("Cargo.lock")).expect("a new folder");
    folder.refuses(1, &["startproject", "core", "."], &["Cargo.lock"]);
    folder.write("notes", "a file");
    folder.refuses(1, &["startproject", "core", "notes/a/b"], &["notes/a"]);
}

#[test]
fn a_link_to_nowhere_is_in_the_way() {
    let folder = Folder::new();
    symlink("/nowhere", folder.path("build.rs")).expect("a link");
    symlink("/nowhere", folder.path("shop")).expect("a link");
    folder.refuses(
        1,
        &["startproject", "core", "."],
        &["1 file exists", "build.rs"],
    );
    folder.refuses(1, &["startproject", "shop"], &["already exists"]);
    folder.refuses(1, &["startproject", "core", "shop"], &["shop"]);
}

#[test]
fn a_link_to_a_folder_is_that_folder() {
    let folder = Folder::new();
    fs::create_dir(folder.path("real")).expect("a new folder");
    symlink("real", folder.path("link")).expect("a link");
    folder.ok(&["startproject", "core", "link"]);
    assert!(folder.read("real/Cargo.toml").contains("name = \"real\""));
}

#[test]
fn a_folder_of_somebody_else_is_named() {
    let folder = Folder::new();
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o555)).expect("closed");
    let mut command = folder.command(&["startproject", "core", "."]);
    if nix::unistd::geteuid().is_root() {
        // Nothing is closed to root, so somebody else has to try: if the program is where they
        // may run it.
        let mut try_it = folder.command(&["--version"]);
        if try_it
            .uid(65534)
            .gid(65534)
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            eprintln!("skipped: only root can reach the program");
            return;
        }
        command.uid(65534).gid(65534);
    }
    let before = folder.tree();
    let output = command.output().expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    for word in [
        "Permission denied",
        "nothing was written; check who owns the folder",
    ] {
        assert!(stderr.contains(word), "{stderr}");
    }
    assert!(folder.tree() == before);
}

/// Some run out of room while staging, some while the folders are made.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let script = "mount -t tmpfs -o \"$1\" tmpfs . && cd \"$PWD\" || exit 77
        \"$0\" startproject core .; code=$?; ls -A; exit $code";
    for room in [
        "size=4k",
        "size=64k",
        "size=400k",
        "nr_inodes=5",
        "nr_inodes=60",
        "nr_inodes=100",
        "nr_inodes=105",
        "nr_inodes=115",
    ] {
        let folder = Folder::new();
        // The small disk is seen by this one command alone, and goes with it.
        let mut command = Command::new("unshare");
        command.args([
            "--mount",
            "sh",
            "-c",
            script,
            env!("CARGO_BIN_EXE_backsmith"),
            room,
        ]);
        let output = command.current_dir(folder.path("")).output();
        let Some(output) = output
            .ok()
            .filter(|output| matches!(output.status.code(), Some(0 | 1)))
        else {
            eprintln!("skipped: only root can make a small disk, on Linux");
            return;
        };
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || room.contains("64k") {
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                "",
                "{room}: {stderr}"
            );
            let words = "No space left on device";
            assert!(stderr.contains(words), "{room}: {stderr}");
            let hint = "hint: nothing was written; make room on the disk";
            assert!(stderr.contains(hint), "{room}: {stderr}");
        }
    }
}
