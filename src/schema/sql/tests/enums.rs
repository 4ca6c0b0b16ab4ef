//! Enums through their life: made, shared, given other values, dropped.

use super::{Answers, Database, operations, schema};
use crate::schema::Dialect;
use crate::schema::diff::{Difference, diff};
use crate::schema::operation::{Operation, reversed};
use crate::schema::snapshot::Snapshot;
use crate::schema::{Schema, sql::script};

/// Two tables whose `mood` is of the same enum; `sad` has `more` beside it.
fn moods(values: &[&str], more: &str) -> Schema {
    let variants: String = values
        .iter()
        .map(|value| format!("#[sea_orm(string_value = \"{value}\")] V{value},"))
        .collect();
    let entity = |name: &str, more: &str| {
        format!(
            "pub mod {name} {{ use super::Mood;
             #[sea_orm::model] #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"api_{name}\")]
             pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, pub mood: Mood, {more} }} }}"
        )
    };
    schema(&format!(
        "#[derive(EnumIter, DeriveActiveEnum)] #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\")]
         pub enum Mood {{ {variants} }} {} {}",
        entity("day", ""),
        entity("night", more)
    ))
}

const ROWS: &str =
    "INSERT INTO api_day (mood) VALUES ('sad'); INSERT INTO api_night (mood) VALUES ('fine');";

fn moods_in(database: &mut Database) -> Vec<Option<String>> {
    database.texts(
        "SELECT CAST(mood AS text) FROM api_day UNION ALL SELECT CAST(mood AS text) FROM api_night",
    )
}

#[test]
fn other_values_keep_the_rows_and_the_way_back() {
    let old = moods(&["fine", "sad"], "");
    let default = "#[sea_orm(default_value = \"sad\")] pub other: Option<Mood>,";
    for new in [
        moods(&["fine", "sad", "odd"], ""),
        moods(&["odd", "sad", "fine"], ""),
        moods(&["fine", "sad"], default),
        moods(&["fine", "sad", "odd"], default),
    ] {
        for dialect in Dialect::ALL {
            let Some(mut database) = Database::empty(dialect) else {
                continue;
            };
            let mut state = database.create(&old);
            database.run(ROWS).unwrap();
            let before = moods_in(&mut database);
            let operations = operations(&old, &new, Answers::default());
            let up = database.apply(&operations, &mut state);
            database.assert_is(&new, &up);
            assert_eq!(moods_in(&mut database), before);
            let found = database.snapshot().schema;
            assert_eq!(
                diff(&found, &found, &Answers::default()),
                Difference::Done(Vec::new())
            );
            let down = database.apply(&reversed(&operations), &mut state);
            database.assert_is(&old, &down);
            assert_eq!(moods_in(&mut database), before);
        }
    }
}

#[test]
fn no_other_value_gets_in() {
    for dialect in Dialect::ALL {
        let Some(mut database) = Database::empty(dialect) else {
            continue;
        };
        database.create(&moods(&["fine", "sad"], ""));
        assert!(
            database
                .run("INSERT INTO api_day (mood) VALUES ('odd')")
                .is_err()
        );
        database.run(ROWS).unwrap();
    }
}

#[test]
fn a_value_that_rows_have_cannot_go() {
    let (old, new) = (moods(&["fine", "sad"], ""), moods(&["fine"], ""));
    let operations = operations(&old, &new, Answers::default());
    assert!(
        operations.iter().all(Operation::destroys_data),
        "{operations:?}"
    );
    for dialect in Dialect::ALL {
        let Some(mut database) = Database::empty(dialect) else {
            continue;
        };
        let mut state = database.create(&old);
        database.run(ROWS).unwrap();
        let script = script("test", &operations, &mut state, dialect).unwrap();
        assert!(database.run(&script).is_err(), "{script}");
        database.assert_is(&old, &script);
        assert_eq!(moods_in(&mut database).len(), 2);
    }
}

#[test]
fn postgres_has_one_type_for_all_columns() {
    let (old, new) = (moods(&["fine", "sad"], ""), moods(&["sad"], ""));
    let mut state = Snapshot {
        schema: old.clone(),
        ..Snapshot::default()
    };
    let operations = operations(&old, &new, Answers::default());
    let script = script("test", &operations, &mut state, Dialect::Postgres).unwrap();
    for statement in [
        "ALTER TYPE \"mood\" RENAME TO \"_old_mood\";",
        "CREATE TYPE \"mood\" AS ENUM ('sad');",
        "DROP TYPE \"_old_mood\";",
    ] {
        assert_eq!(script.matches(statement).count(), 1, "{script}");
    }
}

fn on_postgres(old: &Schema, new: &Schema) -> (String, String) {
    let mut state = Snapshot {
        schema: old.clone(),
        ..Snapshot::default()
    };
    let operations = operations(old, new, Answers::default());
    let mut write = |operations: &[Operation]| {
        script("test", operations, &mut state, Dialect::Postgres).unwrap()
    };
    (write(&operations), write(&reversed(&operations)))
}

#[test]
fn postgres_adds_values_in_place() {
    let old = moods(&["fine", "sad"], "");
    let new = moods(&["glad", "fine", "so", "odd", "sad", "mad"], "");
    let (up, down) = on_postgres(&old, &new);
    let statements: Vec<_> = up.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        statements,
        [
            "ALTER TYPE \"mood\" ADD VALUE 'glad' BEFORE 'fine';",
            "ALTER TYPE \"mood\" ADD VALUE 'so' AFTER 'fine';",
            "ALTER TYPE \"mood\" ADD VALUE 'odd' AFTER 'so';",
            "ALTER TYPE \"mood\" ADD VALUE 'mad';",
        ]
    );
    for table in ["day", "night"] {
        let convert = format!("ALTER TABLE \"api_{table}\"");
        assert_eq!(down.matches(&convert).count(), 1, "{down}");
    }
}

/// One app's migration may be written by itself: the type has the new value for the other one, too.
#[test]
fn one_column_after_another() {
    let (old, new) = (
        moods(&["fine", "sad"], ""),
        moods(&["fine", "odd", "sad"], ""),
    );
    let Some(mut database) = Database::empty(Dialect::Postgres) else {
        return;
    };
    let mut state = database.create(&old);
    database.run(ROWS).unwrap();
    let operations = operations(&old, &new, Answers::default());
    let mut states = Vec::new();
    for operation in &operations {
        states.push(state.schema.clone());
        let script = database.apply(std::slice::from_ref(operation), &mut state);
        database.assert_is(&state.schema, &script);
    }
    for operation in operations.iter().rev() {
        let script = database.apply(&[operation.reversed()], &mut state);
        database.assert_is(&states.pop().unwrap(), &script);
    }
    assert_eq!(moods_in(&mut database).len(), 2);
}

/// PostgreSQL refuses a value to the transaction that adds it.
#[test]
fn a_new_value_that_is_needed_at_once() {
    let old = moods(&["fine", "sad"], "");
    let default = "#[sea_orm(default_value = \"odd\")] pub other: Mood,";
    let new = moods(&["fine", "sad", "odd"], default);
    let (up, _) = on_postgres(&old, &new);
    assert!(!up.contains("ADD VALUE"), "{up}");
    for dialect in Dialect::ALL {
        let Some(mut database) = Database::empty(dialect) else {
            continue;
        };
        let mut state = database.create(&old);
        database.run(ROWS).unwrap();
        let operations = operations(&old, &new, Answers::default());
        let up = database.apply(&operations, &mut state);
        database.assert_is(&new, &up);
        let down = database.apply(&reversed(&operations), &mut state);
        database.assert_is(&old, &down);
        assert_eq!(moods_in(&mut database).len(), 2);
    }
}

#[test]
fn a_renamed_table_keeps_its_enum() {
    let old = moods(&["fine", "sad"], "");
    let mut new = old.clone();
    let table = new.tables.remove("api_day").unwrap();
    new.tables.insert("api_morning".to_owned(), table);
    let mut answers = Answers::default();
    answers
        .renamed_tables
        .insert("api_day".into(), "api_morning".into());
    let mut wider = new.clone();
    let table = wider.tables.get_mut("api_morning").unwrap();
    table.columns[1].nullable = true;
    for dialect in Dialect::ALL {
        let Some(mut database) = Database::empty(dialect) else {
            continue;
        };
        let mut state = database.create(&old);
        let up = database.apply(&operations(&old, &new, answers.clone()), &mut state);
        database.assert_is(&new, &up);
        let mut state = match dialect {
            Dialect::Sqlite => database.snapshot(),
            Dialect::Postgres => state,
        };
        let up = database.apply(&operations(&new, &wider, Answers::default()), &mut state);
        database.assert_is(&wider, &up);
        assert!(
            database
                .run("INSERT INTO api_morning (mood) VALUES ('odd')")
                .is_err()
        );
    }
}
