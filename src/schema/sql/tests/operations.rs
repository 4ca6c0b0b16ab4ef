use std::collections::BTreeSet;

use super::{Database, models, operations, rows};
use crate::schema::Dialect;
use crate::schema::diff::Answers;
use crate::schema::operation::reversed;

const LIST: &str = "list: name: String";
const REFERS: &str =
    "#[sea_orm(belongs_to, from = \"list_id\", to = \"id\")] list: BelongsTo<super::list::Entity>";

/// Goes from `old` to `new` and back on both databases: each time the schema is as it should be, and
/// the row of `api_task` is still there.
fn there_and_back(old: &str, new: &str, answers: &Answers) {
    let (old, new) = (models(&[LIST, old]), models(&[LIST, new]));
    for dialect in Dialect::ALL {
        let Some(mut database) = Database::empty(dialect) else {
            continue;
        };
        let mut state = database.create(&old);
        rows::insert(
            &mut database,
            &old,
            &BTreeSet::from(["api_list".into(), "api_task".into()]),
        );
        let operations = operations(&old, &new, answers.clone());
        assert!(!operations.is_empty());
        let up = database.apply(&operations, &mut state);
        database.assert_is(&new, &up);
        let count = |database: &mut Database| rows::read(database, "api_task", &[]);
        assert_eq!(count(&mut database), [Some("1".to_owned())], "{up}");
        let down = database.apply(&reversed(&operations), &mut state);
        database.assert_is(&old, &down);
        assert_eq!(count(&mut database), [Some("1".to_owned())], "{down}");
    }
}

#[test]
fn columns() {
    for (old, new) in [
        ("task", "task: due: Option<Date>"),
        ("task", "task: done: bool"),
        (
            "task",
            "task: #[sea_orm(default_value = \"x\")] code: String",
        ),
        (
            "task",
            "task: #[sea_orm(default_expr = \"Expr::current_timestamp()\")] at: DateTimeUtc",
        ),
        ("task", "task: #[sea_orm(unique)] token: Uuid"),
        (
            "task",
            "task: #[sea_orm(comment = \"a */ b\")] data: Vec<u8>",
        ),
        ("task: rank: i32", "task: rank: i64"),
        ("task: rank: i32", "task: rank: Option<i32>"),
        (
            "task: rank: i32",
            "task: #[sea_orm(default_value = 5)] rank: i32",
        ),
        ("task: rank: i32", "task: rank: String"),
        ("task: rank: i32", "task: rank: bool"),
        (
            "task: rank: Decimal",
            "task: #[sea_orm(column_type = \"Decimal(Some((10, 2)))\")] rank: Decimal",
        ),
        (
            "task: data: Json",
            "task: #[sea_orm(column_type = \"JsonBinary\")] data: Json",
        ),
        ("task: at: DateTime", "task: at: DateTimeUtc"),
        (
            "task: a: String; b: String",
            "task: #[sea_orm(extra = \"COLLATE NOCASE\")] a: String; #[sea_orm(extra = \"COLLATE \\\"C\\\"\")] b: String",
        ),
        (
            "task: #[sea_orm(extra = \"COLLATE \\\"C\\\"\")] a: String",
            "task: #[sea_orm(extra = \"COLLATE \\\"C\\\"\", column_type = \"String(StringLen::N(9))\")] a: String",
        ),
        (
            "task: a: i32",
            "task: a: i32; #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (a + 1) STORED\")] b: i32",
        ),
        (
            "task: a: i32; #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (a + 1) STORED CHECK (b > 0)\")] b: i64",
            "task: a: i64; #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (a + 1) STORED CHECK (b > 0)\")] b: i64",
        ),
        (
            "task: a: String; #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (length(a)) STORED CHECK (b > 0)\")] b: i32",
            "task: a: i32; #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (a + 1) STORED CHECK (b > 0)\")] b: i32",
        ),
        (
            "task: a: String; #[sea_orm(extra = \"GENERATED ALWAYS AS (length(a)) STORED\")] b: i32",
            "task: a: i32",
        ),
        (
            "task: a: String; #[sea_orm(extra = \"GENERATED ALWAYS AS (length(a)) STORED\")] b: i32",
            "task: a: i32; b: i32",
        ),
        (
            "task: a: i32; #[sea_orm(index = \"(b, c)\", extra = \"GENERATED ALWAYS AS (a + 1) STORED\")] b: i64; #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 2) STORED\")] c: i64",
            "task: a: i64; #[sea_orm(index = \"(b, c)\", extra = \"GENERATED ALWAYS AS (a + 1) STORED\")] b: i64; #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 2) STORED\")] c: i64",
        ),
        (
            "task: a: i32; #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (a + 1) STORED\")] b: i32",
            "task: #[sea_orm(default_value = \"x\")] c: String; #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (length(c)) STORED\")] b: i32",
        ),
        (
            "task: a: i32; #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) VIRTUAL\")] b: i32",
            "task: a: i32; b: i32",
        ),
    ] {
        there_and_back(old, new, &Answers::default());
    }
}

#[test]
fn indexes_and_conditions() {
    for (old, new) in [
        ("task: a: i32", "task: #[sea_orm(unique)] a: i32"),
        ("task: a: i32", "task: #[sea_orm(indexed)] a: i32"),
        (
            "task: a: i32; b: i32",
            "task: #[sea_orm(unique_key = \"x\")] a: i32; #[sea_orm(unique_key = \"x\")] b: i32",
        ),
        (
            "task: a: i32; b: i32",
            "task: #[sea_orm(index_key = \"x\")] a: i32; #[sea_orm(index_key = \"x\")] b: i32",
        ),
        (
            "task: a: i32",
            "task: #[sea_orm(index = \"(a DESC)\", unique_index = \"(a) WHERE a > 0\")] a: i32",
        ),
        (
            "task: #[sea_orm(index = \"few: (a DESC)\")] a: i32",
            "task: #[sea_orm(index = \"few: (a) WHERE a < 9\")] a: i32",
        ),
        (
            "task: a: i32; b: String",
            "task: #[sea_orm(index = \"(a) INCLUDE (b)\", index = \"(md5(b))\", unique_index = \"(lower(b))\")] a: i32; b: String",
        ),
        (
            "task: #[sea_orm(column_type = \"JsonBinary\", index = \"USING gin (a)\")] a: Json; b: i32",
            "task: b: i32",
        ),
        (
            "task: a: i32",
            "task: #[sea_orm(extra = \"CHECK (a > 0)\")] a: i32",
        ),
        (
            "task: #[sea_orm(extra = \"CHECK (a > 0)\")] a: i32",
            "task: #[sea_orm(extra = \"CHECK (a > -1 AND a <> 7)\")] a: i32",
        ),
    ] {
        there_and_back(old, new, &Answers::default());
    }
}

#[test]
fn foreign_keys() {
    let with = |words: &str| {
        let key = REFERS.replace("belongs_to", &format!("belongs_to{words}"));
        format!("task: list_id: i64; {key}")
    };
    there_and_back("task: list_id: i64", &with(""), &Answers::default());
    there_and_back(
        &with(""),
        &with(", on_delete = \"Cascade\""),
        &Answers::default(),
    );
    there_and_back(
        "task",
        &with("").replace("i64", "Option<i64>"),
        &Answers::default(),
    );
    let itself = "task: task_id: Option<i64>; #[sea_orm(belongs_to, from = \"task_id\", to = \"id\")] task: BelongsTo<Option<Entity>>";
    there_and_back("task", itself, &Answers::default());
}

#[test]
fn renames_keep_values_keys_and_conditions() {
    let task = |list: &str, code: &str| {
        format!(
            "task: {list}_id: i64; {}; #[sea_orm(unique, extra = \"CHECK ({code} <> 'no')\")] {code}: String",
            REFERS.replace("list_id", &format!("{list}_id"))
        )
    };
    let mut answers = Answers::default();
    for (from, to) in [("list_id", "sheet_id"), ("code", "word")] {
        let key = ("api_task".to_owned(), from.to_owned());
        answers.renamed_columns.insert(key, to.to_owned());
    }
    there_and_back(&task("list", "code"), &task("sheet", "word"), &answers);
}

#[test]
fn renames_keep_conditions_of_one_database() {
    let task = |a: &str| format!("task: #[sea_orm(extra = \"CHECK ({a} ~ '^1')\")] {a}: String");
    let mut answers = Answers::default();
    let key = ("api_task".to_owned(), "code".to_owned());
    answers.renamed_columns.insert(key, "word".to_owned());
    there_and_back(&task("code"), &task("word"), &answers);
}

#[test]
fn renames_keep_indexes() {
    let task = |a: &str| {
        format!(
            "task: #[sea_orm(index = \"(lower({a})) WHERE {a} > ''\", index = \"USING hash ({a})\", \
             index = \"(id) INCLUDE ({a})\")] {a}: String"
        )
    };
    let mut answers = Answers::default();
    let key = ("api_task".to_owned(), "code".to_owned());
    answers.renamed_columns.insert(key, "word".to_owned());
    there_and_back(&task("code"), &task("word"), &answers);
}

#[test]
fn the_primary_key() {
    let given = "#[sea_orm(primary_key, auto_increment = false)]";
    for (old, new) in [
        ("task".to_owned(), format!("task: {given} id: i64")),
        (
            "task".to_owned(),
            "task: #[sea_orm(primary_key)] id: i32".to_owned(),
        ),
        (
            format!("task: {given} a: i32; b: i32"),
            format!("task: {given} a: i32; {given} b: i32"),
        ),
        (
            format!("task: {given} a: i32; b: String"),
            format!("task: a: i32; {given} b: String"),
        ),
    ] {
        there_and_back(&old, &new, &Answers::default());
    }
}
