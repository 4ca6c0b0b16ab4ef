//! Whole trees, kept in `snapshots/` and read by people. `BACKSMITH_BLESS=1 cargo test golden`
//! writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::folder::Folder;

#[test]
fn golden_project() {
    compare("project", &Folder::with_project());
}

#[test]
fn golden_two_apps() {
    let folder = Folder::with_project();
    for app in ["api", "blog"] {
        folder.ok(&["startapp", app]);
        folder.ok(&["makemigrations"]);
    }
    compare("two_apps", &folder);
}

/// restkit is copied, not rendered: there is nothing to read that is not in `templates/`.
#[test]
fn restkit_is_copied_whole() {
    let folder = Folder::with_project();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/project/restkit/src");
    let copied = text_files(&folder.path("restkit/src"));
    let expected = text_files(&root);
    let expected = expected.into_iter().map(|(path, text)| {
        let path = path.display().to_string();
        (PathBuf::from(path.trim_end_matches(".tera")), text)
    });
    assert!(copied == expected.collect());
}

fn compare(name: &str, folder: &Folder) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(name);
    let made: BTreeMap<PathBuf, String> = text_files(&folder.path("."))
        .into_iter()
        .filter(|(path, _)| {
            !path.starts_with("restkit") && path.extension().is_none_or(|it| it != "lock")
        })
        .map(|(path, text)| (visible(&path), timeless(folder, &text)))
        .collect();
    if std::env::var_os("BACKSMITH_BLESS").is_some() {
        return bless(&golden, &made);
    }
    let kept = text_files(&golden);
    let paths = |files: &BTreeMap<PathBuf, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&made), paths(&kept), "the files of snapshots/{name}");
    for (path, text) in &made {
        let shown = diffy::create_patch(&kept[path], text);
        assert!(
            shown.hunks().is_empty(),
            "snapshots/{name}/{}:\n{shown}",
            path.display()
        );
    }
}

fn bless(golden: &Path, made: &BTreeMap<PathBuf, String>) {
    // It may be missing.
    let _ = fs::remove_dir_all(golden);
    for (path, text) in made {
        let path = golden.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
}

/// Git would obey a `.gitignore` here and hide a `.env`.
fn visible(path: &Path) -> PathBuf {
    let name = |part: &std::ffi::OsStr| {
        let part = part.to_string_lossy();
        match part.strip_prefix('.') {
            Some(rest) => format!("dot-{rest}"),
            None => part.into_owned(),
        }
    };
    path.iter().map(name).collect()
}

/// Without what differs from run to run: the secret, and the package that is called as the folder.
fn timeless(folder: &Folder, text: &str) -> String {
    let manifest = folder.read("Cargo.toml");
    let package = manifest
        .split("name = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let package = package.expect("a package");
    let text = text
        .replace(package, "my_project")
        .replace(&package.replace('-', "_"), "my_project");
    let lines = text
        .split_inclusive('\n')
        .map(|line| match line.strip_prefix("SECRET_KEY=") {
            Some(_) if !line.trim_end().ends_with('=') => "SECRET_KEY=secret\n",
            _ => line,
        });
    lines.collect()
}

fn text_files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let files = WalkDir::new(folder).into_iter();
    let files = files.filter_entry(|entry| entry.file_name() != ".git");
    let files = files.flatten().filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("a path below");
        (
            path.to_owned(),
            fs::read_to_string(entry.path()).expect("a text"),
        )
    };
    files.map(read).collect()
}
