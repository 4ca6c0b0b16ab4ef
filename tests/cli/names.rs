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
            database: project::Database::Sqlite,
            app: Some(app),
        };
        let plan = project::plan(&new, "secret").expect("a plan");
        parses(&plan)?;
    }
}

fn parses(plan: &Plan) -> Result<(), TestCaseError> {
    for step in &plan.steps {
        let Step::Create { path, contents, .. } = step else {
            return Err(TestCaseError::fail(format!("{step:?} is no new file")));
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
