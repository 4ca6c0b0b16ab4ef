//! `add` and `startproject --with`: files for where a project is built and served.

use std::process::Command;

use crate::folder::Folder;

#[test]
fn parts_are_added_once_and_overwrite_nothing() {
    let folder = Folder::with_project();
    let before = folder.tree();
    folder.ok(&["add", "docker", "systemd", "--dry-run"]);
    assert_eq!(folder.tree(), before);
    folder.ok(&["add", "docker"]);
    let docker = folder.read("Dockerfile");
    folder.refuses(
        1,
        &["add", "docker"],
        &["exists already", "nothing was written"],
    );
    folder.refuses(1, &["add", "ci", "docker"], &["nothing was written"]);
    assert!(!folder.path(".github").exists());

    // One that another part needs stays as it is, where it is there.
    folder.write("Dockerfile", "FROM scratch\n");
    folder.ok(&["add", "compose", "systemd", "nginx", "ci"]);
    assert_eq!(folder.read("Dockerfile"), "FROM scratch\n");
    assert!(folder.path("compose.yaml").exists());
    assert!(folder.path(".github/workflows/ci.yml").exists());

    let folder = Folder::with_project();
    folder.ok(&["add", "compose"]);
    let package = |text: &str| text.lines().filter(|line| line.contains("FROM")).count();
    assert_eq!(package(&folder.read("Dockerfile")), package(&docker));
}

#[test]
fn features_of_restkit_are_turned_on_once() {
    let folder = Folder::with_project();
    let before = folder.read("Cargo.toml");
    folder.ok(&["add", "metrics", "docker", "static-files"]);
    let features = r#"restkit = { path = "restkit", features = ["metrics", "static-files"] }"#;
    assert!(folder.read("Cargo.toml").contains(features));
    assert!(folder.path("Dockerfile").exists());
    folder.refuses(1, &["add", "ci", "metrics"], &["`metrics` is on already"]);
    assert!(!folder.path(".github").exists());
    folder.write("Cargo.toml", &before.replace("restkit = {", "kit = {"));
    folder.refuses(
        1,
        &["add", "metrics"],
        &["`Cargo.toml` does not say", "by hand"],
    );

    let folder = Folder::new();
    folder.ok(&["startproject", "core", ".", "--with", "compression,ci"]);
    assert!(
        folder
            .read("Cargo.toml")
            .contains(r#"features = ["compression"]"#)
    );
}

#[test]
fn a_project_begins_with_parts() {
    let folder = Folder::new();
    folder.ok(&["startproject", "core", ".", "--with", "docker,ci"]);
    assert!(folder.path("Dockerfile").exists());
    assert!(folder.path(".dockerignore").exists());
    assert!(folder.path(".github/workflows/ci.yml").exists());
    for wrong in [
        &["startproject", "core", "x", "--with", "kubernetes"][..],
        &["add", "podman"],
        &["add"],
    ] {
        assert_eq!(folder.run(wrong).code, Some(2), "{wrong:?}");
    }
}

/// As systemd itself reads it, where that is installed.
#[test]
fn the_service_is_one_that_systemd_takes() {
    let folder = Folder::with_project();
    folder.ok(&["add", "systemd"]);
    let deploy = std::fs::read_dir(folder.path("deploy"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let text = std::fs::read_to_string(deploy.path()).unwrap();
    // The program and the folder of the server are not on this machine.
    let text: String = text
        .lines()
        .filter(|line| !line.starts_with("User=") && !line.starts_with("WorkingDirectory="))
        .map(|line| {
            if line.starts_with("ExecStart=") {
                "ExecStart=/bin/true"
            } else {
                line
            }
        })
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write("shop@8000.service", &text);
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--man=no"])
        .arg(folder.path("shop@8000.service"));
    let Ok(output) = verify.output() else {
        eprintln!("skipped: systemd-analyze is not installed");
        return;
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("shop@8000.service:"), "{errors}");
}
