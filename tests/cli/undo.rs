//! `backsmith undo`: the last command's files, back as they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::folder::{Folder, Outcome, Tree};

/// A project whose user has a cache of their own.
fn folder() -> (Folder, Folder) {
    let (folder, cache) = (Folder::new(), Folder::new());
    run(&folder, &cache, &["startproject", "core", "."]);
    (folder, cache)
}

fn run(folder: &Folder, cache: &Folder, args: &[&str]) -> Outcome {
    let mut command = folder.command(args);
    let output = command.env("XDG_CACHE_HOME", cache.path("")).output();
    let output = output.expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    Outcome {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

#[track_caller]
fn ok(folder: &Folder, cache: &Folder, args: &[&str]) -> Outcome {
    let outcome = run(folder, cache, args);
    assert_eq!(outcome.code, Some(0), "{args:?}: {outcome:?}");
    outcome
}

/// A tree without the database.
fn files(folder: &Folder) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let tree: Tree = folder.tree();
    let is_database = |path: &PathBuf| path.to_string_lossy().contains("sqlite3");
    tree.into_iter()
        .filter(|(path, _)| !is_database(path))
        .collect()
}

#[test]
fn every_command_that_writes_is_taken_back() {
    let (folder, cache) = folder();
    let mut before = vec![files(&folder)];
    let commands: [&[&str]; 4] = [
        &["startapp", "api"],
        &["makemigrations"],
        &["add", "ci"],
        &["startapp", "blog", "Post"],
    ];
    for command in commands {
        ok(&folder, &cache, command);
        before.push(files(&folder));
    }
    for command in commands.iter().rev() {
        before.pop();
        let shown = ok(&folder, &cache, &["undo", "--dry-run"]);
        assert!(shown.stdout.contains("remove"), "{shown:?}");
        let undone = ok(&folder, &cache, &["undo", "--yes"]);
        assert!(undone.stderr.contains(&command.join(" ")), "{undone:?}");
        assert_eq!(Some(&files(&folder)), before.last(), "{command:?}");
    }
}

#[test]
fn what_was_changed_since_is_named_and_stays() {
    let (folder, cache) = folder();
    ok(&folder, &cache, &["startapp", "api"]);
    folder.edit(
        "src/core/urls.rs",
        "use restkit::Routes;",
        "// mine\nuse restkit::Routes;",
    );
    folder.write("src/api/models.rs", "// mine\n");
    let before = files(&folder);
    let refused = run(&folder, &cache, &["undo", "--yes"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("src/api/models.rs"), "{refused:?}");
    assert_eq!(files(&folder), before);
    ok(&folder, &cache, &["undo", "--yes", "--keep-changed"]);
    assert_eq!(folder.read("src/api/models.rs"), "// mine\n");
    assert!(!folder.path("src/api/views.rs").exists());
    let urls = folder.read("src/core/urls.rs");
    assert!(
        urls.contains("// mine") && !urls.contains("crate::api"),
        "{urls}"
    );
}

#[test]
fn nobody_is_asked_where_nobody_is() {
    let (folder, cache) = folder();
    ok(&folder, &cache, &["startapp", "api"]);
    let refused = run(&folder, &cache, &["undo"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    let refused = run(&folder, &cache, &["undo", "--json"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(3), ""));
    let json = ok(&folder, &cache, &["undo", "--yes", "--json"]);
    assert!(json.stdout.contains("\"action\": \"remove\""), "{json:?}");
    ok(&folder, &cache, &["startapp", "api"]);
    fs::remove_dir_all(cache.path("backsmith")).expect("a cache");
    let refused = run(&folder, &cache, &["undo", "--yes"]);
    assert!(
        refused.stderr.contains("nothing to take back"),
        "{refused:?}"
    );
}

#[test]
fn an_applied_migration_is_taken_back_in_the_database_first() {
    let (folder, cache) = folder();
    ok(&folder, &cache, &["startapp", "api"]);
    ok(&folder, &cache, &["makemigrations"]);
    ok(&folder, &cache, &["migrate"]);
    let refused = run(&folder, &cache, &["undo", "--yes"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("0002_api_initial` is applied"),
        "{refused:?}"
    );
    ok(&folder, &cache, &["migrate", "api", "zero"]);
    ok(&folder, &cache, &["undo", "--yes"]);
    assert!(
        !folder
            .path("migrations/sqlite/0002_api_initial.up.sql")
            .exists()
    );
}
