//! `backsmith tutorial`: the project as it is at the start of a chapter, all of it or nothing.

use crate::folder::Folder;

#[test]
fn chapters_are_listed_and_read() {
    let folder = Folder::new();
    let listed = folder.ok(&["tutorial"]);
    assert!(
        listed.stdout.contains("  6  Models and migrations\n"),
        "{listed:?}"
    );
    let read = folder.ok(&["tutorial", "6", "--read"]);
    assert!(
        read.stdout.starts_with("# 6. Models and migrations\n"),
        "{read:?}"
    );
    folder.refuses(2, &["tutorial", "12"], &["no chapter `12`", "1 to 10"]);
    assert_eq!(folder.tree().len(), 0);
}

#[test]
fn a_chapter_begins_where_the_one_before_ends() {
    let folder = Folder::new();
    folder.ok(&["tutorial", "1"]);
    assert!(folder.path("todo").is_dir());
    folder.ok(&["tutorial", "7"]);
    let models = folder.read("todo/src/api/models.rs");
    assert!(models.contains("pub priority: i32"), "{models}");
    assert!(folder.path("todo/db.sqlite3").is_file());
    let before = folder.tree();
    folder.refuses(
        1,
        &["tutorial", "8"],
        &["todo` is there already", "another folder"],
    );
    assert_eq!(folder.tree(), before);
    folder.ok(&["tutorial", "end", "done"]);
    assert!(folder.read("done/Cargo.toml").contains("name = \"done\""));
    assert!(folder.path("done/src/api/services.rs").is_file());
}

#[test]
fn another_database_of_the_environment_is_left_alone() {
    let folder = Folder::new();
    let elsewhere = format!("sqlite://{}", folder.path("other.sqlite3").display());
    let mut command = folder.command(&["tutorial", "6"]);
    let made = command.env("DATABASE_URL", elsewhere).output();
    assert!(made.expect("the program starts").status.success());
    assert!(!folder.path("other.sqlite3").exists());
}
