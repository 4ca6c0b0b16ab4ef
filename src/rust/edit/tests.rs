mod lists;

use super::*;

use lists::settings;

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
fn a_module_goes_behind_the_last_that_comes_before_it() {
    let text = "pub mod api;\npub mod core;\npub mod shop;\n";
    check(add_module(text, "zoo"), &format!("{text}pub mod zoo;\n"));
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

fn urls(chain: &str) -> String {
    format!("pub fn routes() -> Routes {{\n    {chain}\n}}\n")
}

#[test]
fn a_comment_stays_with_its_route() {
    let nested = |chain: &str| add_nest(&urls(chain), "/api", "crate::api::urls::router()");
    check(
        nested("Routes::new()\n        .nest(\"/a\", a()) // about a"),
        &urls(
            "Routes::new()\n        .nest(\"/a\", a()) // about a\n        \
             .nest(\"/api\", crate::api::urls::router())",
        ),
    );
    check(
        nested("Routes::new() // nothing yet"),
        &urls("Routes::new() // nothing yet\n        .nest(\"/api\", crate::api::urls::router())"),
    );
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

#[test]
fn letters_of_more_than_one_byte_move_nothing() {
    check(
        add_module(
            "//! Größe: 日本 🦀\n\npub mod core; // ü\npub mod zoo;\n",
            "shop",
        ),
        "//! Größe: 日本 🦀\n\npub mod core; // ü\npub mod shop;\npub mod zoo;\n",
    );
    check(
        add_installed_app(
            &settings("/* 🦀 */ vec![\n        restkit::auth::app(), // Zähler\n    ]"),
            "crate::api::app()",
        ),
        &settings(
            "/* 🦀 */ vec![\n        restkit::auth::app(), // Zähler\n        crate::api::app(),\n    ]",
        ),
    );
    check(
        add_nest(&urls("/* ü */ Routes::new()"), "/a", "crate::a::router()"),
        &urls("/* ü */ Routes::new().nest(\"/a\", crate::a::router())"),
    );
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    check(
        add_module("\u{feff}pub mod core;\npub mod zoo;\n", "shop"),
        "\u{feff}pub mod core;\npub mod shop;\npub mod zoo;\n",
    );
    check(
        add_module("\u{feff}pub mod core;\n", "api"),
        "\u{feff}pub mod api;\npub mod core;\n",
    );
    let marked = format!("\u{feff}{}", settings("vec![restkit::auth::app()]"));
    let expected = settings("vec![restkit::auth::app(), crate::api::app()]");
    check(
        add_installed_app(&marked, "crate::api::app()"),
        &format!("\u{feff}{expected}"),
    );
    let marked = format!("\u{feff}{}", urls("Routes::new()"));
    let expected = urls("Routes::new().nest(\"/a\", crate::a::router())");
    check(
        add_nest(&marked, "/a", "crate::a::router()"),
        &format!("\u{feff}{expected}"),
    );
}

#[test]
fn attributes_and_visibility_of_modules_stay() {
    check(
        add_module("mod core; /* a */\n", "shop"),
        "mod core; /* a */\npub mod shop;\n",
    );
    check(
        add_module("#![allow(x)]\n\n#[cfg(a)]\nmod core;\n\nuse x;\n", "shop"),
        "#![allow(x)]\n\n#[cfg(a)]\nmod core;\npub mod shop;\n\nuse x;\n",
    );
    check(
        add_module(
            "#![allow(x)]\n\n/// Doc.\n#[cfg(a)]\npub mod core;\n",
            "api",
        ),
        "#![allow(x)]\n\npub mod api;\n/// Doc.\n#[cfg(a)]\npub mod core;\n",
    );
    check(
        add_module("#![allow(x)]\n\nuse std::fmt;\n\nfn f() {}\n", "api"),
        "#![allow(x)]\n\npub mod api;\n\nuse std::fmt;\n\nfn f() {}\n",
    );
}

#[test]
fn a_module_in_a_block_is_no_place_for_another() {
    check(
        add_module("mod a {\n    mod inner;\n}\n", "shop"),
        "pub mod shop;\n\nmod a {\n    mod inner;\n}\n",
    );
}

#[test]
fn a_raw_name_is_the_same_module() {
    refused(
        add_module("pub mod r#api;", "api"),
        "declares a module `api` already",
    );
}

#[test]
fn line_endings_of_lists_and_chains_stay() {
    let crlf = |text: String| text.replace('\n', "\r\n");
    check(
        add_installed_app(
            &crlf(settings("vec![\n        a::app(), // first\n    ]")),
            "crate::b::app()",
        ),
        &crlf(settings(
            "vec![\n        a::app(), // first\n        crate::b::app(),\n    ]",
        )),
    );
    let long = "crate::a_rather_long_name_of_an_app::urls::router()";
    check(
        add_nest(&crlf(urls("Routes::new().get(\"/\", welcome)")), "/a", long),
        &crlf(urls(&format!(
            "Routes::new()\n        .get(\"/\", welcome)\n        .nest(\"/a\", {long})"
        ))),
    );
}

#[test]
fn whatever_is_added_can_be_read_back() {
    for list in [
        "vec![]",
        "vec![\n    ]",
        "vec![a::app()]",
        "vec![a::app(), /* b */]",
    ] {
        let mut text = settings(list);
        let before = installed_apps(&text).unwrap().len();
        for name in ["one", "two", "three", "four"] {
            text = add_installed_app(&text, &format!("crate::{name}::app()")).unwrap();
        }
        let names = installed_apps(&text).unwrap();
        let names: Vec<_> = names[before..]
            .iter()
            .map(|path| path[1].as_str())
            .collect();
        assert_eq!(names, ["one", "two", "three", "four"], "{text}");
    }
}

/// Code that an addition would change in meaning is refused.
#[test]
fn an_edit_adds_and_changes_nothing_else() {
    let long = "restkit::auth::app() /* ] */, crate::a_longer_name::app() /* , */, /* last */";
    check(
        add_installed_app(&settings(&format!("vec![{long}]")), "crate::api::app()"),
        &settings(
            "vec![\n        restkit::auth::app() /* ] */,\n        crate::a_longer_name::app() /* , */, \
             /* last */\n        crate::api::app(),\n    ]",
        ),
    );
    for chain in ["-a", "a + b", "a as B", "&a", "|| a", "a..b"] {
        let edited = add_nest(&urls(chain), "/api", "api()");
        refused(edited, "leaves the code around it");
    }
    check(
        add_nest(&urls("return Routes::new();"), "/api", "api()"),
        &urls("return Routes::new().nest(\"/api\", api());"),
    );
    check(
        add_nest(&urls("a()\n\t\t.b()\n\t\t.c()"), "/api", "api()"),
        &urls("a()\n\t\t.b()\n\t\t.c()\n\t\t.nest(\"/api\", api())"),
    );
    check(
        add_module("#!/usr/bin/env x\n//! Mine.\npub mod core;\n", "shop"),
        "#!/usr/bin/env x\n//! Mine.\npub mod core;\npub mod shop;\n",
    );
    let twice = "#[cfg(a)]\nfn routes() -> R { a }\n#[cfg(not(a))]\nfn routes() -> R { b }\n";
    refused(add_nest(twice, "/api", "api()"), "2 functions `routes()`");
}

#[test]
fn a_name_that_is_taken_is_no_modules() {
    for taken in [
        "use self::core as shop;",
        "use a::{b, shop};",
        "extern crate restkit as shop;",
        "struct shop;",
        "type shop = u8;",
    ] {
        refused(add_module(taken, "shop"), "called `shop` already");
    }
    assert!(add_module("fn shop() {}\n", "shop").is_ok());
}

#[test]
fn a_statement_goes_to_the_end_of_its_function() {
    check(
        add_statements(
            "fn register(site: &mut Site) {\n    a(); // one\n}\n",
            "register",
            "    b();\n",
        ),
        "fn register(site: &mut Site) {\n    a(); // one\n    b();\n}\n",
    );
    check(
        add_statements(
            "fn register(_site: &mut Site) {}\n",
            "register",
            "    site.b();\n",
        ),
        "fn register(site: &mut Site) {\n    site.b();\n}\n",
    );
    refused(
        add_statements(
            "fn register() -> u8 {\n    1\n}\n",
            "register",
            "    b();\n",
        ),
        "ends in an expression",
    );
}

#[test]
fn a_renamed_module_keeps_what_is_said_about_it() {
    check(
        rename_declaration(
            "//! Doc.\n\npub mod core;\n// sells\n#[cfg(feature = \"shop\")]\npub(crate) mod shop; // soon\npub mod zoo;\n",
            "shop",
            "api",
        ),
        "//! Doc.\n\n// sells\n#[cfg(feature = \"shop\")]\npub(crate) mod api; // soon\npub mod core;\npub mod zoo;\n",
    );
    refused(rename_declaration("mod a;\n", "b", "c"), "does not declare");
    refused(rename_declaration("mod a;\nmod c;\n", "a", "c"), "declares");
}
