//! Tables that people make in migrations of their own, for which there is no model.

use crate::folder::Folder;

/// A project whose last migration makes tables by hand.
fn project(sqlite: &str) -> Folder {
    let folder = Folder::with_app();
    for (dialect, up) in [("sqlite", sqlite), ("postgres", "SELECT 1;\n")] {
        let name = format!("migrations/{dialect}/0003_api_search");
        folder.write(&format!("{name}.up.sql"), up);
        folder.write(&format!("{name}.down.sql"), "SELECT 1;\n");
    }
    folder
}

fn add_field(folder: &Folder) {
    let before = "        pub completed: bool,\n";
    let after = format!("{before}        #[sea_orm(indexed)]\n        pub due: Option<Date>,\n");
    folder.edit("src/api/models.rs", before, &after);
}

#[test]
fn virtual_tables_and_their_shadows_are_nobodys_business() {
    let folder = project("CREATE VIRTUAL TABLE search USING fts5 (title);\n");
    folder.ok(&["makemigrations", "--check"]);
    add_field(&folder);
    folder.ok(&["makemigrations", "--no-input"]);
    folder.ok(&["migrate"]);
}

#[test]
fn a_table_stays_that_backsmith_toml_names() {
    let made =
        "CREATE TABLE zone (id integer PRIMARY KEY, task_id bigint REFERENCES api_task (id));\n";
    let folder = project(made);
    let hint = "[migrations] unmanaged = [\"zone\"]";
    let words = ["would destroy data", "Delete model Zone", hint];
    folder.refuses(3, &["makemigrations", "--no-input"], &words);

    let toml = folder.read("backsmith.toml");
    folder.write(
        "backsmith.toml",
        &format!("{toml}\n[migrations]\nunmanaged = [\"zone\"]\n"),
    );
    folder.ok(&["makemigrations", "--check"]);
    let migrated = folder.ok(&["migrate"]).stderr;
    assert!(!migrated.contains("have changes"), "{migrated}");
    add_field(&folder);
    folder.ok(&["makemigrations", "--no-input"]);

    // It goes on referring to a table that is called otherwise now.
    let models = folder.read("src/api/models.rs");
    folder.write("src/api/models.rs", &models.replace("api_task", "api_job"));
    folder.ok(&[
        "makemigrations",
        "--rename",
        "api_task:api_job",
        "-n",
        "job",
    ]);
    let up = folder.read("migrations/sqlite/0005_api_job.up.sql");
    assert!(!up.contains("zone"), "{up}");
    folder.ok(&["makemigrations", "--check"]);

    folder.write(
        "backsmith.toml",
        &format!("{toml}\n[migrations]\nunmanaged = \"zone\"\n"),
    );
    folder.refuses(1, &["makemigrations"], &["`unmanaged`", "not a list"]);
}
