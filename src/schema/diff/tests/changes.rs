use super::case;

#[test]
fn nothing_changes() {
    case(&["task: title: String"], &["task: title: String"]).does(&[]);
    case(&["task: a: i32; b: i32"], &["task: b: i32; a: i32"]).does(&[]);
}

#[test]
fn tables_come_and_go() {
    case(&[], &["task"]).does(&["+ Create model Task"]);
    case(&["task"], &[]).does(&["- Delete model Task"]);
    case(&["task: a: i32; b: i32"], &["note: text: String; c: bool"])
        .does(&["+ Create model Note", "- Delete model Task"]);
}

#[test]
fn columns_come_and_go() {
    case(&["task"], &["task: due: Option<Date>"]).does(&["+ Add field due to task"]);
    case(&["task: due: Option<Date>"], &["task"]).does(&["- Remove field due from task"]);
    case(
        &["task: done: bool"],
        &["task: #[sea_orm(default_value = 0)] rank: i32"],
    )
    .does(&["+ Add field rank to task", "- Remove field done from task"]);
}

#[test]
fn columns_are_altered() {
    let old = ["task: #[sea_orm(default_value = 1)] rank: i32"];
    for new in [
        "task: #[sea_orm(default_value = 1)] rank: i64",
        "task: #[sea_orm(default_value = 1)] rank: Option<i32>",
        "task: #[sea_orm(default_value = 2)] rank: i32",
        "task: rank: i32",
        "task: #[sea_orm(default_value = 1, comment = \"low is good\")] rank: i32",
    ] {
        case(&old, &[new]).does(&["~ Alter field rank on task"]);
        case(&[new], &old).does(&["~ Alter field rank on task"]);
    }
}

#[test]
fn indexes_come_and_go() {
    let plain = ["task: code: String"];
    for (index, name) in [
        ("unique", "api_task_code_key"),
        ("indexed", "api_task_code_idx"),
        ("unique_key = \"place\"", "api_task_place_key"),
    ] {
        let new = format!("task: #[sea_orm({index})] code: String");
        let added = format!("+ Create index {name} on field(s) code of model task");
        case(&plain, &[&new]).does(&[&added]);
        case(&[&new], &plain).does(&[&format!("- Remove index {name} from task")]);
    }
}

#[test]
fn an_index_over_other_columns_is_made_anew() {
    let group = "#[sea_orm(unique_key = \"place\")]";
    case(
        &[&format!("task: {group} a: i32; b: i32")],
        &[&format!("task: {group} a: i32; {group} b: i32")],
    )
    .does(&[
        "- Remove index api_task_place_key from task",
        "+ Create index api_task_place_key on field(s) a, b of model task",
    ]);
}

#[test]
fn the_comment_of_a_table_is_altered() {
    let with = crate::schema::testing::schema(
        "mod task { #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"api_task\", comment = \"To do\")]
         struct Model { #[sea_orm(primary_key)] id: i64 } }",
    );
    let without = case(&["task"], &["task"]);
    let plain = crate::schema::testing::schema(&without.old);
    let super::Difference::Done(operations) = super::diff(&plain, &with, &without.answers) else {
        panic!("a question");
    };
    assert_eq!(operations.len(), 1, "{operations:?}");
    assert!(
        operations[0]
            .describe(&Default::default())
            .starts_with("~ Alter comment")
    );
}
