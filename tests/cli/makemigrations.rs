//! `makemigrations`, from the models' source to the files.

use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

#[test]
fn two_apps_may_both_have_a_task() {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "api"]);
    folder.ok(&["startapp", "blog"]);
    folder.ok(&["makemigrations"]);
    for (file, table) in [
        ("0002_api_initial", "api_task"),
        ("0003_blog_initial", "blog_task"),
    ] {
        for dialect in ["sqlite", "postgres"] {
            let up = folder.read(&format!("migrations/{dialect}/{file}.up.sql"));
            assert!(up.contains(&format!("CREATE TABLE \"{table}\"")), "{up}");
            let down = folder.read(&format!("migrations/{dialect}/{file}.down.sql"));
            assert!(down.contains(&format!("DROP TABLE \"{table}\"")), "{down}");
        }
    }
    let again = folder.ok(&["makemigrations", "--check"]);
    assert!(again.stderr.contains("No changes detected"), "{again:?}");
}

#[test]
fn a_new_field_is_one_migration_and_a_second_run_finds_nothing() {
    let folder = Folder::with_app();
    folder.edit(
        MODELS,
        COMPLETED,
        &format!("{COMPLETED}        pub due: Option<Date>,\n"),
    );
    let outcome = folder.refuses_check();
    assert!(outcome.contains("+ Add field due to task"), "{outcome}");
    folder.ok(&["makemigrations"]);
    let up = folder.read("migrations/postgres/0003_api_task_due.up.sql");
    assert!(
        up.contains("ALTER TABLE \"api_task\" ADD COLUMN \"due\" date"),
        "{up}"
    );
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn the_same_change_gives_the_same_bytes() {
    let files = || {
        let folder = Folder::with_app();
        let tree = folder.tree();
        let migrations = tree
            .into_iter()
            .filter(|(path, _)| path.starts_with("migrations"));
        migrations.collect::<Vec<_>>()
    };
    assert!(files() == files());
}

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
    let up = folder.read("migrations/sqlite/0003_api_rename_title_task_name.up.sql");
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
fn mistakes_are_told_with_file_line_and_column() {
    let at = |line: &str, mistake: &str, words: &[&str]| {
        let folder = Folder::with_app();
        folder.edit(MODELS, line, mistake);
        folder.refuses(1, &["makemigrations"], words);
    };
    at(
        "pub struct Model {",
        "pub struct Model",
        &["src/api/models.rs:"],
    );
    at(
        "default_value = false",
        "defalt_value = false",
        &[
            "src/api/models.rs:18:19",
            "unknown attribute `defalt_value`",
            "default_value",
        ],
    );
    at(
        COMPLETED,
        &format!("{COMPLETED}        pub extra: HashMap<i32, i32>,\n"),
        &["src/api/models.rs:20:20", "HashMap", "String"],
    );
}

#[test]
fn only_the_named_app() {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "api"]);
    folder.ok(&["startapp", "blog"]);
    folder.ok(&["makemigrations", "blog"]);
    assert!(
        folder
            .path("migrations/sqlite/0002_blog_initial.up.sql")
            .exists()
    );
    folder.refuses(2, &["makemigrations", "shop"], &["'shop'"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "api"]);
    let before = folder.tree();
    let shown = folder.ok(&["makemigrations", "--dry-run"]);
    assert!(shown.stdout.contains("0002_api_initial"), "{shown:?}");
    assert!(folder.tree() == before);
}

impl Folder {
    /// `makemigrations --check`, which has to find something and write nothing.
    fn refuses_check(&self) -> String {
        let before = self.tree();
        let outcome = self.run(&["makemigrations", "--check"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(self.tree() == before);
        outcome.stderr
    }
}

#[test]
fn programs_read_json() {
    let folder = Folder::with_app();
    let nothing = folder.ok(&["makemigrations", "--json"]).stdout;
    assert_eq!(nothing, "{\"migrations\":[]}\n");
    folder.edit(MODELS, COMPLETED, "");
    folder.edit(MODELS, "        #[sea_orm(default_value = false)]\n", "");
    let found = folder
        .ok(&["makemigrations", "--json", "--allow-destructive"])
        .stdout;
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let migration = &found["migrations"][0];
    assert_eq!(migration["app"], "api");
    assert_eq!(migration["name"], "0003_api_remove_task_completed");
    assert_eq!(migration["operations"][0]["destroys_data"], true);
}
