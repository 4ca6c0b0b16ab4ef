//! The README's tour, word for word, in an empty folder: the block with the word `tour`.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::blocks::{self, Block};
use super::shown;
use crate::browser::Browser;
use crate::project::Folder;
use crate::server::Server;

const PASSWORD: &str = "analytical-engine-1843";

#[test]
fn the_tour_of_the_readme_runs_as_it_stands() {
    let blocks = blocks::read("README.md");
    let tour = blocks
        .iter()
        .find(|block| block.says("tour"))
        .expect("a tour");
    let mut folder = Folder::new("tour");
    let mut steps = 0;
    for line in tour.text.lines().filter(|line| !line.trim().is_empty()) {
        let (command, comment) = line.split_once('#').unwrap_or((line, ""));
        let command = command.trim();
        if let Some((make, name)) = command.split_once("cd ") {
            assert!(make.starts_with("mkdir"), "{line}");
            folder = Folder::new(name);
            continue;
        }
        let step = comment.trim().split(' ').next().unwrap_or_default();
        steps += 1;
        assert_eq!(step, steps.to_string(), "{line}");
        match command {
            "backsmith runserver" => serve(&folder, comment, steps),
            "backsmith createsuperuser" => create_superuser(&folder),
            other => {
                let output = folder.shell(other).stdin(Stdio::null()).output();
                let output = output.expect("a shell");
                let printed = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{line}: {printed}");
            }
        }
    }
    assert_eq!(steps, 10);
    the_rest(&folder, &blocks);
}

/// The blocks around the tour: what it has made, and the first changes after it.
fn the_rest(folder: &Folder, blocks: &[Block]) {
    for block in blocks {
        let is_written_later = block.language == "sql";
        match block.language.as_str() {
            _ if is_written_later => {}
            _ if block.says("shown") => shown(folder, block),
            "rust" => {
                let module = format!("#![allow(dead_code)]\n{}", block.text);
                folder.write("src/readme.rs", &module);
                folder.edit("src/lib.rs", "pub mod core;", "pub mod core;\nmod readme;");
            }
            "sh" if block.says("run") => {
                let done = folder.shell(&block.text).output().expect("a shell");
                assert!(done.status.success(), "{}: {done:?}", block.place());
            }
            "sh" => {}
            other => panic!("{}: what is to be done with `{other}`?", block.place()),
        }
    }
    let last = "pub completed: bool,\n";
    let due = "        pub due: Option<Date>,\n";
    folder.edit("src/api/models.rs", last, &format!("{last}{due}"));
    folder.backsmith(&["makemigrations", "--no-input"]);
    for block in blocks.iter().filter(|block| block.language == "sql") {
        shown(folder, block);
    }
    // Longer titles make SQLite build the table anew.
    folder.edit(
        "src/api/models.rs",
        "StringLen::N(200)",
        "StringLen::N(300)",
    );
    folder.backsmith(&["makemigrations", "--no-input"]);
    folder.cargo(&["test", "--quiet"]);
}

/// Serves until the URL in the comment answers with a page, then presses Ctrl-C.
fn serve(folder: &Folder, comment: &str, step: usize) {
    let (_, url) = comment.split_once("http://").expect("a URL");
    let url = url.split_whitespace().next().expect("a URL");
    let (host, path) = url.split_once('/').expect("a path");
    let port = host
        .split_once(':')
        .expect("a port")
        .1
        .parse()
        .expect("a port");
    let server = Server::start_at(folder, port, &[]);
    let mut browser = server.browser();
    let answer = browser.get(&format!("/{path}"));
    let is_login = answer.status == 303 && answer.location.starts_with("/admin/login/");
    assert!(
        answer.status == 200 || is_login,
        "{step}: {url}: {answer:?}"
    );
    match step {
        // There is no database yet: Django serves all the same, and so do we, with a warning.
        2 => {
            let log = server.log();
            assert!(
                log.contains("not applied") && log.contains("backsmith migrate"),
                "{log}"
            );
            let admin = browser.get("/admin/login/");
            assert_eq!(admin.status, 500);
            assert!(
                admin.body.contains("Create it: backsmith migrate"),
                "{}",
                admin.body
            );
        }
        5 => log_in(&mut browser),
        _ => {}
    }
    assert!(server.stop(Signal::SIGINT).success());
}

fn log_in(browser: &mut Browser) {
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let answer = browser.submit("/admin/login/", &fields);
    assert_eq!((answer.status, &*answer.location), (303, "/admin/"));
    assert_eq!(browser.get("/admin/").status, 200);
}

/// Answers the questions at a terminal, which util-linux's `script` makes.
fn create_superuser(folder: &Folder) {
    let line = "script --quiet --return --command 'backsmith createsuperuser' /dev/null";
    let mut child = folder
        .shell(line)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` of util-linux");
    let mut keyboard = child.stdin.take().expect("a pipe");
    let mut screen = child.stdout.take().expect("a pipe");
    let mut wait_for = |text: &str| {
        let mut seen = Vec::new();
        let mut byte = [0];
        while !String::from_utf8_lossy(&seen).contains(text) {
            let read = screen.read(&mut byte).expect("a terminal");
            assert_eq!(read, 1, "no {text}: {}", String::from_utf8_lossy(&seen));
            seen.push(byte[0]);
        }
    };
    for (question, answer) in [
        ("Username", "ada"),
        ("Email", "ada@example.com"),
        ("Password", PASSWORD),
        ("again)", PASSWORD),
    ] {
        wait_for(question);
        wait_for(": ");
        // A prompt is drawn before it listens.
        std::thread::sleep(Duration::from_millis(300));
        write!(keyboard, "{answer}\r").expect("typed");
    }
    wait_for("Superuser created successfully.");
    assert!(child.wait().is_ok_and(|status| status.success()));
}
