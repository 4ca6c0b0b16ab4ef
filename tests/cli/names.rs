//! Which names are accepted, and that those give Rust that parses.

use std::path::Path;

use backsmith::name::{AppName, ProjectName};
use backsmith::plan::{Plan, Step};
use backsmith::scaffold::project::{self, NewProject};
use proptest::prelude::*;

use crate::folder::Folder;

#[test]
fn bad_names_are_refused_with_a_better_one() {
    let folder = Folder::with_project();
    for (name, words) in [
        ("fn", ["`fn`", "keyword", "`my_fn`"]),
        ("type", ["`type`", "keyword", "`my_type`"]),
        ("self", ["`self`", "keyword", "`my_self`"]),
        ("gen", ["`gen`", "keyword", "`my_gen`"]),
        ("test", ["`test`", "Cargo", "`my_test`"]),
        ("main", ["`main`", "Cargo", "`my_main`"]),
        ("std", ["`std`", "crate", "`my_std`"]),
        ("restkit", ["`restkit`", "crate", "`my_restkit`"]),
        ("nul", ["`nul`", "Windows", "`my_nul`"]),
        ("My-Shop", ["`My-Shop`", "snake_case", "`my_shop`"]),
        ("../up", ["`../up`", "snake_case", "`up`"]),
        ("1st", ["`1st`", "snake_case", "a letter first"]),
        ("", ["``", "snake_case", "a letter first"]),
        ("schön", ["`schön`", "snake_case", "a letter first"]),
    ] {
        folder.refuses(1, &["startproject", name], &words);
        folder.refuses(1, &["startapp", name], &words);
    }
    folder.refuses(1, &["startapp", "core"], &["`core`", "`my_core`"]);
    folder.refuses(1, &["startapp", "admin"], &["`admin`", "`my_admin`"]);
    let long = "a".repeat(41);
    folder.refuses(1, &["startapp", &long], &[&long, "40"]);
}

/// None of these may become a path, a line of a message or a folder.
#[test]
fn hostile_names_are_refused_in_every_place_for_a_name() {
    let folder = Folder::with_project();
    for name in [
        " ",
        "a b",
        "a.b",
        "a::b",
        "_x",
        "x_",
        "a__b",
        ".",
        "..",
        "../x",
        "x/y",
        "x\\y",
        "/x",
        "~",
        "naïve",
        "日本",
        "x\ny",
        "x\u{1b}[31m",
        "х",
        "Self",
        "super",
        "crate",
        "async",
        "try",
        "alloc",
        "proc_macro",
        "lib",
        "bin",
        "build",
        "tests",
        "examples",
        "serde",
        "sea_orm",
        "con",
    ] {
        let shown = format!("`{}`", name.escape_debug());
        for args in [
            &["startapp", name][..],
            &["startproject", name],
            &["startproject", name, "."],
            &["startproject", name, "new/folder"],
            &["startproject", "site", "new/folder", "--app", name],
        ] {
            let outcome = folder.refuses(1, args, &[&shown, "name"]);
            assert_eq!(outcome.stdout, "", "{name:?}");
        }
    }
}

#[test]
fn a_first_app_needs_a_name() {
    let folder = Folder::new();
    let words = ["`` is not a valid app name"];
    folder.refuses(1, &["startproject", "site", "--app", ""], &words);
}

#[test]
fn very_long_names() {
    let folder = Folder::with_project();
    for length in [41, 255, 5000] {
        let name = "a".repeat(length);
        let words = [&*format!("{length} characters are more than 40"), "shorter"];
        folder.refuses(1, &["startapp", &name], &words);
        folder.refuses(1, &["startproject", &name], &words);
    }
    folder.ok(&["startapp", &"a".repeat(40)]);
}

#[test]
fn a_leading_dash_makes_a_flag() {
    let folder = Folder::with_project();
    for command in ["startapp", "startproject"] {
        let before = folder.tree();
        let outcome = folder.run(&[command, "-x"]);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains("'-x'"), "{outcome:?}");
        assert!(folder.tree() == before);
        folder.refuses(1, &[command, "--", "-x"], &["`-x`", "snake_case"]);
    }
}

#[test]
fn a_project_may_be_called_core() {
    let folder = Folder::new();
    folder.ok(&["startproject", "core"]);
    assert!(
        folder
            .read("core/Cargo.toml")
            .contains("name = \"core_project\"")
    );
}

proptest! {
    /// Any accepted name gives a tree whose Rust and TOML parse.
    #[test]
    fn accepted_names_give_trees_that_parse(
        project in "[a-z_][a-z0-9_]{0,12}|core|main|fn",
        app in "[a-z_][a-z0-9_]{0,12}|core|main|fn",
        folder in "[a-zA-Z0-9._ éß-]{1,12}|core|test|std|CON",
    ) {
        let (Ok(name), Ok(app)) = (project.parse::<ProjectName>(), app.parse::<AppName>()) else {
            return Ok(());
        };
        prop_assume!(project != app.as_ref());
        let new = NewProject {
            name,
            root: Path::new("/").join(folder),
            database: backsmith::scaffold::answers::Database::Sqlite,
            app: Some(app),
            templates: None,
        };
        let plan = project::plan(&new, &[], "secret").expect("a plan");
        parses(&plan)?;
    }
}

fn parses(plan: &Plan) -> Result<(), TestCaseError> {
    for step in &plan.steps {
        let Step::Create { path, contents, .. } = step else {
            return Err(TestCaseError::fail(format!("{step:?} is not a new file")));
        };
        let text = String::from_utf8_lossy(contents);
        let shown = path.display();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => {
                prop_assert!(syn::parse_file(&text).is_ok(), "{shown}: {text}");
            }
            Some("toml" | "lock") => {
                let parsed = text.parse::<toml_edit::DocumentMut>();
                prop_assert!(parsed.is_ok(), "{shown}: {parsed:?}: {text}");
            }
            _ => prop_assert!(!text.contains("{="), "{shown} has an unfilled hole"),
        }
    }
    Ok(())
}
