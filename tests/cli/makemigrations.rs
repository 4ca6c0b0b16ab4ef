//! `makemigrations`, from the models' source to the files.

use serde_json::json;

use crate::database::execute;
use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

#[test]
fn two_apps_may_both_have_a_task() {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "api"]);
    folder.ok(&["startapp", "blog", "Task"]);
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

/// A long script is replayed in parts, and what follows a column up to the semicolon is said in a
/// comment.
#[test]
fn a_long_migration_keeps_the_comments_of_its_columns() {
    let folder = Folder::with_app();
    let field = |number| {
        format!(
            "        #[sea_orm(comment = \"-- {number}\", index = \"(f{number} DESC)\")]\n        pub f{number}: Option<i32>,\n"
        )
    };
    let fields: String = (0..40).map(field).collect();
    folder.edit(MODELS, COMPLETED, &format!("{COMPLETED}{fields}"));
    folder.ok(&["makemigrations"]);
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

#[test]
fn without_changes_it_says_so() {
    let folder = Folder::with_app();
    for (args, words) in [
        (&["makemigrations"][..], "No changes detected\n"),
        (&["makemigrations", "--dry-run"], "No changes detected\n"),
        (
            &["makemigrations", "api"],
            "No changes detected in app 'api'\n",
        ),
        (
            &["makemigrations", "api", "auth"],
            "No changes detected in apps 'api', 'auth'\n",
        ),
    ] {
        let outcome = folder.shows(args);
        assert_eq!(
            (&*outcome.stdout, &*outcome.stderr),
            ("", words),
            "{args:?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let folder = Folder::with_app();
    let fields = "        pub one: Eins,\n        pub two: Zwei,\n";
    folder.edit(MODELS, COMPLETED, &format!("{COMPLETED}{fields}"));
    folder.refuses(
        1,
        &["makemigrations"],
        &["`Eins`", "`Zwei`", "DateTimeUtc", "Uuid"],
    );
}

#[test]
fn an_unknown_column_type_is_told_which_there_are() {
    let folder = Folder::with_app();
    folder.edit(MODELS, "\"String(StringLen::N(200))\"", "\"Words\"");
    let words = ["src/api/models.rs:16", "`Words`", "Text", "Decimal"];
    folder.refuses(1, &["makemigrations"], &words);
}

#[test]
fn a_migration_by_hand_is_part_of_the_history() {
    let folder = Folder::with_app();
    folder.ok(&["makemigrations", "api", "--empty", "--name", "stars"]);
    let migration = "migrations/sqlite/0003_api_stars.up.sql";
    folder.write(
        migration,
        "ALTER TABLE api_task ADD COLUMN stars integer;\n",
    );
    let stars = format!("{COMPLETED}        pub stars: Option<i32>,\n");
    folder.edit(MODELS, COMPLETED, &stars);
    folder.ok(&["makemigrations", "--check"]);
    folder.write(migration, "ALTER TABLE nowhere ADD COLUMN stars integer;\n");
    let words = [
        migration,
        "when the history is replayed",
        "no such table: nowhere",
    ];
    folder.refuses(1, &["makemigrations"], &words);
}

#[test]
fn a_history_with_gaps_is_named() {
    let folder = Folder::with_app();
    folder.write("migrations/sqlite/0002_api_other.up.sql", "");
    let words = [
        "0002_api_initial and 0002_api_other",
        "two branches were merged",
    ];
    folder.refuses(1, &["makemigrations"], &words);
    let folder = Folder::with_app();
    let file = "migrations/postgres/0002_api_initial.up.sql";
    std::fs::remove_file(folder.path(file)).expect("removed");
    folder.refuses(
        1,
        &["makemigrations"],
        &["0002_api_initial", &format!("add {file}")],
    );
    let folder = Folder::with_app();
    folder.write("migrations/sqlite/first.up.sql", "");
    folder.refuses(
        1,
        &["makemigrations"],
        &["first.up.sql", "does not begin with a number"],
    );
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
fn apps_that_half_belong_to_the_project_are_named() {
    let folder = Folder::with_app();
    let quiet = folder.ok(&["makemigrations"]);
    assert!(!quiet.stderr.contains("warning"), "{}", quiet.stderr);
    folder.edit(
        "src/core/settings.rs",
        "vec![restkit::auth::app(), crate::api::app()]",
        "vec![restkit::auth::app()]",
    );
    let loose = folder.ok(&["makemigrations", "--dry-run", "--allow-destructive"]);
    let words = "`src/api` has models and is not installed, so they get no migrations: add \
                 `crate::api::app()` to installed_apps() in `src/core/settings.rs`";
    assert!(loose.stderr.contains(words), "{}", loose.stderr);

    let folder = Folder::with_app();
    folder.edit(
        "src/core/urls.rs",
        ".nest(\"/api\", crate::api::urls::router())",
        "",
    );
    let loose = folder.ok(&["makemigrations"]);
    let words = "the routes of the app `api` are not nested, so nobody reaches them: add \
                 `.nest(\"/api\", crate::api::urls::router())` in `src/core/urls.rs`";
    assert!(loose.stderr.contains(words), "{}", loose.stderr);
}

#[test]
fn programs_read_json() {
    let folder = Folder::with_app();
    let nothing = folder.ok(&["makemigrations", "--json"]).stdout;
    let nothing: serde_json::Value = serde_json::from_str(&nothing).expect("JSON");
    let expected = json!({ "migrations": [], "steps": [], "written": false, "next": [] });
    assert_eq!(nothing, expected);
    folder.edit(MODELS, COMPLETED, "");
    folder.edit(MODELS, "        #[sea_orm(default_value = false)]\n", "");
    let arguments = ["makemigrations", "--json", "--allow-destructive"];
    let previewed = folder.shows(&[&arguments[..], &["--dry-run"]].concat());
    let previewed: serde_json::Value = serde_json::from_str(&previewed.stdout).expect("JSON");
    let found = folder.ok(&arguments).stdout;
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found["steps"], previewed["steps"]);
    assert_eq!(
        (&found["written"], &previewed["written"]),
        (&json!(true), &json!(false))
    );
    let migration = &found["migrations"][0];
    assert_eq!(migration["app"], "api");
    assert_eq!(migration["name"], "0003_api_remove_task_completed");
    assert_eq!(migration["operations"][0]["destroys_data"], true);
}

/// A value for a foreign key is the key of a row that exists, where the database at hand knows.
#[test]
fn a_reference_for_existing_rows_leads_to_a_row() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    let sqlite = |sql: &str| execute(&folder.path("db.sqlite3"), sql);
    sqlite(
        "INSERT INTO auth_user (id, password, username, date_joined) VALUES (7, '!', 'ada', '2026-01-01 00:00:00+00:00')",
    );
    folder.edit(
        MODELS,
        COMPLETED,
        &format!(
            "{COMPLETED}        #[sea_orm(indexed)]\n        pub owner_id: i64,
        #[sea_orm(belongs_to, from = \"owner_id\", to = \"id\")]
        pub owner: BelongsTo<restkit::auth::models::user::Entity>,\n"
        ),
    );
    let with = |key: &str| format!("api_task.owner_id={key}");
    // An empty table takes any.
    folder.shows(&["makemigrations", "--dry-run", "--default", &with("99")]);
    sqlite("INSERT INTO api_task (title) VALUES ('Learn')");
    let words = [
        "`api_task.owner_id` cannot be 99",
        "`auth_user` has no row with this `id`",
    ];
    folder.refuses(2, &["makemigrations", "--default", &with("99")], &words);
    folder.ok(&["makemigrations", "--default", &with("7")]);
    folder.ok(&["migrate"]);
}

#[test]
fn an_app_alone_is_not_torn_from_what_it_needs() {
    let folder = Folder::with_app();
    folder.ok(&["startapp", "shop", "Item"]);
    let field = "        pub completed: bool,\n        #[sea_orm(indexed)]\n        pub item_id: Option<i64>,\n        \
                 #[sea_orm(belongs_to, from = \"item_id\", to = \"id\", on_delete = \"SetNull\")]\n        \
                 pub item: HasOne<crate::shop::models::item::Entity>,\n";
    folder.edit("src/api/models.rs", "        pub completed: bool,\n", field);
    let hint = "backsmith makemigrations api shop";
    folder.refuses(
        2,
        &["makemigrations", "api"],
        &["`api` need those of `shop`", "`shop_item`", hint],
    );
    folder.ok(&["makemigrations", "shop"]);
    folder.ok(&["makemigrations", "api"]);
    folder.ok(&["migrate"]);
}

#[test]
fn nothing_empties_what_may_not_be_empty() {
    let folder = Folder::with_app();
    let field = "        pub completed: bool,\n        #[sea_orm(indexed, default_value = 1)]\n        pub owner_id: i64,\n        \
                 #[sea_orm(belongs_to, from = \"owner_id\", to = \"id\", on_delete = \"SetNull\")]\n        \
                 pub owner: HasOne<restkit::auth::models::user::Entity>,\n";
    folder.edit("src/api/models.rs", "        pub completed: bool,\n", field);
    let words = [
        "on_delete = \"SetNull\" empties `Task.owner_id`",
        "src/api/models.rs:",
    ];
    folder.refuses(1, &["makemigrations"], &words);
}
