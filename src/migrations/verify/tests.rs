//! Migrations that are wrong in one way each: the proof must find it.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::postgres::Scratch;
use super::verify;
use crate::migrations::make::{Making, NewMigration, make};
use crate::migrations::replay::{Replayed, replay};
use crate::migrations::{History, Migration, runtime};
use crate::schema::Schema;
use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::Names;
use crate::schema::snapshot::Snapshot;
use crate::schema::testing::{entities, schema, server};

const OLD: &str = "task: a: i32; b: Option<String>";
const NEW: &str = "task: a: i64; b: Option<String>";

fn models(text: &str) -> Schema {
    schema(&entities(&[text]))
}

/// The migration from `old` to `new`, as it is made.
fn made(old: &Schema, new: &Schema) -> NewMigration {
    let Difference::Done(operations) = diff(old, new, &Answers::default()) else {
        panic!("a question");
    };
    let making = Making {
        names: &Names::default(),
        number: 2,
        started: &[],
        name: None,
    };
    let state = Snapshot {
        schema: old.clone(),
        ..Snapshot::default()
    };
    let groups = vec![("api".to_owned(), operations)];
    make(making, groups, &state).unwrap().remove(0)
}

/// The history that makes the tables of `schema`, with `more` after it.
fn history(schema: &Schema, is_postgres: bool, more: &str) -> History {
    let first = made(&Schema::default(), schema);
    let first = if is_postgres {
        first.postgres
    } else {
        first.sqlite
    };
    History {
        migrations: vec![Migration {
            up: format!("{}\n{more}", first.up),
            ..first
        }],
        ..History::default()
    }
}

/// Runs the proof on SQLite for a migration that `spoil` has changed.
fn proof(more: &str, spoil: impl FnOnce(&mut NewMigration)) -> Result<(), String> {
    proof_between(more, &models(OLD), &models(NEW), spoil)
}

/// The same for a migration that changes nothing but by its SQL.
fn proof_of_sql(more: &str, spoil: impl FnOnce(&mut NewMigration)) -> Result<(), String> {
    let old = models(OLD);
    proof_between(more, &old, &old, spoil)
}

fn proof_between(
    more: &str,
    old: &Schema,
    new: &Schema,
    spoil: impl FnOnce(&mut NewMigration),
) -> Result<(), String> {
    let mut migration = made(old, new);
    spoil(&mut migration);
    runtime().unwrap().block_on(async {
        let mut replayed: Replayed = replay(&history(old, false, more)).await.unwrap();
        let outcome = verify(&mut replayed, &[migration], new).await;
        outcome.map_err(|error| format!("{error:#}"))
    })
}

#[test]
fn a_right_migration_passes() {
    proof("", |_| {}).unwrap();
    proof(
        "INSERT INTO api_task (a, b) VALUES (1, NULL), (2, 'x');",
        |_| {},
    )
    .unwrap();
}

#[test]
fn a_wrong_result_is_found() {
    let error = proof("", |new| {
        new.sqlite.up = new.sqlite.up.replace("\"a\" bigint", "\"a\" integer")
    });
    assert!(
        error
            .unwrap_err()
            .contains("were applied, but table `api_task`")
    );
    let error = proof("", |new| new.sqlite.down = Some("SELECT 1;".to_owned()));
    assert!(
        error
            .unwrap_err()
            .contains("were taken back, but table `api_task`")
    );
    let error = proof("", |new| new.sqlite.up = "SELECT nonsense;".to_owned());
    assert!(error.unwrap_err().contains("fails on its way up: "));
}

#[test]
fn a_lost_row_or_value_is_found() {
    let error = proof("", |new| {
        new.sqlite.up = new
            .sqlite
            .up
            .replace("FROM \"api_task\"", "FROM \"api_task\" WHERE FALSE");
    });
    assert!(error.unwrap_err().contains("lose values of `api_task."));
    let error = proof("", |new| {
        new.sqlite.up = new
            .sqlite
            .up
            .replace("\"a\", \"b\"\nFROM", "\"a\", 'z'\nFROM");
    });
    assert!(error.unwrap_err().contains("lose values of `api_task.b`"));
}

#[test]
fn a_view_or_a_trigger_that_no_longer_works_is_found() {
    let other = "CREATE TABLE other (x int);";
    let view = format!("{other} CREATE VIEW others AS SELECT x FROM other;");
    let trigger = format!(
        "{other} CREATE TRIGGER t AFTER INSERT ON api_task BEGIN INSERT INTO other VALUES (1); END;"
    );
    let dropped = |new: &mut NewMigration| new.sqlite.up = "DROP TABLE other;".to_owned();
    let error = proof_of_sql(&view, dropped).unwrap_err();
    assert!(error.contains("view `others` no longer works: "), "{error}");
    let error = proof_of_sql(&trigger, dropped).unwrap_err();
    assert!(error.contains("trigger `t` no longer works: "), "{error}");
    let lost =
        |new: &mut NewMigration| new.sqlite.up = "DROP TABLE other; DROP TRIGGER t;".to_owned();
    let error = proof_of_sql(&trigger, lost).unwrap_err();
    assert!(
        error.contains("trigger `t` no longer works: it is gone"),
        "{error}"
    );
}

/// Runs the proof on PostgreSQL; returns nothing where no server is at hand.
fn postgres_proof(spoil: impl FnOnce(&mut NewMigration)) -> Option<Result<(), String>> {
    let options = PgConnectOptions::from_str(server()?).unwrap();
    let (old, new) = (models(OLD), models(NEW));
    let mut migration = made(&old, &new);
    spoil(&mut migration);
    let by_hand = "CREATE TABLE by_hand (x inet);";
    let outcome = runtime().unwrap().block_on(async {
        let scratch = Scratch::open(&options).await.unwrap();
        let history = history(&old, true, by_hand);
        let outcome = scratch.verify(&history, &[migration], &old, &new).await;
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let left = sqlx::query("SELECT 1 FROM pg_namespace WHERE nspname = 'backsmith_proof'");
        assert!(
            left.fetch_optional(&mut connection)
                .await
                .unwrap()
                .is_none()
        );
        outcome.map_err(|error| format!("{error:#}"))
    });
    Some(outcome)
}

#[test]
fn postgres_proves_its_own_files() {
    if let Some(outcome) = postgres_proof(|_| {}) {
        outcome.unwrap();
    }
}

#[test]
fn postgres_finds_what_is_wrong_in_them() {
    let spoiled =
        postgres_proof(|new| new.postgres.up = "ALTER TABLE nothing ADD x int;".to_owned());
    if let Some(outcome) = spoiled {
        assert!(outcome.unwrap_err().contains("fails on its way up"));
    }
    let spoiled = postgres_proof(|new| new.postgres.up = "DROP TABLE by_hand;".to_owned());
    if let Some(outcome) = spoiled {
        assert!(
            outcome
                .unwrap_err()
                .contains("were applied on PostgreSQL, but table")
        );
    }
}

/// The models with an enum of `values`, and `more` fields.
fn moods(values: &[&str], more: &str) -> Schema {
    let variants: String = values
        .iter()
        .map(|value| format!("#[sea_orm(string_value = \"{value}\")] V{value},"))
        .collect();
    let entity = entities(&[&format!("day: mood: super::Mood{more}")]);
    schema(&format!(
        "#[derive(EnumIter, DeriveActiveEnum)] #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\")]
         pub enum Mood {{ {variants} }} {entity}"
    ))
}

/// A migration of the history may use what an earlier one added.
#[test]
fn a_value_that_was_added_to_an_enum_can_be_used_later() {
    let Some(server) = server() else {
        return;
    };
    let options = PgConnectOptions::from_str(server).unwrap();
    let old = moods(&["fine"], "");
    let wider = moods(&["fine", "odd"], "");
    let new = moods(&["fine", "odd"], "; more: Option<i32>");
    let mut history = history(&old, true, "");
    let added = made(&old, &wider).postgres;
    assert!(added.up.contains("ADD VALUE"), "{}", added.up);
    let rows = "INSERT INTO api_day (mood) VALUES ('odd');".to_owned();
    history
        .migrations
        .extend([added.clone(), Migration { up: rows, ..added }]);
    let proof = async |migration: NewMigration| {
        let scratch = Scratch::open(&options).await.unwrap();
        let outcome = scratch.verify(&history, &[migration], &wider, &new).await;
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let left = sqlx::query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'backsmith_proof%'");
        let left = left.fetch_optional(&mut connection).await.unwrap();
        assert!(left.is_none());
        outcome.map_err(|error| format!("{error:#}"))
    };
    runtime().unwrap().block_on(async {
        proof(made(&wider, &new)).await.unwrap();
        let mut wrong = made(&wider, &new);
        wrong.postgres.up = "SELECT 1".to_owned();
        let error = proof(wrong).await.unwrap_err();
        assert!(
            error.contains("were applied on PostgreSQL, but table"),
            "{error}"
        );
    });
}
