//! The same project on PostgreSQL, by a change of `DATABASE_URL`.

use nix::sys::signal::Signal;
use serde_json::json;

use crate::cluster::Cluster;
use crate::project::Folder;
use crate::server::Server;

#[test]
fn a_project_moves_to_postgresql_by_its_database_url() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let mut folder = Folder::new("todo");
    folder.set("DATABASE_URL", cluster.create_database("shop"));
    folder.set("TEST_DATABASE_URL", cluster.create_database("tests"));

    folder.backsmith(&["startproject", "core", ".", "--app", "api"]);
    let migrated = folder.backsmith(&["migrate"]);
    assert!(
        migrated.contains("Applying api.0002_initial... OK"),
        "{migrated}"
    );

    let tested = folder.cargo(&["test", "--quiet", "--lib"]);
    assert!(tested.contains("test result: ok"), "{tested}");
    let schemas = cluster.query(
        "tests",
        "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'test%'",
    );
    assert_eq!(schemas, "0", "each test has dropped its own");

    let server = Server::start(&folder);
    let mut browser = server.browser();
    let task = json!({ "title": "Learn PostgreSQL" });
    assert_eq!(browser.call("POST", "/api/tasks/", &task).status, 201);
    let list = browser.json("/api/tasks/").value();
    assert_eq!(list["results"][0]["title"], "Learn PostgreSQL");
    drop(browser);
    assert!(server.stop(Signal::SIGINT).success());
}
