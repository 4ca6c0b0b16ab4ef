//! `makemigrations --update`: the last migration, written anew.

use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";
const DUE: &str = "        pub due: Option<Date>,\n";

/// A project whose third migration adds `due`; its models have `note`, too.
fn project() -> Folder {
    let folder = Folder::with_app();
    folder.edit(MODELS, COMPLETED, &format!("{COMPLETED}{DUE}"));
    folder.ok(&["makemigrations"]);
    let note = format!("{DUE}        pub author: Option<String>,\n");
    folder.edit(MODELS, DUE, &note);
    folder
}

fn sqlite(folder: &Folder) -> Vec<String> {
    let tree = folder.tree();
    let files = tree
        .keys()
        .filter(|path| path.starts_with("migrations/sqlite"));
    let names = files.filter_map(|path| path.file_name()?.to_str()?.strip_suffix(".up.sql"));
    names.map(str::to_owned).collect()
}

#[test]
fn both_changes_are_in_one_migration() {
    let folder = project();
    folder.ok(&["makemigrations", "--update"]);
    let expected = [
        "0001_auth_initial",
        "0002_api_initial",
        "0003_api_task_due_task_author",
    ];
    assert_eq!(sqlite(&folder), expected);
    folder.ok(&["makemigrations", "--check"]);
    let again = folder.ok(&["makemigrations", "--update"]);
    assert!(again.stderr.contains("No changes detected"), "{again:?}");
    folder.ok(&["migrate"]);
}

#[test]
fn a_change_that_was_taken_back_leaves_no_migration() {
    let folder = project();
    folder.edit(
        MODELS,
        &format!("{DUE}        pub author: Option<String>,\n"),
        "",
    );
    folder.ok(&["makemigrations", "--update"]);
    assert_eq!(sqlite(&folder), ["0001_auth_initial", "0002_api_initial"]);
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn what_a_database_has_is_not_touched() {
    let folder = project();
    folder.ok(&["migrate"]);
    let words = ["already", "backsmith migrate 0002"];
    folder.refuses(1, &["makemigrations", "--update"], &words);
    folder.ok(&["migrate", "0002"]);
    folder.ok(&["makemigrations", "--update"]);
}

#[test]
fn what_was_written_by_hand_is_not_lost() {
    let folder = project();
    let file = "migrations/sqlite/0003_api_task_due.up.sql";
    folder.write(
        file,
        &format!(
            "{}\nUPDATE api_task SET due = '2030-01-01';\n",
            folder.read(file)
        ),
    );
    folder.refuses(
        1,
        &["makemigrations", "--update"],
        &["0003_api_task_due", "by hand"],
    );
}
