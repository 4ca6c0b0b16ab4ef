//! What an operator does with a database: look into it, copy it, empty it.

use crate::cluster::Cluster;
use crate::project::Folder;

const COUNT: &str = "SELECT 'accounts: ' || count(*) FROM auth_user;";

#[test]
fn a_database_is_looked_into_copied_and_emptied() {
    let mut folder = Folder::new("todo");
    folder.backsmith(&["startproject", "core", ".", "--app", "api"]);
    folder.set("BACKSMITH_SUPERUSER_USERNAME", "ada");
    folder.set("BACKSMITH_SUPERUSER_EMAIL", "ada@example.com");
    folder.set("BACKSMITH_SUPERUSER_PASSWORD", "violet:staple mountain");
    empty(&folder);

    let copied = folder.backsmith(&["backup", "copy.sqlite3"]);
    assert!(copied.contains("to copy.sqlite3"), "{copied}");
    let again = folder.refused(1, &["backup", "copy.sqlite3"]);
    assert!(again.contains("exists already"), "{again}");
    let nowhere = folder.refused(1, &["backup", "nowhere/copy.sqlite3"]);
    assert!(nowhere.contains("could not write"), "{nowhere}");
    folder.set("DATABASE_URL", "sqlite://copy.sqlite3");
    assert!(folder.backsmith(&["migrate"]).contains("No migrations"));

    let Some(cluster) = Cluster::start() else {
        return;
    };
    folder.set("DATABASE_URL", cluster.create_database("shop"));
    empty(&folder);
    let refused = folder.refused(1, &["backup", "other.sqlite3"]);
    assert!(refused.contains("pg_dump"), "{refused}");
}

/// Fills the database that the settings name, and empties it.
fn empty(folder: &Folder) {
    folder.backsmith(&["migrate"]);
    folder.backsmith(&["createsuperuser", "--no-input"]);
    assert_eq!(count(folder), "accounts: 1");
    let unanswered = folder.refused(3, &["flush"]);
    assert!(unanswered.contains("flush --no-input"), "{unanswered}");
    assert_eq!(count(folder), "accounts: 1");
    folder.backsmith(&["flush", "--no-input"]);
    assert_eq!(count(folder), "accounts: 0");
    // The tables and the record of the migrations stay.
    assert!(folder.backsmith(&["migrate"]).contains("No migrations"));
    folder.backsmith(&["createsuperuser", "--no-input"]);
    assert_eq!(count(folder), "accounts: 1");
}

fn count(folder: &Folder) -> String {
    let mut shell = folder.shell(&format!("echo \"{COUNT}\" | backsmith dbshell"));
    let output = shell.output().expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("accounts"));
    let errors = String::from_utf8_lossy(&output.stderr);
    found.unwrap_or_else(|| panic!("{text}{errors}")).to_owned()
}
