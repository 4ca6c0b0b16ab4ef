//! Two branches of version control, each with a migration of the same number.

use std::fs;

use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

/// A project in which both branches have changed the models from `from` and have been merged; the
/// database is on the first one.
fn merged(from: &str, ours: &str, theirs: &str, both: &str) -> Folder {
    let folder = Folder::with_app();
    let models = folder.read(MODELS);
    let branch = |change: &str| {
        folder.write(MODELS, &models.replace(from, change));
        folder.ok(&["makemigrations", "--allow-destructive"]);
        let new = folder.tree().into_iter().filter(|(path, _)| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with("0003")
        });
        let new: Vec<_> = new.map(|(path, (_, text))| (path, text)).collect();
        for (path, _) in &new {
            fs::remove_file(folder.path(path)).expect("removed");
        }
        new
    };
    let (ours, theirs) = (branch(ours), branch(theirs));
    let put = |files: &[(std::path::PathBuf, Vec<u8>)]| {
        for (path, text) in files {
            fs::write(folder.path(path), text).expect("written");
        }
    };
    put(&ours);
    folder.ok(&["migrate"]);
    put(&theirs);
    folder.write(MODELS, &models.replace(from, both));
    folder
}

#[test]
fn the_branch_that_is_not_applied_comes_second() {
    let due = format!("{COMPLETED}        pub due: Option<Date>,\n");
    let note = format!("{COMPLETED}        pub author: Option<String>,\n");
    let both = format!("{due}        pub author: Option<String>,\n");
    let folder = merged(COMPLETED, &due, &note, &both);

    for command in [
        &["makemigrations"][..],
        &["migrate"],
        &["showmigrations"],
        &["sqlmigrate", "3"],
    ] {
        folder.refuses(
            1,
            command,
            &["have the number 0003", "makemigrations --merge"],
        );
    }
    let before = folder.tree();
    folder.ok(&["makemigrations", "--merge", "--dry-run"]);
    assert!(folder.tree() == before);

    let merged = folder.ok(&["makemigrations", "--merge"]);
    // By name the other one would come first.
    assert_eq!(
        merged.stdout,
        "0003_api_task_author -> 0004_api_task_author\n"
    );
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate"]);
    let list = folder.ok(&["showmigrations"]).stdout;
    assert!(
        list.contains("[X] 0003_task_due\n [X] 0004_task_author\n"),
        "{list}"
    );
    let again = folder.ok(&["makemigrations", "--merge"]);
    assert!(
        again.stderr.contains("No conflicts detected to merge."),
        "{again:?}"
    );
}

#[test]
fn branches_that_contradict_each_other_are_refused() {
    let due = format!("{COMPLETED}        pub due: Option<Date>,\n");
    let more =
        format!("{COMPLETED}        pub due: Option<Date>,\n        pub end: Option<Date>,\n");
    let folder = merged(COMPLETED, &due, &more, &more);
    folder.refuses(
        1,
        &["makemigrations", "--merge"],
        &["contradict", "0003_api_task_due"],
    );
}

/// A rebuild that was written without the other branch's column would lose it.
#[test]
fn a_rebuild_does_not_lose_the_other_branchs_column() {
    let due = format!("{COMPLETED}        pub due: Option<Date>,\n");
    let text = "        pub completed: Option<bool>,\n".to_owned();
    let folder = merged(COMPLETED, &due, &text, &due);
    let words = ["contradict", "0003_api_task_due", "makemigrations"];
    folder.refuses(1, &["makemigrations", "--merge"], &words);
}

/// As when a migration was renamed on one branch: which of the two is to go must be said.
#[test]
fn a_migration_under_two_names_is_told() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    for dialect in ["sqlite", "postgres"] {
        for direction in ["up", "down"] {
            let file = |name| format!("migrations/{dialect}/0002_api_{name}.{direction}.sql");
            folder.write(&file("renamed"), &folder.read(&file("initial")));
        }
    }
    let words = [
        "0002_api_initial and 0002_api_renamed do not give the same",
        "delete 0002_api_renamed and run",
    ];
    folder.refuses(1, &["makemigrations", "--merge"], &words);
}

/// Whoever has the migration that was renumbered has it under its old number.
#[test]
fn the_database_of_the_other_branch_goes_on() {
    let due = format!("{COMPLETED}        pub due: Option<Date>,\n");
    let author = format!("{COMPLETED}        pub author: Option<String>,\n");
    let both = format!("{due}        pub author: Option<String>,\n");
    let folder = merged(COMPLETED, &due, &author, &both);
    folder.ok(&["makemigrations", "--merge"]);
    let theirs = format!("sqlite://{}", folder.path("theirs.sqlite3").display());
    let theirs = theirs.as_str();
    // The tree of the other one, before it was merged.
    let files = |number: &str, name: &str| {
        let up = format!("migrations/sqlite/{number}_{name}.up.sql");
        let down = format!("migrations/sqlite/{number}_{name}.down.sql");
        [up, down].map(|file| folder.path(file))
    };
    let away = files("0003", "api_task_due").map(|file| {
        let hidden = file.with_extension("hidden");
        fs::rename(&file, &hidden).expect("renamed");
        (file, hidden)
    });
    let moved = files("0004", "api_task_author");
    let early = files("0003", "api_task_author");
    for (from, to) in moved.iter().zip(&early) {
        fs::rename(from, to).expect("renamed");
    }
    folder.ok(&["migrate", "--database-url", theirs]);
    for (from, to) in moved.iter().zip(&early) {
        fs::rename(to, from).expect("renamed");
    }
    for (file, hidden) in &away {
        fs::rename(hidden, file).expect("renamed");
    }
    folder.refuses(
        1,
        &["migrate", "--check", "--database-url", theirs],
        &["1 migration is not applied"],
    );
    let migrated = folder.ok(&["migrate", "--database-url", theirs]);
    assert!(
        migrated
            .stderr
            .contains("Migration 0003 is api.0004_task_author now"),
        "{migrated:?}"
    );
    folder.ok(&["migrate", "--check", "--database-url", theirs]);
    folder.ok(&["migrate", "zero", "--database-url", theirs]);
}
