use super::{Question, Rename, case};
use crate::schema::{ColumnType, DefaultValue};

fn column(from: &str, to: &str) -> Rename {
    Rename::Column {
        table: "api_task".to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

fn table(from: &str, to: &str) -> Rename {
    Rename::Table {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

#[test]
fn a_column_may_have_been_renamed() {
    let case = || case(&["task: title: String"], &["task: name: String"]);
    assert_eq!(
        case().question(),
        Question::Renamed(column("title", "name"))
    );
    case()
        .renamed_column("api_task", "title", "name")
        .does(&["~ Rename field title on task to name"]);
    let Question::Default {
        column: asked,
        existed,
        ..
    } = case().different(column("title", "name")).question()
    else {
        panic!("not asked for a default");
    };
    assert_eq!((asked.as_str(), existed), ("name", false));
}

#[test]
fn each_pair_is_asked_once() {
    let case = || {
        case(
            &["task: a: Option<i32>"],
            &["task: b: Option<i32>; c: Option<i32>"],
        )
    };
    assert_eq!(case().question(), Question::Renamed(column("a", "b")));
    let case = || case().different(column("a", "b"));
    assert_eq!(case().question(), Question::Renamed(column("a", "c")));
    case().different(column("a", "c")).does(&[
        "+ Add field b to task",
        "+ Add field c to task",
        "- Remove field a from task",
    ]);
}

#[test]
fn a_renamed_column_may_change_too() {
    case(
        &["task: title: String"],
        &["task: #[sea_orm(unique)] rank: Option<i32>"],
    )
    .renamed_column("api_task", "title", "rank")
    .does(&[
        "~ Rename field title on task to rank",
        "~ Alter field rank on task",
        "+ Create index api_task_rank_key on field(s) rank of model task",
    ]);
}

#[test]
fn columns_may_swap_their_names() {
    case(&["task: a: i32; b: i32"], &["task: b: i32; a: i32"])
        .renamed_column("api_task", "a", "b")
        .renamed_column("api_task", "b", "a")
        .does(&[
            "~ Rename field a on task to _old_a",
            "~ Rename field b on task to a",
            "~ Rename field _old_a on task to b",
        ]);
}

#[test]
fn a_table_may_have_been_renamed() {
    let case = || case(&["task: title: String"], &["todo: title: String"]);
    assert_eq!(
        case().question(),
        Question::Renamed(table("api_task", "api_todo"))
    );
    case()
        .renamed_table("api_task", "api_todo")
        .does(&["~ Rename model Task to Todo"]);
    case()
        .different(table("api_task", "api_todo"))
        .does(&["+ Create model Todo", "- Delete model Task"]);
}

#[test]
fn a_table_that_is_mostly_the_same_may_have_been_renamed() {
    let case = case(
        &["task: title: String; done: bool"],
        &["todo: title: String; done: bool; due: Option<Date>"],
    );
    assert_eq!(
        case.question(),
        Question::Renamed(table("api_task", "api_todo"))
    );
}

#[test]
fn a_renamed_table_takes_its_indexes_columns_and_keys_along() {
    let owner = "#[sea_orm(belongs_to, from = \"list_id\", to = \"id\")] list: BelongsTo<super::list::Entity>";
    let renamed_owner = owner
        .replace("list_id", "sheet_id")
        .replace("list::", "sheet::");
    case(
        &[
            "list: #[sea_orm(unique)] name: String",
            &format!("task: list_id: i64; {owner}"),
        ],
        &[
            "sheet: #[sea_orm(unique)] title: String",
            &format!("task: sheet_id: i64; {renamed_owner}"),
        ],
    )
    .renamed_table("api_list", "api_sheet")
    .renamed_column("api_sheet", "name", "title")
    .renamed_column("api_task", "list_id", "sheet_id")
    .does(&[
        "~ Rename model List to Sheet",
        "~ Rename field name on sheet to title",
        "~ Rename field list_id on task to sheet_id",
        "~ Rename index api_list_name_key on sheet to api_sheet_title_key",
    ]);
}

#[test]
fn tables_may_take_each_others_names() {
    case(&["a: x: i32", "b: y: bool"], &["b: x: i32", "c: y: bool"])
        .renamed_table("api_a", "api_b")
        .renamed_table("api_b", "api_c")
        .does(&["~ Rename model B to C", "~ Rename model A to B"]);
}

#[test]
fn rows_that_exist_need_a_value() {
    let case = || case(&["task"], &["task: rank: i32"]);
    let asked = Question::Default {
        table: "api_task".to_owned(),
        column: "rank".to_owned(),
        column_type: ColumnType::Integer,
        existed: false,
    };
    assert_eq!(case().question(), asked);
    case()
        .default("api_task", "rank", DefaultValue::Number("1".to_owned()))
        .does(&["+ Add field rank to task"]);
}

#[test]
fn null_needs_a_value_when_it_is_no_longer_taken() {
    let case = || case(&["task: rank: Option<i32>"], &["task: rank: i32"]);
    assert!(matches!(
        case().question(),
        Question::Default { existed: true, .. }
    ));
    case()
        .default("api_task", "rank", DefaultValue::Number("1".to_owned()))
        .does(&["~ Alter field rank on task"]);
}
