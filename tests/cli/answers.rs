//! `makemigrations` where a change leaves something open: flags answer, nobody guesses.

use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

#[test]
fn what_rows_that_exist_get_has_to_be_said() {
    let folder = Folder::with_app();
    folder.edit(
        MODELS,
        COMPLETED,
        &format!("{COMPLETED}        pub owner: i32,\n"),
    );
    folder.refuses(
        3,
        &["makemigrations"],
        &["`api_task.owner`", "--default api_task.owner="],
    );
    folder.refuses(
        2,
        &["makemigrations", "--default", "api_task.owner=x"],
        &["api_task.owner"],
    );
    folder.ok(&["makemigrations", "--default", "api_task.owner=1"]);
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn a_rename_is_asked_about_and_never_guessed() {
    let folder = Folder::with_app();
    folder.edit(MODELS, "pub title: String", "pub name: String");
    let flag = "--rename api_task.title:name";
    folder.refuses(3, &["makemigrations"], &["may have been renamed", flag]);
    folder.ok(&["makemigrations", "--rename", "api_task.title:name"]);
    let up = folder.read("migrations/sqlite/0003_api_rename_title_task_name_and_more.up.sql");
    assert!(up.contains("RENAME COLUMN \"title\" TO \"name\""), "{up}");
}

#[test]
fn data_is_not_destroyed_without_consent() {
    let folder = Folder::with_app();
    folder.edit(MODELS, COMPLETED, "");
    folder.edit(MODELS, "        #[sea_orm(default_value = false)]\n", "");
    folder.refuses(
        3,
        &["makemigrations"],
        &["! - Remove field completed", "--allow-destructive"],
    );
    folder.ok(&["makemigrations", "--allow-destructive"]);
}

#[test]
fn flags_that_name_nothing_are_refused() {
    let folder = Folder::with_app();
    for (flag, value, words) in [
        (
            "--rename",
            "title",
            ["`title` is not a rename", "OLD_TABLE:NEW_TABLE"],
        ),
        (
            "--rename",
            ":",
            ["`:` is not a rename", "OLD_TABLE:NEW_TABLE"],
        ),
        (
            "--rename",
            "api_task.titel:name",
            ["`api_task.titel`", "does not exist"],
        ),
        (
            "--rename",
            "api_tusk:api_task",
            ["`api_tusk`", "does not exist"],
        ),
        (
            "--no-rename",
            "title",
            ["`title` is not a rename", "OLD_TABLE:NEW_TABLE"],
        ),
        (
            "--default",
            "1",
            ["`1` is not a default", "TABLE.COLUMN=VALUE"],
        ),
        (
            "--default",
            "api_task.star=1",
            ["no column `api_task.star`", "database"],
        ),
        ("--name", "../x", ["`../x`", "lowercase"]),
    ] {
        folder.refuses(2, &["makemigrations", flag, value], &words);
    }
    folder.refuses(
        2,
        &["makemigrations", "--empty"],
        &["which app", "APP --empty"],
    );
}
