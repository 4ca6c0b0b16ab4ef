//! `startapp` in projects of all kinds.

use crate::folder::Folder;

#[test]
fn an_app_is_wired_into_what_the_user_has_written() {
    let folder = Folder::with_project();
    folder.edit(
        "src/core/settings.rs",
        "    vec![restkit::auth::app()]",
        "    // Ours come last.\n    vec![\n        restkit::auth::app(), // accounts\n    ]",
    );
    folder.edit(
        "src/lib.rs",
        "pub mod core;",
        "pub mod core;\n// The end of the modules.",
    );
    folder.ok(&["startapp", "shop"]);
    let settings = folder.read("src/core/settings.rs");
    assert!(settings.contains("// Ours come last.\n"), "{settings}");
    assert!(
        settings.contains("restkit::auth::app(), // accounts\n"),
        "{settings}"
    );
    assert!(
        settings.contains("        crate::shop::app(),\n"),
        "{settings}"
    );
    let urls = folder.read("src/core/urls.rs");
    assert!(
        urls.contains(".nest(\"/shop\", crate::shop::urls::router())"),
        "{urls}"
    );
    let lib = folder.read("src/lib.rs");
    assert!(lib.contains("pub mod shop;"), "{lib}");
    assert!(lib.contains("// The end of the modules."), "{lib}");
}

/// The label of an app begins the names of its migrations, and one may begin like another.
#[test]
fn no_migration_is_taken_for_that_of_another_app() {
    let due = "        pub completed: bool,\n        pub due: Option<Date>,\n";
    let add = |folder: &Folder| {
        let models = "src/api/models.rs";
        folder.edit(models, "        pub completed: bool,\n", due);
        folder.ok(&["makemigrations"]);
    };
    let folder = Folder::with_app();
    folder.ok(&["startapp", "api_task"]);
    folder.ok(&["makemigrations"]);
    add(&folder);
    let listed = folder.ok(&["showmigrations"]).stdout;
    assert!(
        listed.contains("api\n [ ] 0002_initial\n [ ] 0004_to_task_due\n"),
        "{listed}"
    );
    folder.ok(&["migrate"]);

    let folder = Folder::with_app();
    add(&folder);
    let words = ["0003_api_task_due", "`api_task`"];
    folder.refuses(1, &["startapp", "api_task"], &words);
}

#[test]
fn windows_line_endings_stay() {
    let folder = Folder::with_project();
    let crlf = folder.read("src/lib.rs").replace('\n', "\r\n");
    folder.write("src/lib.rs", &crlf);
    folder.ok(&["startapp", "shop"]);
    let lib = folder.read("src/lib.rs");
    assert!(lib.contains("pub mod shop;\r\n"), "{lib:?}");
    assert_eq!(lib.matches('\n').count(), lib.matches("\r\n").count());
}

#[test]
fn an_app_that_exists_or_clashes() {
    let folder = Folder::with_app();
    folder.refuses(
        1,
        &["startapp", "api"],
        &["`api` is installed already", "src/api"],
    );
    folder.write("src/tools.rs", "");
    folder.refuses(
        1,
        &["startapp", "tools"],
        &["`src/tools.rs` exists already"],
    );
    folder.write(
        "src/lib.rs",
        &format!("{}\nmod inline {{}}\n", folder.read("src/lib.rs")),
    );
    folder.refuses(1, &["startapp", "inline"], &["`inline`"]);
}

#[test]
fn outside_a_project() {
    let folder = Folder::new();
    folder.refuses(1, &["startapp", "shop"], &["startproject"]);
}

#[test]
fn from_a_folder_within_the_project() {
    let folder = Folder::with_project();
    let mut command = folder.command(&["startapp", "shop"]);
    let status = command.current_dir(folder.path("src/core")).status();
    assert!(status.is_ok_and(|status| status.success()));
    assert!(folder.path("src/shop/models.rs").exists());
}

#[test]
fn a_dry_run_shows_the_differences() {
    let folder = Folder::with_project();
    let before = folder.tree();
    let shown = folder.ok(&["startapp", "shop", "--dry-run"]).stdout;
    assert!(shown.contains("create src/shop/models.rs"), "{shown}");
    assert!(shown.contains("+ pub mod shop;"), "{shown}");
    assert!(folder.tree() == before);
}

#[test]
fn a_missing_folder_of_an_installed_app_is_named() {
    let folder = Folder::with_app();
    std::fs::remove_dir_all(folder.path("src/api")).expect("removed");
    for command in [&["check"][..], &["makemigrations"], &["startapp", "shop"]] {
        folder.refuses(1, command, &["`api` has no folder `src/api`"]);
    }
}

#[test]
fn apps_stay_in_the_order_in_which_they_came() {
    let folder = Folder::with_project();
    for app in ["shop", "api", "blog"] {
        folder.ok(&["startapp", app]);
    }
    let lib = folder.read("src/lib.rs");
    let modules = "pub mod api;\npub mod blog;\npub mod core;\npub mod shop;\n";
    assert!(lib.contains(modules), "{lib}");
    let settings = folder.read("src/core/settings.rs");
    let list = "restkit::auth::app(),\n        crate::shop::app(),\n        crate::api::app(),\n        \
        crate::blog::app(),\n    ]";
    assert!(settings.contains(list), "{settings}");
    let urls = folder.read("src/core/urls.rs");
    let nest = |app| urls.find(&format!(".nest(\"/{app}\", crate::{app}::urls::router())"));
    assert!(
        nest("shop") < nest("api") && nest("api") < nest("blog"),
        "{urls}"
    );
}

#[test]
fn an_app_begins_with_the_model_that_is_named() {
    let folder = Folder::with_app();
    folder.ok(&["startapp", "blog", "LogEntry"]);
    let models = folder.read("src/blog/models.rs");
    assert!(models.contains("pub mod log_entry {"), "{models}");
    assert!(
        models.contains("table_name = \"blog_log_entry\""),
        "{models}"
    );
    let urls = folder.read("src/blog/urls.rs");
    assert!(
        urls.contains("register::<LogEntryViewSet>(\"log-entries\")"),
        "{urls}"
    );
    for file in ["admin", "serializers", "tests", "urls", "views"] {
        let text = folder.read(&format!("src/blog/{file}.rs"));
        assert!(!text.to_lowercase().contains("task"), "{file}: {text}");
    }
    folder.refuses(
        1,
        &["startapp", "shop", "post"],
        &["'post' is not a valid model name"],
    );
    folder.refuses(1, &["startapp", "shop", "Type"], &["a keyword of Rust"]);
}

/// Only the first app has the tutorial's Task.
#[test]
fn a_second_app_is_not_another_task() {
    let folder = Folder::with_app();
    folder.ok(&["startapp", "entries"]);
    let models = folder.read("src/entries/models.rs");
    assert!(models.contains("pub mod entry {"), "{models}");
}

#[test]
fn an_empty_app_has_the_files_and_no_model() {
    let folder = Folder::with_app();
    folder.ok(&["startapp", "blog", "--empty"]);
    for file in ["admin", "models", "serializers", "urls", "views"] {
        let text = folder.read(&format!("src/blog/{file}.rs"));
        assert!(!text.to_lowercase().contains("task\""), "{file}: {text}");
    }
    let nothing = folder.ok(&["makemigrations"]);
    assert!(
        nothing.stderr.contains("No changes detected"),
        "{nothing:?}"
    );
}
