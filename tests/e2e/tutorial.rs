//! The tutorial, step by step, in one project.

use nix::sys::signal::Signal;
use serde_json::json;

use crate::browser::Browser;
use crate::project::Folder;
use crate::server::Server;

const TASKS: &str = "/api/tasks/";

#[test]
fn the_tutorial_from_an_empty_folder() {
    let mut folder = Folder::new("my_drf_project");
    folder.set("BACKSMITH_SUPERUSER_USERNAME", "ada");
    folder.set("BACKSMITH_SUPERUSER_EMAIL", "ada@example.com");
    folder.set("BACKSMITH_SUPERUSER_PASSWORD", "analytical-engine-1843");

    folder.backsmith(&["startproject", "core", "."]);
    folder.backsmith(&["migrate"]);
    let mut server = Server::start(&folder);
    let welcome = server.browser().get("/");
    assert_eq!(welcome.status, 200);
    assert!(welcome.body.contains("startapp"), "{}", welcome.body);

    let made = folder.backsmith(&["createsuperuser", "--no-input"]);
    assert!(made.contains("Superuser created successfully."), "{made}");

    folder.backsmith(&["startapp", "api"]);
    let migrations = folder.backsmith(&["makemigrations"]);
    assert!(migrations.contains("+ Create model Task"), "{migrations}");
    let again = folder.backsmith(&["makemigrations", "--check"]);
    assert!(again.contains("No changes detected"), "{again}");
    folder.backsmith(&["migrate"]);
    server.wait("the new app", |browser| browser.json(TASKS).status == 200);

    api(&mut server.browser());
    pages(&mut server.browser());
    admin(&mut server.browser());
    reload(&folder, &mut server);
    commands(&folder, &server);

    assert!(server.stop(Signal::SIGTERM).success());
    quality(&folder);
}

/// Every route of the API, with good and bad input.
fn api(browser: &mut Browser) {
    let root = browser.json("/api/").value();
    let tasks = root["tasks"].as_str().expect("a link");
    assert!(tasks.ends_with(TASKS), "{tasks}");

    let created = browser.call("POST", TASKS, &json!({ "title": "Learn Rust" }));
    assert_eq!(created.status, 201, "{created:?}");
    let task = json!({ "id": 1, "title": "Learn Rust", "completed": false });
    assert_eq!(created.value(), task);

    let one = "/api/tasks/1/";
    assert_eq!(browser.json(one).value(), task);
    assert_eq!(browser.json("/api/tasks/1").value(), task, "no slash");
    assert_eq!(browser.json(TASKS).value()["results"], json!([task]));

    let done = json!({ "title": "Learn Rust", "completed": true });
    assert_eq!(browser.call("PUT", one, &done).status, 200);
    let patched = browser.call("PATCH", one, &json!({ "title": "Use Rust" }));
    let expected = json!({ "id": 1, "title": "Use Rust", "completed": true });
    assert_eq!(patched.value(), expected);

    let mistakes = browser.call("POST", TASKS, &json!({ "title": "", "completed": "maybe" }));
    assert_eq!(mistakes.status, 400);
    assert_eq!(
        mistakes.value(),
        json!({
            "title": ["This field may not be blank."],
            "completed": ["Must be a valid boolean."],
        })
    );

    let options = browser.call("OPTIONS", TASKS, &json!({}));
    assert_eq!(options.status, 200);
    assert_eq!(options.allow, "GET, POST, HEAD, OPTIONS");
    assert_eq!(browser.call("DELETE", TASKS, &json!({})).status, 405);

    assert_eq!(browser.call("DELETE", one, &json!({})).status, 204);
    assert_eq!(browser.json(one).status, 404);
}

/// What a person sees of the API.
fn pages(browser: &mut Browser) {
    let list = browser.get(TASKS);
    assert_eq!(list.status, 200);
    assert!(list.body.contains("<form"), "{}", list.body);

    let refused = browser.submit(TASKS, &[("title", "")]);
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("This field may not be blank."));

    let created = browser.submit(TASKS, &[("title", "<b>Read</b>")]);
    assert_eq!(created.status, 201, "{created:?}");
    assert!(!created.body.contains("<b>Read</b>"), "not escaped");

    assert_eq!(browser.get("/nowhere/").status, 404);
}

/// Logging in, looking around, logging out.
fn admin(browser: &mut Browser) {
    let closed = browser.get("/admin/");
    assert_eq!(closed.status, 303, "{closed:?}");
    assert!(closed.location.starts_with("/admin/login/"), "{closed:?}");

    let login = "/admin/login/";
    let wrong = browser.submit(login, &[("username", "ada"), ("password", "wrong")]);
    assert!(wrong.body.contains("Please enter the correct username"));
    let password = ("password", "analytical-engine-1843");
    let right = browser.submit(login, &[("username", "ada"), password]);
    assert_eq!((right.status, &*right.location), (303, "/admin/"));

    let index = browser.get("/admin/");
    assert_eq!(index.status, 200);
    assert!(index.body.contains(">Tasks</a>"), "{}", index.body);
    let rows = browser.get("/admin/api/task/");
    assert!(rows.body.contains("&lt;b&gt;Read"), "{}", rows.body);
}

/// An edit is served; code that does not compile is not, and changes nothing.
fn reload(folder: &Folder, server: &mut Server) {
    let file = "src/api/serializers.rs";
    let field = "#[derive(Debug, JsonSchema, Serialize)]\npub struct TaskResponse {\n";
    let renamed = field.replace(
        "pub struct",
        "#[serde(rename_all = \"UPPERCASE\")]\npub struct",
    );
    folder.edit(file, field, &renamed);
    server.wait("the edit", |browser| {
        browser.json(TASKS).body.contains("TITLE")
    });

    folder.edit(file, &renamed, "oh no");
    server.wait_for_log("the last good server keeps running");
    assert!(server.log().contains("error"), "the compiler's words");
    assert!(server.browser().json(TASKS).body.contains("TITLE"));

    folder.edit(file, "oh no", field);
    server.wait("the mended code", |browser| {
        browser.json(TASKS).body.contains("title")
    });
}

/// The project's own commands, by either way.
fn commands(folder: &Folder, server: &Server) {
    let routes = folder.backsmith(&["routes"]);
    for part in ["/api/tasks/{id}/", "PATCH", "/admin/login/"] {
        assert!(routes.contains(part), "{part}: {routes}");
    }
    let routes = folder.cargo(&["manage", "routes"]);
    assert!(routes.contains("/api/tasks/{id}/"), "{routes}");

    let checked = folder.backsmith(&["check"]);
    assert!(checked.contains("no issues"), "{checked}");

    let unknown = folder.refused(1, &["creatsuperuser"]);
    assert!(unknown.contains("createsuperuser"), "{unknown}");

    let port = server.port.to_string();
    let taken = folder.refused(1, &["runserver", &port]);
    assert!(
        taken.contains(&format!("port {port} is already in use")),
        "{taken}"
    );
}

/// The project passes what its owner's CI will ask of it.
fn quality(folder: &Folder) {
    folder.cargo(&["fmt", "--all", "--check"]);
    let tests = folder.cargo(&["test", "--locked"]);
    assert!(
        tests.contains("create_read_update_delete ... ok"),
        "{tests}"
    );
    folder.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]);
}
