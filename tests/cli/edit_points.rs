//! `startapp` where the user's files are not as they were made: odd, moved, broken or gone.

use crate::folder::Folder;

#[test]
fn where_a_line_cannot_be_placed_it_is_shown() {
    let folder = Folder::with_project();
    folder.edit("src/core/urls.rs", "pub fn routes", "pub fn all_routes");
    let words = [
        "src/core/urls.rs",
        ".nest(\"/shop\", crate::shop::urls::router())",
    ];
    folder.refuses(1, &["startapp", "shop"], &words);

    let folder = Folder::with_project();
    folder.edit("src/lib.rs", "pub mod core;", "pub mod core");
    folder.refuses(1, &["startapp", "shop"], &["src/lib.rs", "line", "column"]);
}

#[test]
fn odd_formatting_stays() {
    let folder = Folder::with_project();
    for (file, before, came) in [
        (
            "src/lib.rs",
            "#[doc(hidden)] pub   mod core ; // tight\nmod zoo; /* odd */\nfn f( ) { }",
            "pub mod api;",
        ),
        (
            "src/core/settings.rs",
            "use restkit::*;\npub fn installed_apps()->Vec<App>{ vec![ // all of them\n\t\
             restkit::auth::app(),   // first\n\n\t/* last */ ] }\nfn  other( ) { }",
            "crate::api::app(),",
        ),
        (
            "src/core/urls.rs",
            "fn routes() -> Routes { // here\n  let base = Routes::new() ;\n  base\n    \
             . get(\"/\", x) }\n",
            ".nest(\"/api\", crate::api::urls::router())",
        ),
    ] {
        folder.write(file, before);
        let project = folder.path("src/api");
        folder.ok(&["startapp", "api"]);
        let after = folder.read(file);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            words(&after.replacen(came, "", 1)),
            words(before),
            "{after}"
        );
        assert_eq!(after.ends_with('\n'), before.ends_with('\n'), "{after}");
        std::fs::remove_dir_all(project).expect("removed");
        let all = Folder::with_project();
        for file in ["src/lib.rs", "src/core/settings.rs", "src/core/urls.rs"] {
            folder.write(file, &all.read(file));
        }
    }
}

#[test]
fn links_and_permissions_of_edited_files_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with_project();
    let lib = folder.path("src/lib.rs");
    std::fs::rename(&lib, folder.path("real.rs")).expect("moved");
    symlink("../real.rs", &lib).expect("a link");
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(folder.path("real.rs"), mode).expect("a mode");
    folder.ok(&["startapp", "api"]);
    assert!(lib.is_symlink());
    assert!(folder.read("real.rs").contains("pub mod api;"));
    let mode = folder.path("real.rs").metadata().expect("metadata");
    assert_eq!(mode.permissions().mode() & 0o777, 0o640);
}

#[test]
fn settings_without_an_edit_point() {
    for (from, to, words) in [
        ("vec![", "Vec::from([", ["line 9", "valid Rust"]),
        (
            "vec![restkit::auth::app()]",
            "Vec::new()",
            ["vec![...]", "crate::api::app()"],
        ),
        (
            "fn installed_apps",
            "fn apps",
            ["no function `installed_apps()`", "crate::api::app()"],
        ),
        ("App> {", "App> {{", ["line 7", "valid Rust"]),
    ] {
        let folder = Folder::with_project();
        folder.edit("src/core/settings.rs", from, to);
        let words = [&words[..], &["src/core/settings.rs"]].concat();
        folder.refuses(1, &["startapp", "shop"], &words);
        folder.refuses(1, &["startapp", "shop", "--dry-run"], &words);
    }
}

#[test]
fn routes_without_an_edit_point() {
    let folder = Folder::with_project();
    let (from, to) = ("openapi::routes())", "openapi::routes());");
    folder.edit("src/core/urls.rs", from, to);
    let line = ".nest(\"/shop\", crate::shop::urls::router())";
    let words = ["src/core/urls.rs", line, "does not end in an expression"];
    folder.refuses(1, &["startapp", "shop"], &words);
}

#[test]
fn files_that_are_missing_or_no_text_are_named() {
    for file in ["src/lib.rs", "src/core/settings.rs", "src/core/urls.rs"] {
        let folder = Folder::with_project();
        std::fs::write(folder.path(file), b"// na\xefve\n").expect("written");
        let words = [file, "save it as such in your editor"];
        folder.refuses(1, &["startapp", "shop"], &words);
        std::fs::remove_file(folder.path(file)).expect("removed");
        folder.refuses(1, &["startapp", "shop"], &[file, "No such file"]);
    }
}

#[test]
fn models_and_migrations_that_are_no_text_are_named() {
    for file in [
        "src/api/models.rs",
        "migrations/sqlite/0002_api_initial.up.sql",
    ] {
        let folder = Folder::with_app();
        std::fs::write(folder.path(file), b"-- na\xefve\n").expect("written");
        folder.refuses(1, &["makemigrations"], &[file, "save it as such"]);
    }
}

#[test]
fn a_broken_project_file_is_named() {
    let folder = Folder::with_project();
    for (file, text, word) in [
        ("Cargo.toml", "[package\n", "line 1"),
        ("Cargo.toml", "[workspace]\n", "names no package"),
        ("backsmith.toml", "[project\n", "line 1"),
        ("backsmith.toml", "", "does not say where the settings are"),
        (
            "backsmith.toml",
            "[project]\nmodule = 1\n",
            "does not say where the settings are",
        ),
        (
            "backsmith.toml",
            "[project]\nmodule = \"site\"\n",
            "src/site/settings.rs",
        ),
    ] {
        folder.write(file, text);
        folder.refuses(1, &["startapp", "shop"], &[file, word]);
        let whole = Folder::with_project();
        folder.write(file, &whole.read(file));
    }
}
