use super::*;

#[track_caller]
fn check(edited: Result<String>, expected: &str) {
    assert_eq!(edited.unwrap(), expected);
}

#[track_caller]
fn refused(edited: Result<String>, why: &str) {
    let error = edited.unwrap_err();
    assert!(format!("{error:#}").contains(why), "{error:#}");
}

#[test]
fn modules_keep_rustfmts_order() {
    let text = "//! Mine.\n\npub mod core; // settings\npub mod shop;\n\nfn f() {}\n";
    check(
        add_module(text, "api"),
        "//! Mine.\n\npub mod api;\npub mod core; // settings\npub mod shop;\n\nfn f() {}\n",
    );
    check(
        add_module("pub mod core;\npub mod shop;\n", "news"),
        "pub mod core;\npub mod news;\npub mod shop;\n",
    );
    check(
        add_module("pub mod core;\n", "shop"),
        "pub mod core;\npub mod shop;\n",
    );
}

#[test]
fn a_module_goes_above_the_first_items_comment() {
    check(
        add_module("//! Doc.\n\n// About core.\npub mod core;\n", "api"),
        "//! Doc.\n\npub mod api;\n// About core.\npub mod core;\n",
    );
    check(add_module("//! Doc.\n", "api"), "//! Doc.\npub mod api;\n");
    check(
        add_module("fn f() {}\n", "api"),
        "pub mod api;\n\nfn f() {}\n",
    );
}

#[test]
fn line_endings_stay() {
    check(
        add_module("pub mod core;\r\npub mod shop;\r\n", "news"),
        "pub mod core;\r\npub mod news;\r\npub mod shop;\r\n",
    );
}

#[test]
fn a_module_is_not_declared_twice() {
    refused(
        add_module("mod api { }", "api"),
        "declares a module `api` already",
    );
}

fn settings(list: &str) -> String {
    format!("fn installed_apps() -> Vec<App> {{\n    {list}\n}}\n")
}

#[test]
fn apps_are_added_as_rustfmt_lays_them_out() {
    check(
        add_installed_app(&settings("vec![restkit::auth::app()]"), "crate::api::app()"),
        &settings("vec![restkit::auth::app(), crate::api::app()]"),
    );
    check(
        add_installed_app(&settings("vec![]"), "crate::api::app()"),
        &settings("vec![crate::api::app()]"),
    );
    check(
        add_installed_app(
            &settings("vec![restkit::auth::app(), crate::api::app()]"),
            "crate::library::app()",
        ),
        &settings(
            "vec![\n        restkit::auth::app(),\n        crate::api::app(),\n        crate::library::app(),\n    ]",
        ),
    );
}

#[test]
fn comments_in_the_list_stay() {
    check(
        add_installed_app(
            &settings(
                "vec![\n        // accounts\n        restkit::auth::app(), // ours\n        // more to come\n    ]",
            ),
            "crate::api::app()",
        ),
        &settings(
            "vec![\n        // accounts\n        restkit::auth::app(), // ours\n        crate::api::app(),\n        // more to come\n    ]",
        ),
    );
}

#[test]
fn apps_are_read_back() {
    let text = settings("vec![restkit::auth::app(), crate::api::app().admin(x)]");
    assert_eq!(
        installed_apps(&text).unwrap(),
        [["restkit", "auth", "app"], ["crate", "api", "app"]]
    );
}

#[test]
fn a_list_that_cannot_be_read_is_refused() {
    refused(
        add_installed_app("fn other() {}", "x"),
        "no function `installed_apps()`",
    );
    refused(
        add_installed_app(&settings("Vec::new()"), "x"),
        "does not end in a `vec![...]`",
    );
    refused(add_installed_app("fn installed_apps() {", "x"), "line 1");
    refused(
        installed_apps(&settings("vec![api]")).map(|_| String::new()),
        "line 2, column 10: this is no app",
    );
}

fn urls(chain: &str) -> String {
    format!("pub fn routes() -> Routes {{\n    {chain}\n}}\n")
}

#[test]
fn routes_are_nested_at_the_end_of_the_chain() {
    let chain = "Routes::new()\n        .route(\"/\", get(welcome)) // hello\n        .nest(\"/admin\", restkit::admin::routes())";
    check(
        add_nest(&urls(chain), "/api", "crate::api::urls::router()"),
        &urls(&format!(
            "{chain}\n        .nest(\"/api\", crate::api::urls::router())"
        )),
    );
    check(
        add_nest(&urls("Routes::new()"), "/a", "crate::a::router()"),
        &urls("Routes::new().nest(\"/a\", crate::a::router())"),
    );
    check(
        add_nest(
            &urls("Routes::new().nest(\"/a\", crate::a::router())"),
            "/b",
            "crate::b::router()",
        ),
        &urls(
            "Routes::new()\n        .nest(\"/a\", crate::a::router())\n        .nest(\"/b\", crate::b::router())",
        ),
    );
}

#[test]
fn routes_that_return_nothing_are_refused() {
    refused(
        add_nest("fn routes() { x(); }", "/a", "a()"),
        "does not end in an expression",
    );
}
