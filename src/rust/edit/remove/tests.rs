use super::*;
use crate::rust::edit::{add_installed_app, add_module, add_nest};

#[track_caller]
fn check(edited: Result<String>, expected: &str) {
    assert_eq!(edited.unwrap(), expected);
}

/// Files as `startproject` and `startapp` leave them, and as people write them.
#[test]
fn what_startapp_adds_can_be_taken_out_again() {
    let lib = "//! Mine.\n\npub mod core;\npub mod shop; // sells\n";
    let short = "pub fn installed_apps() -> Vec<App> {\n    vec![restkit::auth::app()]\n}\n";
    let long = "pub fn installed_apps() -> Vec<App> {\n    vec![\n        restkit::auth::app(),\n        // sells\n        crate::shop::app(),\n        crate::news::app(),\n    ]\n}\n";
    let routes =
        "pub fn routes() -> Routes {\n    Routes::new().get(\"/\", restkit::pages::welcome)\n}\n";
    let longer = "pub fn routes() -> Routes {\n    Routes::new()\n        .get(\"/\", restkit::pages::welcome)\n        .nest(\"/shop\", crate::shop::urls::router())\n        .nest(\"/very_long_name\", crate::very_long_name::urls::router())\n}\n";
    let once = |text: &str| add_module(text, "api").unwrap();
    check(remove_module(&once(lib), "api"), lib);
    check(remove_module(lib, "shop"), "//! Mine.\n\npub mod core;\n");
    for text in [short, long] {
        let added = add_installed_app(text, "crate::api::app()").unwrap();
        check(remove_installed_app(&added, "api"), text);
    }
    check(
        remove_installed_app(long, "shop"),
        "pub fn installed_apps() -> Vec<App> {\n    vec![restkit::auth::app(), crate::news::app()]\n}\n",
    );
    for text in [routes, longer] {
        let added = add_nest(text, "/api", "crate::api::urls::router()").unwrap();
        check(remove_nest(&added, "api"), text);
    }
}

#[test]
fn paths_lead_through_the_new_name() {
    let text = "use crate::api::models::task;\nuse crate::{api::urls, blog::api, api};\nfn f() { todo::api::g(); other::api::g(); println!(\"{}\", crate::api::H) }\n";
    let (renamed, count) = rename_module(text, &["crate", "todo"], "api", "tasks");
    assert_eq!(
        renamed,
        "use crate::tasks::models::task;\nuse crate::{tasks::urls, blog::api, tasks};\nfn f() { todo::tasks::g(); other::api::g(); println!(\"{}\", crate::tasks::H) }\n"
    );
    assert_eq!(count, 5);
    assert_eq!(lines_with_module(text, &["crate"], "api"), [1, 2, 2, 3]);
    let rename = |literal: &str| literal.replace("\"api_task\"", "\"tasks_task\"");
    assert_eq!(
        replace_literals(
            "#[a(name = \"api_task\")] struct A; // \"api_task\"\nconst B: &str = r#\"FROM \"api_task\"\"#;",
            rename
        ),
        "#[a(name = \"tasks_task\")] struct A; // \"api_task\"\nconst B: &str = r#\"FROM \"tasks_task\"\"#;"
    );
}
