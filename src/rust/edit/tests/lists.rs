//! Lists of apps.

use super::*;

pub(super) fn settings(list: &str) -> String {
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
        "line 2, column 10: this is not an app",
    );
}

#[test]
fn lists_of_all_shapes_take_another_app() {
    for (list, expected) in [
        ("vec![a::app(),]", "vec![a::app(), crate::b::app()]"),
        ("vec![ ]", "vec![crate::b::app()]"),
        ("vec!(a::app())", "vec!(a::app(), crate::b::app())"),
        ("vec![\n    ]", "vec![\n        crate::b::app(),\n    ]"),
        (
            "vec![\n        a::app() // last\n    ]",
            "vec![\n        a::app(), // last\n        crate::b::app(),\n    ]",
        ),
        (
            "vec![\n        a::app().admin(|site| {\n            site;\n        }),\n    ]",
            "vec![\n        a::app().admin(|site| {\n            site;\n        }),\n        crate::b::app(),\n    ]",
        ),
        (
            "vec![a::app() /* a */, /* b */]",
            "vec![a::app() /* a */, crate::b::app() /* b */]",
        ),
        ("vec![/* none */]", "vec![/* none */ crate::b::app()]"),
        (
            "vec![\n        a::app() /* a */, // b\n    ]",
            "vec![\n        a::app() /* a */, // b\n        crate::b::app(),\n    ]",
        ),
        (
            "vec![restkit::auth::app(), crate::api::app(\"a, b\"), /* c */]",
            "vec![\n        restkit::auth::app(),\n        crate::api::app(\"a, b\"), /* c */\n        crate::b::app(),\n    ]",
        ),
        (
            "let x = 1;\n    vec![a::app()]",
            "let x = 1;\n    vec![a::app(), crate::b::app()]",
        ),
    ] {
        check(
            add_installed_app(&settings(list), "crate::b::app()"),
            &settings(expected),
        );
    }
}
