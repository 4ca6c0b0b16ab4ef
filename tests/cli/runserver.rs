//! `runserver` before there is a server, with a `cargo` that builds nothing.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::folder::Folder;

/// Ctrl-C reaches cargo, too, and a build that was broken off says nothing about the code.
#[test]
fn ctrl_c_while_building_is_no_mistake_in_the_code() {
    let folder = Folder::with_project();
    let cargo = folder.path("cargo");
    folder.write("cargo", "#!/bin/sh\necho begun >begun\nexec sleep 60\n");
    let may_run = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&cargo, may_run).expect("a program");
    let mut command = folder.command(&["runserver", &free_port().to_string()]);
    command.env("CARGO", &cargo).process_group(0);
    let child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let begun = Instant::now();
    while !folder.path("begun").exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = i32::try_from(child.id()).expect("a small id");
    killpg(Pid::from_raw(id), Signal::SIGINT).expect("it runs");
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("interrupted before"), "{told}");
    assert!(!told.contains("compile"), "{told}");
}

#[test]
fn an_address_that_is_taken_or_nobodys_is_told() {
    let folder = Folder::with_project();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let taken = format!("localhost:{port}");
    let words = [&*format!("port {port} is already in use"), "another port"];
    folder.refuses(1, &["runserver", &taken], &words);
    // An address for documentation, which no machine has.
    let words = ["cannot listen on 192.0.2.1:8000", "of this machine"];
    folder.refuses(1, &["runserver", "192.0.2.1:8000"], &words);
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
