//! Properties of any two sets of models, on both databases.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::diff::{Answers, Difference, Question, Rename, diff};
use super::operation::{Operation, reversed};
use super::testing::models::{self, Field, Key, Model, Models, Reference};
use super::testing::{Database, rows};
use super::{Dialect, Schema};

/// Two sets of models, and what has been renamed from the first to the second.
#[derive(Clone, Debug)]
struct Pair {
    old: Models,
    new: Models,
    /// Whether renames are told beforehand, or only when asked for.
    told: bool,
}

#[derive(Clone, Debug)]
enum Change {
    RenameModel,
    RenameField(u8),
    Field(u8, Field),
    RemoveField(u8),
    Key(Key),
    References(Vec<Reference>),
    Remove,
    Replace(Model),
}

fn pairs() -> impl Strategy<Value = Pair> {
    let unrelated = (models::models(), models::models());
    let related = (
        models::models(),
        prop::collection::vec((0..4_u8, change()), 0..8),
    )
        .prop_map(|(old, changes)| {
            let mut new = old.clone();
            for (number, change) in changes {
                make(&mut new, number, change);
            }
            (old, new)
        });
    (prop_oneof![1 => unrelated, 2 => related], any::<bool>()).prop_map(|((old, new), told)| Pair {
        old,
        new,
        told,
    })
}

fn change() -> impl Strategy<Value = Change> {
    let kind = 0..models::KINDS;
    prop_oneof![
        1 => Just(Change::RenameModel),
        2 => kind.clone().prop_map(Change::RenameField),
        3 => (kind.clone(), models::field()).prop_map(|(kind, field)| Change::Field(kind, field)),
        1 => kind.prop_map(Change::RemoveField),
        1 => models::key().prop_map(Change::Key),
        1 => prop::collection::vec(models::reference(), 0..3).prop_map(Change::References),
        1 => Just(Change::Remove),
        1 => models::model().prop_map(Change::Replace),
    ]
}

fn make(models: &mut Models, number: u8, change: Change) {
    if let Change::Replace(model) = change {
        models.insert(number, model);
        return;
    }
    let Some(model) = models.get_mut(&number) else {
        return;
    };
    match change {
        Change::RenameModel => model.renamed = !model.renamed,
        Change::RenameField(kind) => {
            if let Some(field) = model.fields.get_mut(&kind) {
                field.renamed = !field.renamed;
            }
        }
        Change::Field(kind, field) => drop(model.fields.insert(kind, field)),
        Change::RemoveField(kind) => drop(model.fields.remove(&kind)),
        Change::Key(key) => model.key = key,
        Change::References(references) => model.references = references,
        Change::Remove => drop(models.remove(&number)),
        Change::Replace(_) => {}
    }
}

/// The renames that `pair` means.
fn renames(pair: &Pair) -> Answers {
    let mut answers = Answers::default();
    for (number, new) in &pair.new {
        let Some(old) = pair.old.get(number) else {
            continue;
        };
        let (from, to) = (
            models::table_name(*number, old),
            models::table_name(*number, new),
        );
        if from != to {
            answers.renamed_tables.insert(from, to.clone());
        }
        for (kind, field) in &new.fields {
            let before = old
                .fields
                .get(kind)
                .map(|old| models::field_name(*kind, old));
            let after = models::field_name(*kind, field);
            if let Some(before) = before.filter(|before| *before != after) {
                answers.renamed_columns.insert((to.clone(), before), after);
            }
        }
    }
    answers
}

/// The operations from one schema to another, with every question answered as `meant`.
fn settle(
    old: &Schema,
    new: &Schema,
    meant: &Answers,
    mut answers: Answers,
) -> (Vec<Operation>, Answers) {
    loop {
        match diff(old, new, &answers) {
            Difference::Done(operations) => return (operations, answers),
            Difference::Ask(Question::Renamed(rename)) => {
                let is_meant = match &rename {
                    Rename::Table { from, to } => meant.renamed_tables.get(from) == Some(to),
                    Rename::Column { table, from, to } => {
                        let key = (table.clone(), from.clone());
                        meant.renamed_columns.get(&key) == Some(to)
                    }
                };
                match rename {
                    Rename::Table { from, to } if is_meant => {
                        answers.renamed_tables.insert(from, to);
                    }
                    Rename::Column { table, from, to } if is_meant => {
                        answers.renamed_columns.insert((table, from), to);
                    }
                    other => {
                        answers.different.insert(other);
                    }
                }
            }
            Difference::Ask(Question::Default {
                table,
                column,
                column_type,
                ..
            }) => {
                answers
                    .defaults
                    .insert((table, column), rows::value(&column_type));
            }
        }
    }
}

/// Up gives the new schema, down the old one, and then there is nothing left to do.
fn there_and_back(database: &mut Database, pair: &Pair) {
    let (old, new) = (models::schema(&pair.old), models::schema(&pair.new));
    let meant = renames(pair);
    let told = if pair.told {
        meant.clone()
    } else {
        Answers::default()
    };
    let (operations, _) = settle(&old, &new, &meant, told);
    let mut state = database.create(&old);
    let mut before = state.clone();
    let script = database.apply(&operations, &mut state);
    assert_eq!(state.schema, new, "{operations:#?}");
    database.assert_is(&new, &script);
    let found = database.snapshot().schema;
    if database.dialect() == Dialect::Sqlite {
        assert_eq!(
            diff(&found, &new, &Answers::default()),
            Difference::Done(Vec::new())
        );
    }
    let down = database.apply(&reversed(&operations), &mut state);
    database.assert_is(&old, &format!("{script}\n\n{down}"));
    before.extras.objects.clear();
    assert_eq!(state.schema, before.schema);
}

/// Rows that both schemas can hold are there afterwards, with their values.
fn rows_survive(database: &mut Database, pair: &Pair) {
    let (old, new) = (models::schema(&pair.old), models::schema(&pair.new));
    let meant = renames(pair);
    let told = if pair.told {
        meant.clone()
    } else {
        Answers::default()
    };
    let (operations, answers) = settle(&old, &new, &meant, told);
    let mut state = database.create(&old);
    let old_name = |name: &str| {
        let renamed = answers.renamed_tables.iter().find(|(_, to)| *to == name);
        renamed.map_or(name, |(from, _)| from).to_owned()
    };
    let kept: BTreeSet<String> = rows::tables_with_rows(&old, &new, old_name);
    rows::insert(database, &old, &kept);
    let mut expected = Vec::new();
    for (name, table) in &new.tables {
        let before = old_name(name);
        let Some(old_table) = old.tables.get(&before).filter(|_| kept.contains(&before)) else {
            continue;
        };
        let mut columns = Vec::new();
        for (column, after) in &table.columns {
            let from = answers
                .renamed_columns
                .iter()
                .find(|((table, _), to)| table == name && *to == column);
            let from = from.map_or(column, |((_, from), _)| from);
            let same = |it: &&super::Column| {
                it.column_type == after.column_type && after.generated.is_none()
            };
            if old_table.columns.get(from).filter(same).is_some() {
                columns.push((from.as_str(), column.as_str()));
            }
        }
        let (from, to): (Vec<&str>, Vec<&str>) = columns.into_iter().unzip();
        let values = rows::read(database, &before, &from);
        assert_eq!(values[0].as_deref(), Some("1"));
        expected.push((name, to, values));
    }
    let up = database.apply(&operations, &mut state);
    for (name, columns, values) in &expected {
        assert_eq!(rows::read(database, name, columns), *values, "{name}\n{up}");
    }
    if !operations.iter().any(Operation::destroys_data) {
        database.apply(&reversed(&operations), &mut state);
        for (name, ..) in &expected {
            assert_eq!(
                rows::read(database, &old_name(name), &[]),
                [Some("1".to_owned())]
            );
        }
    }
}

/// Tries `property` with `cases` pairs, or as many as `PROPTEST_CASES` says.
fn check(dialect: Dialect, cases: u32, property: fn(&mut Database, &Pair)) {
    let Some(database) = Database::empty(dialect) else {
        return;
    };
    #[expect(clippy::disallowed_methods, reason = "as proptest does it")]
    let chosen = std::env::var("PROPTEST_CASES").ok();
    let mut config = Config {
        cases: chosen.and_then(|cases| cases.parse().ok()).unwrap_or(cases),
        max_shrink_iters: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(rand_seed());
    }
    let seed = config.rng_seed;
    let database = std::cell::RefCell::new(database);
    let outcome = TestRunner::new(config).run(&pairs(), |pair| {
        let mut database = database.borrow_mut();
        database.clear();
        property(&mut database, &pair);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}\nagain with PROPTEST_RNG_SEED of {seed:?}");
    }
}

/// `parse` reads back everything that `print` writes.
fn printed_models_are_read_back(_: &mut Database, pair: &Pair) {
    let mut schema = models::schema(&pair.new);
    let text = super::print::models(&schema, "api_", &|_| None, &Default::default());
    for table in schema.tables.values_mut() {
        let is_said = |name: &String| !text.contains(&format!("The index {name} on"));
        table.indexes.retain(|name, _| is_said(name));
    }
    assert_eq!(super::testing::schema(&text), schema, "{text}");
}

#[test]
fn models_that_are_printed_are_read_back() {
    check(Dialect::Sqlite, 200, printed_models_are_read_back);
}

fn rand_seed() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_ne_bytes(bytes)
}

#[test]
fn any_models_become_any_others_on_sqlite() {
    check(Dialect::Sqlite, 200, there_and_back);
}

#[test]
fn any_models_become_any_others_on_postgres() {
    check(Dialect::Postgres, 60, there_and_back);
}

#[test]
fn rows_survive_on_sqlite() {
    check(Dialect::Sqlite, 200, rows_survive);
}

#[test]
fn rows_survive_on_postgres() {
    check(Dialect::Postgres, 60, rows_survive);
}
