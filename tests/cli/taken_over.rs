//! A database that others made, taken over and then changed: nothing of it gets lost.

use crate::folder::Folder;
use crate::inspectdb::{execute, texts};

/// A project whose models are those of a database made by `sql`.
fn take_over(sql: &str) -> Folder {
    let folder = Folder::with_project();
    execute(&folder.path("db.sqlite3"), sql);
    folder.ok(&["startapp", "old", "--empty"]);
    let inspected = folder.ok(&["inspectdb"]);
    folder.write("src/old/models.rs", &inspected.stdout);
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate", "0001"]);
    folder.ok(&["migrate", "--fake"]);
    folder.ok(&["makemigrations", "--check"]);
    folder
}

/// The views, triggers and indexes by hand.
fn objects(folder: &Folder) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type <> 'table' AND tbl_name IN ('t', 'log', 'seen') ORDER BY name";
    texts(&folder.path("db.sqlite3"), sql)
}

#[test]
fn triggers_views_and_indexes_survive_a_change_of_their_table() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, w INTEGER);
         CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (new.v); END;
         CREATE TRIGGER other AFTER DELETE ON log BEGIN DELETE FROM t WHERE v = old.id; END;
         CREATE VIEW seen AS SELECT v FROM t;
         CREATE INDEX back ON t (v DESC);
         INSERT INTO t VALUES (1, 2, 3);",
    );
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<String>",
    );
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    assert_eq!(objects(&folder), ["back", "other", "seen", "tr"]);
    folder.ok(&["migrate", "0002"]);
    assert_eq!(objects(&folder), ["back", "other", "seen", "tr"]);
}

#[test]
fn what_a_table_would_lose_stops_the_migration() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, c TEXT COLLATE NOCASE);
         INSERT INTO t VALUES (1, 2, 'a');",
    );
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<String>",
    );
    folder.ok(&["makemigrations"]);
    folder.refuses(
        1,
        &["migrate"],
        &[
            "0003",
            "the table `t` has what no migration knows",
            "c COLLATE NOCASE",
        ],
    );
    folder.refuses(1, &["migrate", "--check"], &["1 migration is not applied"]);
}
