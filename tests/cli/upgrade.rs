//! `backsmith upgrade`: a project of any release becomes one of this program, and keeps what its people have changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use backsmith::scaffold::answers::{Answers, Database};
use backsmith::scaffold::parts::Part;
use backsmith::scaffold::project::{files, package_of};
use backsmith::upgrade::release;

use crate::folder::Folder;

const KIT: &str = "restkit/src/rest/viewset.rs";

/// A folder with a project as the release made it.
fn released(version: &str, parts: &[Part]) -> Folder {
    let folder = Folder::new();
    let answers = Answers {
        module: "core".to_owned(),
        package: package_in(&folder),
        database: Database::Sqlite,
        parts: parts.to_vec(),
    };
    let templates = release::find(version)
        .expect("an archive")
        .expect("a release");
    let secret = "s".repeat(60);
    for file in files(&templates, version, &answers, &secret).expect("a tree") {
        let text = String::from_utf8(file.contents).expect("a text");
        folder.write(&file.path.display().to_string(), &text);
    }
    folder
}

/// The package that `startproject` makes in a folder.
fn package_in(folder: &Folder) -> String {
    let root = folder.path("").canonicalize().expect("a folder");
    package_of(&root).expect("a package")
}

/// The texts of a project but for secrets and the name of its package, which follows from the folder.
fn texts(folder: &Folder) -> BTreeMap<PathBuf, String> {
    let package = package_in(folder);
    let crate_name = package.replace('-', "_");
    let tree = folder.tree().into_iter();
    let files = tree.filter(|(path, _)| folder.path(path).is_file());
    let files = files.filter(|(path, _)| !path.ends_with(".env"));
    files
        .map(|(path, (_, contents))| {
            let text = String::from_utf8(contents).expect("a text");
            (
                path,
                text.replace(&package, "PACKAGE")
                    .replace(&crate_name, "PACKAGE"),
            )
        })
        // Digests and sorted packages follow from the name.
        .filter(|(path, _)| !path.ends_with("Cargo.lock") && !path.ends_with("backsmith.lock"))
        .collect()
}

#[test]
fn an_untouched_project_of_each_release_becomes_a_new_one() {
    for version in release::versions() {
        let folder = released(&version, &[]);
        let checked = folder.run(&["upgrade", "--check"]);
        let is_current = version == env!("CARGO_PKG_VERSION");
        assert_eq!(
            checked.code,
            Some(i32::from(!is_current)),
            "{version}: {checked:?}"
        );
        let before = folder.tree();
        folder.ok(&["upgrade", "--dry-run"]);
        assert_eq!(folder.tree(), before, "{version}");
        folder.ok(&["upgrade"]);
        assert_eq!(texts(&folder), texts(&Folder::with_project()), "{version}");
        let twice = folder.ok(&["upgrade"]);
        assert!(
            twice.stderr.contains("Nothing to do"),
            "{version}: {twice:?}"
        );
        folder.ok(&["upgrade", "--check"]);
    }
}

#[test]
fn what_people_have_changed_stays() {
    let folder = released("0.1.0", &[]);
    folder.ok(&["startapp", "api"]);
    let kit = folder.read(KIT);
    folder.write(
        KIT,
        &format!("{kit}\n/// A patch of ours.\npub fn patched() {{}}\n"),
    );
    folder.edit(
        "Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nrand = \"0.9\"\n",
    );
    fs::remove_file(folder.path("restkit/src/rest/lists.rs")).expect("a file");
    folder.write("notes.txt", "mine\n");
    let done = folder.ok(&["upgrade"]);
    assert!(folder.read(KIT).contains("pub fn patched() {}"));
    assert!(folder.read("Cargo.toml").contains("rand = \"0.9\""));
    assert!(
        folder
            .read("src/core/settings.rs")
            .contains("crate::api::app()")
    );
    assert_eq!(folder.read("notes.txt"), "mine\n");
    assert!(
        !folder.path("restkit/src/rest/lists.rs").exists(),
        "{done:?}"
    );
    assert!(folder.path("restkit/src/diagram.rs").is_file());
    folder.ok(&["makemigrations"]);
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn the_same_lines_are_a_conflict_that_writes_nothing() {
    let old = "//! The routes of a site, as a list that can be nested, shown and served.";
    let path = "restkit/src/server.rs";
    let edited = || {
        let folder = released("0.1.0", &[]);
        folder.edit(path, ".merge(pages::static_files())", ".merge(ours())");
        folder
    };
    let folder = edited();
    assert!(folder.read("restkit/src/site/routes.rs").starts_with(old));
    let before = folder.tree();
    let refused = folder.refuses(
        3,
        &["upgrade"],
        &[path, "--conflict=markers", ".merge(ours())"],
    );
    assert!(!refused.stderr.contains("panicked"));
    assert_eq!(folder.tree(), before);
    folder.refuses(1, &["upgrade", "--check"], &["files would become"]);
    let json = folder.run(&["upgrade", "--json"]);
    assert!(json.stdout.contains("\"conflicts\": ["), "{json:?}");
    for (choice, has, has_not) in [
        ("mine", ".merge(ours())", "diagram::pages::routes(site)"),
        ("theirs", "diagram::pages::routes(site)", ".merge(ours())"),
        ("markers", "<<<<<<< yours", "\u{0}"),
    ] {
        let folder = edited();
        folder.ok(&["upgrade", "--conflict", choice]);
        let text = folder.read(path);
        assert!(
            text.contains(has) && !text.contains(has_not),
            "{choice}: {text}"
        );
    }
}

#[test]
fn ends_of_lines_and_places_are_the_projects() {
    let folder = released("0.1.0", &[]);
    let windows = |text: String| text.replace('\n', "\r\n");
    for path in ["restkit/src/server.rs", KIT] {
        folder.write(path, &windows(folder.read(path)));
    }
    fs::create_dir(folder.path("vendor")).expect("a folder");
    fs::rename(folder.path("restkit"), folder.path("vendor/restkit")).expect("a move");
    folder.edit(
        "Cargo.toml",
        "path = \"restkit\"",
        "path = \"vendor/restkit\"",
    );
    folder.edit(
        "Cargo.toml",
        "members = [\"restkit\"]",
        "members = [\"vendor/restkit\"]",
    );
    folder.ok(&["upgrade"]);
    let server = folder.read("vendor/restkit/src/server.rs");
    assert!(server.contains("diagram::pages::routes(site)"), "{server}");
    assert_eq!(server.matches('\n').count(), server.matches("\r\n").count());
    let new = fs::read_to_string(format!("templates/project/{KIT}")).expect("a template");
    assert_eq!(folder.read(&format!("vendor/{KIT}")), windows(new));
    assert!(folder.path("vendor/restkit/src/diagram.rs").is_file());
    assert!(!folder.path("restkit").exists());
}

#[test]
fn parts_come_along() {
    let folder = released("0.1.0", &[Part::Docker, Part::Metrics]);
    folder.ok(&["upgrade"]);
    let lock = folder.read("backsmith.lock");
    assert!(lock.contains("parts = [\"docker\"]"), "{lock}");
    assert!(lock.contains("\"Dockerfile\" = "), "{lock}");
    assert!(
        folder
            .read("Cargo.toml")
            .contains("features = [\"metrics\"]")
    );
    folder.ok(&["add", "ci"]);
    assert!(
        folder
            .read("backsmith.lock")
            .contains("parts = [\"docker\", \"ci\"]")
    );
    let twice = folder.ok(&["upgrade"]);
    assert!(twice.stderr.contains("Nothing to do"), "{twice:?}");
}

#[test]
fn what_cannot_be_upgraded_is_refused_in_words() {
    let folder = Folder::with_project();
    let lock = folder.read("backsmith.lock");
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    folder.write(
        "backsmith.lock",
        &lock.replace(&version, "version = \"9.0.0\""),
    );
    folder.refuses(
        1,
        &["upgrade"],
        &["made by backsmith 9.0.0", "newer program"],
    );
    folder.write("backsmith.lock", "broken");
    folder.refuses(1, &["upgrade"], &["backsmith.lock` cannot be read"]);
    // Without a lock the files say which release it was; without these nothing does.
    fs::remove_file(folder.path("backsmith.lock")).expect("a file");
    let found = folder.ok(&["upgrade"]);
    assert!(found.stderr.contains("+ backsmith.lock"), "{found:?}");
    fs::remove_file(folder.path("backsmith.lock")).expect("a file");
    for room in [
        "rest",
        "admin",
        "pages",
        "serializer",
        "site",
        "db",
        "query",
    ] {
        fs::remove_dir_all(folder.path(format!("restkit/src/{room}"))).expect("a folder");
    }
    folder.refuses(1, &["upgrade"], &["not known", "0.1.0"]);
}
