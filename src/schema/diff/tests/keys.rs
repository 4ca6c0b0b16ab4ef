use super::{Case, case};
use crate::schema::diff::Difference;
use crate::schema::operation::Operation;

fn refers(field: &str, target: &str) -> String {
    format!(
        "#[sea_orm(belongs_to, from = \"{field}\", to = \"id\")] {target}_{field}: BelongsTo<super::{target}::Entity>"
    )
}

fn operations(case: &Case) -> Vec<Operation> {
    match case.difference() {
        Difference::Done(operations) => operations,
        Difference::Ask(question) => panic!("{question:?}"),
    }
}

#[test]
fn a_table_comes_after_those_that_it_refers_to() {
    let a = format!("a: b_id: i64; {}", refers("b_id", "b"));
    let b = format!("b: c_id: i64; {}", refers("c_id", "c"));
    case(&[], &[&a, &b, "c"]).does(&["+ Create model C", "+ Create model B", "+ Create model A"]);
    case(&[&a, &b, "c"], &[]).does(&["- Delete model A", "- Delete model B", "- Delete model C"]);
}

#[test]
fn a_circle_is_closed_when_all_are_there() {
    let a = format!("a: b_id: i64; {}", refers("b_id", "b"));
    let b = format!("b: a_id: i64; {}", refers("a_id", "a"));
    case(&[], &[&a, &b]).does(&[
        "+ Create model B",
        "+ Create model A",
        "+ Add foreign key from a_id of b to a",
    ]);
    case(&[&a, &b], &[]).does(&[
        "- Remove foreign key from a_id of b",
        "- Delete model A",
        "- Delete model B",
    ]);
}

#[test]
fn a_table_may_refer_to_itself() {
    let own = format!("a: parent_id: Option<i64>; {}", refers("parent_id", "a"));
    case(&[], &[&own]).does(&["+ Create model A"]);
}

#[test]
fn a_field_becomes_a_foreign_key_and_back() {
    let plain = ["task: list_id: i64", "list"];
    let keyed = format!("task: list_id: i64; {}", refers("list_id", "list"));
    case(&plain, &[&keyed, "list"]).does(&["+ Add foreign key from list_id of task to list"]);
    case(&[&keyed, "list"], &plain).does(&["- Remove foreign key from list_id of task"]);
}

#[test]
fn a_foreign_key_goes_before_its_target() {
    let keyed = format!("task: list_id: i64; {}", refers("list_id", "list"));
    case(&[&keyed, "list"], &["task"]).does(&[
        "- Remove foreign key from list_id of task",
        "- Remove field list_id from task",
        "- Delete model List",
    ]);
}

#[test]
fn another_action_makes_the_key_anew() {
    let key = |action: &str| {
        let key = refers("list_id", "list").replace("belongs_to", &format!("belongs_to{action}"));
        format!("task: list_id: i64; {key}")
    };
    case(
        &[&key(""), "list"],
        &[&key(", on_delete = \"Cascade\""), "list"],
    )
    .does(&[
        "- Remove foreign key from list_id of task",
        "+ Add foreign key from list_id of task to list",
    ]);
}

#[test]
fn a_key_is_put_back_when_the_types_of_its_ends_change() {
    let task = |number: &str| format!("task: list_id: {number}; {}", refers("list_id", "list"));
    let list = |number: &str| format!("list: #[sea_orm(primary_key)] id: {number}");
    let case = case(&[&task("i32"), &list("i32")], &[&task("i64"), &list("i64")]);
    let operations = operations(&case);
    assert!(
        matches!(
            operations.as_slice(),
            [
                Operation::DropForeignKey { deferred: true, .. },
                Operation::AlterColumn { .. },
                Operation::AlterColumn { .. },
                Operation::AddForeignKey { deferred: true, .. },
            ]
        ),
        "{operations:#?}"
    );
}

#[test]
fn the_primary_key_may_be_another_one() {
    let old = "task: #[sea_orm(primary_key, auto_increment = false)] a: i32; b: i32";
    let new = "task: #[sea_orm(primary_key, auto_increment = false)] a: i32; #[sea_orm(primary_key, auto_increment = false)] b: i32";
    case(&[old], &[new]).does(&["~ Alter primary key of task to a, b"]);
    case(&[new], &[old]).does(&["~ Alter primary key of task to a"]);
}
