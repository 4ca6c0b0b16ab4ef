//! Output that cannot be written: a full disk, and a reader who has gone.

use std::fs::{File, OpenOptions};
use std::process::{Command, Output, Stdio};

use crate::folder::Folder;

/// A device that is always full.
fn full() -> File {
    let full = OpenOptions::new().write(true).open("/dev/full");
    full.expect("/dev/full")
}

fn ended(mut command: Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().expect("the program starts");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn a_result_that_is_lost_is_told() {
    let folder = Folder::with_app();
    for args in [
        &["showmigrations"][..],
        &["sqlmigrate", "1"],
        &["startapp", "shop", "--dry-run"],
    ] {
        let mut command = folder.command(args);
        command.stdout(full());
        let (code, told) = ended(command);
        assert_eq!(code, Some(1), "{args:?}: {told}");
        assert!(
            told.contains("error: could not write to the standard output"),
            "{told}"
        );
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let folder = Folder::with_app();
    let mut command = folder.command(&["sqlmigrate", "1"]);
    let mut closed = Command::new("true");
    let mut reader = closed.stdin(Stdio::piped()).spawn().expect("`true`");
    let pipe = reader.stdin.take().expect("a pipe");
    reader.wait().expect("it ends");
    command.stdout(pipe);
    let (code, told) = ended(command);
    assert_eq!((code, told.as_str()), (Some(0), ""));
}

#[test]
fn talk_that_nobody_hears_stops_nothing() {
    let folder = Folder::with_project();
    let mut command = folder.command(&["startapp", "shop"]);
    command.stderr(full());
    assert_eq!(ended(command).0, Some(0));
    assert!(folder.read("src/lib.rs").contains("pub mod shop;"));
    let mut command = folder.command(&["startapp", "shop"]);
    command.stderr(full());
    assert_eq!(ended(command).0, Some(1));
}
