//! A project of the first release, with code of its own and a patch in its kit, upgraded: it builds, passes its tests, and
//! serves.

use backsmith::scaffold::answers::{Answers, Database};
use backsmith::scaffold::project::files;
use backsmith::upgrade::release;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::project::Folder;
use crate::server::Server;

#[test]
fn a_project_of_the_first_release_is_upgraded() {
    let folder = Folder::new("todo");
    let version = "0.1.0";
    let answers = Answers {
        module: "core".to_owned(),
        package: "todo".to_owned(),
        database: Database::Sqlite,
        parts: Vec::new(),
    };
    let templates = release::find(version)
        .expect("an archive")
        .expect("a release");
    for file in files(&templates, version, &answers, &"s".repeat(60)).expect("a tree") {
        let text = String::from_utf8(file.contents).expect("a text");
        folder.write(&file.path.display().to_string(), &text);
    }
    folder.backsmith(&["startapp", "api"]);
    folder.backsmith(&["makemigrations"]);
    let kit = "restkit/src/rules.rs";
    let patched = format!(
        "{}\n/// A patch of ours.\npub fn patched() {{}}\n",
        folder.read(kit)
    );
    folder.write(kit, &patched);

    folder.backsmith(&["upgrade"]);
    assert!(folder.read(kit).contains("pub fn patched() {}"));
    folder.backsmith(&["makemigrations"]);
    folder.backsmith(&["migrate"]);
    let tested = folder.cargo(&["test", "--quiet"]);
    assert!(tested.contains("test result: ok"), "{tested}");
    let server = Server::start(&folder);
    let mut browser = server.browser();
    let task = json!({ "title": "Learn" });
    assert_eq!(browser.call("POST", "/api/tasks/", &task).status, 201);
    assert_eq!(browser.get("/restkit/models/").status, 200);
    drop(browser);
    assert!(server.stop(Signal::SIGINT).success());
}
