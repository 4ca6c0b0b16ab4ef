//! `startmodel APP MODEL FIELD...`: one model more, in files that are there.

use std::process::Command;

use crate::folder::Folder;

const FILES: [&str; 6] = ["admin", "models", "serializers", "tests", "urls", "views"];

fn words<'w>(start: &[&'w str], line: &'w str) -> Vec<&'w str> {
    start
        .iter()
        .copied()
        .chain(line.split_whitespace())
        .collect()
}

#[track_caller]
fn is_formatted(folder: &Folder, path: &str) {
    let checked = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .arg(folder.path(path))
        .output()
        .expect("rustfmt");
    let shown = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{shown}");
}

#[test]
fn a_model_comes_to_an_app_whatever_the_app_began_with() {
    for begun in ["", "--empty", "Product title:str:80 owner:fk:auth.User"] {
        let folder = Folder::with_project();
        folder.ok(&words(&["startapp", "shop"], begun));
        let before = FILES.map(|file| folder.path(format!("src/shop/{file}.rs")));
        let before = before.map(|path| std::fs::read_to_string(path).unwrap_or_default());
        let line = "Article name:str:50! tags:m2m:Label genre:enum:novel,poetry=novel + Label word:str:20 + Code value:slug";
        let told = folder.ok(&words(&["startmodel", "shop"], line));
        assert!(
            told.stderr
                .contains("Added Label and Article and Code to the app shop:"),
            "{told:?}"
        );
        for (file, before) in FILES.into_iter().zip(before) {
            let after = folder.read(&format!("src/shop/{file}.rs"));
            let lost = before
                .lines()
                .filter(|line| !line.starts_with("use ") && !after.contains(*line));
            let lost: Vec<_> = lost.collect();
            assert!(
                lost.iter()
                    .all(|line| line.contains("new()") || line.contains("_site")),
                "{lost:?}"
            );
            is_formatted(&folder, &format!("src/shop/{file}.rs"));
        }
        let made = folder.ok(&["makemigrations"]);
        for model in ["Article", "Label", "ArticleLabel"] {
            assert!(
                made.stderr.contains(&format!("+ Create model {model}")),
                "{made:?}"
            );
        }
        folder.ok(&words(
            &["startmodel", "shop"],
            "Order article:fk:Article? number:int! --explain",
        ));
        is_formatted(&folder, "src/shop/views.rs");
        folder.ok(&["makemigrations"]);
    }
}

#[test]
fn models_may_be_a_folder() {
    let folder = Folder::with_app();
    std::fs::create_dir(folder.path("src/api/models")).expect("a folder");
    let moved = std::fs::rename(
        folder.path("src/api/models.rs"),
        folder.path("src/api/models/mod.rs"),
    );
    moved.expect("a move");
    folder.ok(&["startmodel", "api", "Tag", "name:str"]);
    assert!(
        folder
            .read("src/api/models/mod.rs")
            .contains("pub mod tag {")
    );
    let made = folder.ok(&["makemigrations"]);
    assert!(made.stderr.contains("+ Create model Tag"), "{made:?}");
}

#[test]
fn what_does_not_fit_writes_nothing() {
    let folder = Folder::with_app();
    for (line, code, said) in [
        ("api Task title:str", 1, "it has a `task` already"),
        ("apy Tag name:str", 2, "did you mean api?"),
        ("auth Tag name:str", 2, "there is no app `auth`"),
        ("api Tag", 2, "has no column of its own"),
        ("api", 2, "you must say which model"),
        ("api Tag name:strr", 2, "did you mean str?"),
        ("api Tag task:fk:Tusk", 2, "there is no such model"),
    ] {
        folder.refuses(code, &words(&["startmodel"], line), &[said]);
    }
    folder.edit("src/api/urls.rs", "pub fn router()", "pub fn routes()");
    folder.refuses(
        1,
        &["startmodel", "api", "Tag", "name:str"],
        &["src/api/urls.rs"],
    );
}

#[test]
fn several_models_may_be_several_flags() {
    let folder = Folder::with_project();
    let arguments = [
        "--model",
        "Post title:str tags:m2m:Tag",
        "--model",
        "Tag name:str!",
        "--explain",
    ];
    let told = folder.ok(&[&["startapp", "blog"][..], &arguments].concat());
    for words in [
        "title:str",
        "pub title: String,",
        "!: no two rows have the same",
    ] {
        assert!(told.stderr.contains(words), "{words} in {told:?}");
    }
    assert!(
        folder
            .read("src/blog/models.rs")
            .contains("pub mod post_tag {")
    );
}
