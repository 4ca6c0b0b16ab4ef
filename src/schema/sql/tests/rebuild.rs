//! Tests that a rebuild keeps everything that a SQLite table has beside its columns.

use super::{Answers, Database, models, operations, sqlite};
use crate::schema::operation::reversed;
use crate::schema::snapshot::Snapshot;
use crate::schema::sql::script;
use crate::schema::{Dialect, Schema};

const OLD: &str = "task: title: String; #[sea_orm(indexed)] rank: i32; list_id: i64; \
    #[sea_orm(belongs_to, from = \"list_id\", to = \"id\", on_delete = \"Cascade\")] list: BelongsTo<super::list::Entity>";

/// Two tables: a list, and the tasks of that list, which go with it. `list` is about to be rebuilt.
fn lists() -> (Database, Schema, Schema) {
    let old = models(&["list: rank: i32", OLD]);
    let new = models(&["list: rank: i64", OLD]);
    let mut database = sqlite();
    database.create(&old);
    database
        .run(
            "INSERT INTO api_list VALUES (3, 1); INSERT INTO api_list VALUES (7, 2);
             DELETE FROM api_list WHERE id = 7;
             INSERT INTO api_task VALUES (1, 'a', 1, 3); INSERT INTO api_task VALUES (2, 'b', 2, 3)",
        )
        .unwrap();
    (database, old, new)
}

/// The script that leads from what is in `database` to `new`.
fn script_to(database: &mut Database, new: &Schema) -> (String, Snapshot) {
    let mut state = database.snapshot();
    let operations = operations(&state.schema, new, Answers::default());
    let script = script("test", &operations, &mut state, Dialect::Sqlite).unwrap();
    (script, state)
}

fn count(database: &mut Database, table: &str) -> String {
    let counted = database.texts(&format!("SELECT CAST(COUNT(*) AS text) FROM {table}"));
    counted[0].clone().unwrap_or_default()
}

#[test]
fn no_row_goes_with_the_old_table() {
    let (mut database, _, new) = lists();
    let (script, _) = script_to(&mut database, &new);
    assert!(script.contains("DROP TABLE \"api_list\""), "{script}");
    database.run(&script).unwrap();
    assert_eq!(
        (
            count(&mut database, "api_list"),
            count(&mut database, "api_task")
        ),
        ("1".into(), "2".into())
    );
}

#[test]
fn it_refuses_to_run_with_foreign_keys_on() {
    let (mut database, old, new) = lists();
    let (script, _) = script_to(&mut database, &new);
    database.enforce_keys();
    let error = database.run(&script).unwrap_err();
    assert!(error.contains("PRAGMA foreign_keys must be OFF"), "{error}");
    database.assert_is(&old, &script);
    assert_eq!(count(&mut database, "api_task"), "2");
}

#[test]
fn it_refuses_to_leave_a_row_that_refers_to_nothing() {
    let (mut database, old, new) = lists();
    database
        .run("INSERT INTO api_task VALUES (9, 'lost', 1, 99)")
        .unwrap();
    let (script, _) = script_to(&mut database, &new);
    let error = database.run(&script).unwrap_err();
    assert!(
        error.contains("a row refers to a row that is not there"),
        "{error}"
    );
    database.assert_is(&old, &script);
    assert_eq!(count(&mut database, "api_task"), "3");
}

#[test]
fn numbers_that_were_given_are_not_given_again() {
    let (mut database, _, new) = lists();
    let (script, _) = script_to(&mut database, &new);
    database.run(&script).unwrap();
    database
        .run("INSERT INTO api_list (rank) VALUES (1)")
        .unwrap();
    let newest = database.texts("SELECT CAST(MAX(id) AS text) FROM api_list");
    assert_eq!(newest, [Some("8".to_owned())]);
}

#[test]
fn what_was_made_by_hand_stays() {
    let (mut database, _, new) = lists();
    let by_hand = [
        "CREATE INDEX by_hand ON api_list (rank) WHERE rank > 0",
        "CREATE VIEW ranks AS SELECT rank FROM api_list",
        "CREATE VIEW most AS SELECT MAX(rank) AS rank FROM ranks",
        "CREATE TRIGGER count_up AFTER INSERT ON api_list BEGIN UPDATE api_list SET rank = rank + 1 WHERE id = NEW.id; END",
        "CREATE TRIGGER from_task AFTER DELETE ON api_task BEGIN UPDATE api_list SET rank = 0 WHERE id = OLD.list_id; END",
        "CREATE TRIGGER on_view INSTEAD OF INSERT ON most BEGIN INSERT INTO api_list (rank) VALUES (NEW.rank); END",
    ];
    for sql in by_hand {
        database.run(sql).unwrap();
    }
    let before = database.snapshot();
    let (script, mut state) = script_to(&mut database, &new);
    database.run(&script).unwrap();
    let objects = |snapshot: &Snapshot| {
        let mut sql: Vec<_> = snapshot
            .extras
            .objects
            .iter()
            .map(|it| it.sql.clone())
            .collect();
        sql.sort();
        sql
    };
    assert_eq!(objects(&database.snapshot()), objects(&before), "{script}");
    database
        .run("INSERT INTO most VALUES (5); DELETE FROM api_task WHERE id = 1")
        .unwrap();
    let ranks = database.texts("SELECT CAST(rank AS text) FROM api_list ORDER BY id");
    assert_eq!(ranks, [Some("0".to_owned()), Some("6".to_owned())]);
    let back = operations(&before.schema, &new, Answers::default());
    database.apply(&reversed(&back), &mut state);
    assert_eq!(objects(&database.snapshot()), objects(&before));
}

#[test]
fn a_condition_by_hand_stays() {
    let mut database = sqlite();
    database
        .run("CREATE TABLE api_note (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, rank integer NOT NULL, CHECK (rank < 9))")
        .unwrap();
    let (script, _) = script_to(&mut database, &models(&["note: rank: i64"]));
    database.run(&script).unwrap();
    assert!(
        database
            .run("INSERT INTO api_note (rank) VALUES (10)")
            .is_err(),
        "{script}"
    );
    database
        .run("INSERT INTO api_note (rank) VALUES (1)")
        .unwrap();
}

#[test]
fn what_a_rebuild_would_lose_is_refused() {
    let mut database = sqlite();
    database
        .run("CREATE TABLE api_note (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title text NOT NULL, n integer) STRICT")
        .unwrap();
    let mut state = database.snapshot();
    let new = models(&["note: #[sea_orm(column_type = \"Text\")] title: String; n: Option<i64>"]);
    let operations = operations(&state.schema, &new, Answers::default());
    let refused = script("test", &operations, &mut state, Dialect::Sqlite).unwrap_err();
    assert!(format!("{refused:?}").contains("STRICT"), "{refused:?}");
}
