//! Where the database is said to be: what is read, and what is said when it cannot be.

use crate::folder::Folder;

const COMMANDS: &[&[&str]] = &[&["migrate"], &["migrate", "--plan"], &["showmigrations"]];
const SQLITE: &str = "DATABASE_URL=sqlite://db.sqlite3";

#[test]
fn the_environment_comes_before_the_file() {
    let folder = Folder::with_app();
    let mut command = folder.command(&["migrate"]);
    let status = command
        .env("DATABASE_URL", "sqlite://other.sqlite3")
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    assert!(folder.path("other.sqlite3").exists());
    assert!(!folder.path("db.sqlite3").exists());
}

#[test]
fn a_file_is_relative_to_the_project() {
    let folder = Folder::with_app();
    let mut command = folder.command(&["migrate"]);
    let status = command.current_dir(folder.path("src/api")).status();
    assert!(status.is_ok_and(|status| status.success()));
    assert!(folder.path("db.sqlite3").exists());
}

#[test]
fn an_url_that_cannot_be_read_is_explained() {
    let folder = Folder::with_app();
    for (url, words) in [
        ("", "neither with sqlite: nor with postgres:"),
        ("db.sqlite3", "neither with sqlite: nor with postgres:"),
        (
            "mysql://localhost/db",
            "neither with sqlite: nor with postgres:",
        ),
        ("postgres://host:port/db", "DATABASE_URL is malformed"),
        (
            "sqlite://db.sqlite3?mode=wrong",
            "DATABASE_URL is malformed",
        ),
    ] {
        let line = format!("DATABASE_URL={url}");
        folder.edit(".env", SQLITE, &line);
        for command in COMMANDS {
            folder.refuses(1, command, &[words, "write sqlite://FILE or postgres://"]);
            let with_flag = [command, &["--database-url", url][..]].concat();
            folder.refuses(
                1,
                &with_flag,
                &[words, "write sqlite://FILE or postgres://"],
            );
        }
        folder.write(".env", &format!("{SQLITE}\n"));
    }
}

#[test]
fn no_url_at_all() {
    let folder = Folder::with_app();
    folder.edit(".env", "DATABASE_URL=", "# DATABASE_URL=");
    for command in COMMANDS {
        folder.refuses(1, command, &["DATABASE_URL is not set", "put it into .env"]);
    }
    std::fs::remove_file(folder.path(".env")).expect("removed");
    folder.refuses(1, &["migrate"], &["DATABASE_URL is not set"]);
}

#[test]
fn a_malformed_env_is_named_without_its_secrets() {
    let folder = Folder::with_app();
    for line in ["not a setting", "NAME=\"no end", "a b=c"] {
        folder.write(".env", &format!("SECRET_KEY=hidden\n{line}\n{SQLITE}\n"));
        let words = [".env` is malformed", "write one NAME=value a line"];
        let outcome = folder.refuses(1, &["migrate"], &words);
        assert!(!outcome.stderr.contains("hidden"), "{outcome:?}");
    }
    std::fs::write(folder.path(".env"), b"NAME=na\xefve\n").expect("written");
    folder.refuses(1, &["migrate"], &[".env`", "UTF-8"]);
}

#[test]
fn a_file_that_is_no_database() {
    let folder = Folder::with_app();
    folder.write("db.sqlite3", &"no database at all\n".repeat(100));
    folder.refuses(1, &["migrate"], &["db.sqlite3", "not a database"]);
    folder.refuses(1, &["showmigrations"], &["db.sqlite3", "not a database"]);
}
