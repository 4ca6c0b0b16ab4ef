use super::{Answers, Database, models, operations};
use crate::schema::Dialect;
use crate::schema::snapshot::Snapshot;
use crate::schema::sql::{Impossible, script};

#[test]
fn a_new_sequence_goes_on_after_the_greatest_number() {
    let Some(mut database) = Database::empty(Dialect::Postgres) else {
        return;
    };
    let old = models(&["task: #[sea_orm(primary_key, auto_increment = false)] id: i64; a: i32"]);
    let new = models(&["task: a: i32"]);
    let mut state = database.create(&old);
    database.run("INSERT INTO api_task VALUES (41, 1)").unwrap();
    database.apply(&operations(&old, &new, Answers::default()), &mut state);
    database.run("INSERT INTO api_task (a) VALUES (2)").unwrap();
    let newest = database.texts("SELECT MAX(id)::text FROM api_task");
    assert_eq!(newest, [Some("42".to_owned())]);
}

#[test]
fn values_are_converted() {
    let Some(mut database) = Database::empty(Dialect::Postgres) else {
        return;
    };
    let old = models(&["task: a: String; b: i32; c: bool; d: DateTimeUtc"]);
    let new = models(&["task: a: i32; b: bool; c: i64; d: Date"]);
    let mut state = database.create(&old);
    database
        .run("SET timezone = 'UTC'; INSERT INTO api_task VALUES (1, '12', 5, TRUE, '2026-01-31 12:00:00+00')")
        .unwrap();
    database.apply(&operations(&old, &new, Answers::default()), &mut state);
    let row = database.texts("SELECT concat_ws(' ', a, b, c, d) FROM api_task");
    assert_eq!(row, [Some("12 t 1 2026-01-31".to_owned())]);
}

#[test]
fn types_without_a_conversion_are_refused() {
    let (old, new) = (models(&["task: a: bool"]), models(&["task: a: Date"]));
    let mut state = Snapshot {
        schema: old.clone(),
        ..Snapshot::default()
    };
    let operations = operations(&old, &new, Answers::default());
    let refused = script("test", &operations, &mut state, Dialect::Postgres);
    assert!(
        matches!(refused, Err(Impossible::Convert { .. })),
        "{refused:?}"
    );
}
