//! `renamed_from` in models: done once, and known on every machine.

use crate::database::{execute, texts};
use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

/// `renamed_from` stays in the models: on another machine, which remembers nothing, it is done.
#[test]
fn names_that_were_swapped_stay_so() {
    let folder = Folder::with_app();
    let fields = "        pub a: Option<i32>,\n        pub b: Option<i32>,\n";
    folder.edit(MODELS, COMPLETED, &format!("{COMPLETED}{fields}"));
    folder.ok(&["makemigrations"]);
    let swapped = "        #[sea_orm(renamed_from = \"b\")]\n        pub a: Option<i32>,\n        #[sea_orm(renamed_from = \"a\")]\n        pub b: Option<i32>,\n";
    folder.edit(MODELS, fields, swapped);
    folder.ok(&["makemigrations"]);
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate"]);
}

/// A name that was given on may come back.
#[test]
fn a_name_comes_back_after_a_chain_of_renames() {
    let folder = Folder::with_app();
    let fields = "        pub a: Option<i32>,\n        pub b: Option<i32>,\n";
    folder.edit(MODELS, COMPLETED, &format!("{COMPLETED}{fields}"));
    folder.ok(&["makemigrations"]);
    let chain = "        #[sea_orm(renamed_from = \"a\")]\n        pub b: Option<i32>,\n        #[sea_orm(renamed_from = \"b\")]\n        pub c: Option<i32>,\n";
    folder.edit(MODELS, fields, chain);
    folder.ok(&["makemigrations"]);
    folder.edit(
        MODELS,
        COMPLETED,
        &format!("{COMPLETED}        pub a: Option<i32>,\n"),
    );
    let made = folder.ok(&["makemigrations"]);
    assert!(made.stdout.contains("task_a"), "{made:?}");
    folder.ok(&["makemigrations", "--check"]);
}

const TABLE: &str = "#[sea_orm(table_name = \"api_task\")]";

#[test]
fn a_table_says_what_it_was_called() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    let database = folder.path("db.sqlite3");
    execute(&database, "INSERT INTO api_task (title) VALUES ('kept')");
    let todo = "#[sea_orm(table_name = \"api_todo\")]\n    #[sea_orm(renamed_from = \"api_task\")]";
    folder.edit(MODELS, TABLE, todo);
    let made = folder.ok(&["makemigrations", "--no-input"]);
    assert!(
        made.stderr.contains("~ Rename table for task to api_todo"),
        "{made:?}"
    );
    folder.ok(&["migrate"]);
    assert_eq!(texts(&database, "SELECT title FROM api_todo"), ["kept"]);
    // The word may stay, and the name may come back for another model.
    folder.ok(&["makemigrations", "--check"]);
    let models = folder.read(MODELS);
    let other = models[models.find("pub mod task").expect("a model")..].to_owned();
    let other = other
        .replace("pub mod task", "pub mod other")
        .replace(todo, TABLE);
    folder.write(MODELS, &format!("{models}\n{other}"));
    let made = folder.ok(&["makemigrations", "--no-input"]);
    assert!(made.stderr.contains("+ Create model Other"), "{made:?}");
    folder.ok(&["migrate"]);
    assert_eq!(texts(&database, "SELECT title FROM api_todo"), ["kept"]);
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn tables_swap_their_names() {
    let folder = Folder::with_app();
    let models = folder.read(MODELS);
    let other = models[models.find("pub mod task").expect("a model")..].to_owned();
    let other = other
        .replace("pub mod task", "pub mod other")
        .replace("api_task", "api_other")
        .replace(
            "        pub completed: bool,\n",
            "        pub completed: bool,\n        pub more: Option<i32>,\n",
        );
    folder.write(MODELS, &format!("{models}\n{other}"));
    folder.ok(&["makemigrations", "--no-input"]);
    folder.ok(&["migrate"]);
    let database = folder.path("db.sqlite3");
    execute(&database, "INSERT INTO api_task (title) VALUES ('task')");
    let both = folder.read(MODELS);
    let swapped = both
        .replace(
            "table_name = \"api_task\")]",
            "table_name = \"api_OTHER\")]\n    #[sea_orm(renamed_from = \"api_task\")]",
        )
        .replace(
            "table_name = \"api_other\")]",
            "table_name = \"api_task\")]\n    #[sea_orm(renamed_from = \"api_other\")]",
        )
        .replace("api_OTHER", "api_other");
    folder.write(MODELS, &swapped);
    folder.ok(&["makemigrations", "--no-input"]);
    folder.ok(&["migrate"]);
    assert_eq!(texts(&database, "SELECT title FROM api_other"), ["task"]);
    folder.ok(&["makemigrations", "--check"]);
}
