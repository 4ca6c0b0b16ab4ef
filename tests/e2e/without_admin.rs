//! A project that leaves the admin site out of its kit.

use nix::sys::signal::Signal;
use serde_json::json;

use crate::project::Folder;
use crate::server::Server;

#[test]
fn a_project_lives_without_the_admin_site() {
    let folder = Folder::new("plain");
    folder.backsmith(&["startproject", "core", ".", "--app", "api"]);
    folder.edit(
        "Cargo.toml",
        "restkit = { path = \"restkit\" }",
        "restkit = { path = \"restkit\", default-features = false }",
    );
    folder.edit(
        "src/core/urls.rs",
        "        .nest(\"/admin\", restkit::admin::routes())\n",
        "",
    );
    folder.edit("src/api/mod.rs", "pub mod admin;\n", "");
    folder.edit("src/api/mod.rs", ".admin(admin::register)", "");
    std::fs::remove_file(folder.path("src/api/admin.rs")).expect("the app's admin pages");

    folder.cargo(&[
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    let tested = folder.cargo(&["test", "--quiet", "--lib"]);
    assert!(tested.contains("test result: ok"), "{tested}");

    folder.backsmith(&["migrate"]);
    let server = Server::start(&folder);
    let mut browser = server.browser();
    let task = json!({ "title": "Learn" });
    assert_eq!(browser.call("POST", "/api/tasks/", &task).status, 201);
    assert_eq!(browser.get("/admin/").status, 404);
    let page = browser.get("/api/tasks/");
    assert!(page.body.contains("Learn"), "{}", page.body);
    assert!(!page.body.contains("/login/"), "{}", page.body);
    drop(browser);
    assert!(server.stop(Signal::SIGINT).success());
}
