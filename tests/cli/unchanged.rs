//! What was found to need no migration is remembered, and anything that differs is looked at anew.

use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

#[test]
fn only_what_was_seen_is_settled() {
    let (folder, cache) = (Folder::with_app(), Folder::new());
    let settled = cache.path("backsmith/settled");
    let run = |args: &[&str]| {
        let mut command = folder.command(args);
        let output = command.env("XDG_CACHE_HOME", cache.path("")).output();
        output.expect("the program starts").status.code()
    };
    let remembered = || {
        std::fs::read_to_string(&settled)
            .unwrap_or_default()
            .lines()
            .count()
    };
    assert_eq!(run(&["makemigrations", "--check"]), Some(0));
    assert_eq!(remembered(), 1);
    assert_eq!(run(&["makemigrations", "--check"]), Some(0));
    assert_eq!(remembered(), 1);

    // A wrong flag is still told, a new field is still found.
    let wrong = ["makemigrations", "--rename", "nothing:anything"];
    assert_eq!(run(&wrong), Some(2));
    folder.edit(
        MODELS,
        COMPLETED,
        &format!("{COMPLETED}        pub due: Option<Date>,\n"),
    );
    assert_eq!(run(&["makemigrations", "--check"]), Some(1));
    assert_eq!(run(&["makemigrations", "--dry-run"]), Some(0));
    assert_eq!(remembered(), 1, "a dry run settles nothing");
    assert_eq!(run(&["makemigrations"]), Some(0));
    assert_eq!(remembered(), 2);
    assert_eq!(run(&["makemigrations", "--check"]), Some(0));

    // What `--update` would take back is not settled by its dry run.
    folder.edit(
        MODELS,
        &format!("{COMPLETED}        pub due: Option<Date>,\n"),
        COMPLETED,
    );
    assert_eq!(run(&["makemigrations", "--update", "--dry-run"]), Some(0));
    let destroys = ["makemigrations", "--check", "--allow-destructive"];
    assert_eq!(run(&destroys), Some(1));
    assert_eq!(remembered(), 2);
    folder.edit(
        MODELS,
        COMPLETED,
        &format!("{COMPLETED}        pub due: Option<Date>,\n"),
    );

    // A migration that says something else than it did is looked at anew.
    folder.write("migrations/sqlite/0003_api_task_due.up.sql", "-- nothing\n");
    assert_eq!(run(&["makemigrations", "--check"]), Some(1));
}
