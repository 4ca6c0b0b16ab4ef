//! What the documents show is what happens: every block of code is compiled in a generated project,
//! every command is run and its output compared, every request is sent and its answer compared.
//!
//! A fence says what its block is:
//! - `rust PATH`: a file of the project; `rust`: a module of its own, with its `use` lines
//! - `rust PATH after TEXT`: lines of a file, put behind the line that has TEXT
//! - `console`: commands after `$`, and what they print; `...` stands for any lines
//! - `http`: requests and answers, sent when the documents were read to their end
//! - `sql PATH`, `toml PATH`: the contents of a file that a command has written, or a part of them
//! - `... ignore`: what cannot be run; their number is counted, and may only fall

mod blocks;
mod requests;
mod tour;
mod tutorial;

use std::fmt::Write;
use std::process::Command;

use serde_json::Value;

use crate::project::Folder;
use crate::server::Server;
use blocks::Block;

/// In the order in which they are read: the first one makes the project.
const DOCUMENTS: [&str; 8] = [
    "docs/rest.md",
    "docs/admin.md",
    "docs/howto.md",
    "docs/drf.md",
    "docs/settings.md",
    "docs/checks.md",
    "docs/tutorial/from-django.md",
    "docs/tutorial/from-rust.md",
];

/// The blocks that cannot be run, in all documents. This number may only become smaller.
const MAX_IGNORED: usize = 2;

/// People in the documents, who have an account and a token.
const PEOPLE: [&str; 2] = ["ada", "bob"];

#[test]
fn every_block_of_the_docs_runs() {
    let folder = Folder::new("todo");
    let mut modules = String::from("#![allow(dead_code, unused_variables)]\n");
    let mut exchanges = Vec::new();
    for block in DOCUMENTS.into_iter().flat_map(blocks::read) {
        match block.language.as_str() {
            _ if block.says("ignore") => {}
            "rust" if block.says("after") => insert(&folder, &block),
            "rust" => match block.path() {
                Some(path) => folder.write(path, &block.text),
                None => {
                    let name = block.name();
                    folder.write(&format!("src/docs/{name}.rs"), &block.text);
                    writeln!(modules, "mod {name};").expect("a text");
                }
            },
            "console" => console(&folder, &block),
            "http" => exchanges.extend(
                requests::read(&block)
                    .into_iter()
                    .map(|it| (block.place(), it)),
            ),
            "sql" | "toml" => contents(&folder, &block),
            "" | "text" => {}
            other => panic!("{}: what is to be done with `{other}`?", block.place()),
        }
    }
    folder.write("src/docs/mod.rs", &modules);
    let lib = folder.read("src/lib.rs");
    folder.write(
        "src/lib.rs",
        &lib.replacen("pub mod core;", "pub mod core;\nmod docs;", 1),
    );
    folder.backsmith(&["makemigrations", "--no-input"]);
    folder.backsmith(&["migrate"]);
    folder.cargo(&["test", "--quiet"]);
    send(&folder, exchanges);
}

/// Pages that begin with a project of their own.
#[test]
fn each_page_with_its_own_project_runs() {
    for page in ["docs/fields.md", "docs/templates.md", "docs/programs.md"] {
        let folder = Folder::new("todo");
        for block in blocks::read(page) {
            match (block.language.as_str(), block.path()) {
                ("console", _) => console(&folder, &block),
                ("text", _) => {}
                (_, Some(path)) => folder.write(path, &block.text),
                (language, None) => panic!("{}: {language}", block.place()),
            }
        }
    }
}

#[test]
fn blocks_that_cannot_run_are_few() {
    let documents = DOCUMENTS
        .into_iter()
        .chain(["README.md", "templates/project/README.md.tera"]);
    let ignored: Vec<_> = documents
        .flat_map(blocks::read)
        .filter(|block| block.says("ignore"))
        .map(|block| block.place())
        .collect();
    assert!(ignored.len() <= MAX_IGNORED, "{ignored:#?}");
    assert!(
        ignored.len() == MAX_IGNORED,
        "lower MAX_IGNORED to {}",
        ignored.len()
    );
}

/// Puts lines behind the line of a file that has the text after the word `after`.
fn insert(folder: &Folder, block: &Block) {
    let path = block.path().expect("a path");
    let at = block
        .words
        .iter()
        .position(|word| word == "after")
        .expect("a place");
    let anchor = block.words[at + 1..].join(" ");
    let text = folder.read(path);
    let mut found = false;
    let mut changed = String::new();
    for line in text.lines() {
        changed.push_str(line);
        changed.push('\n');
        if line.contains(&anchor) && !found {
            found = true;
            changed.push_str(&block.text);
        }
    }
    assert!(
        found,
        "{}: {path} has no line with `{anchor}`",
        block.place()
    );
    folder.write(path, &changed);
}

/// Runs the commands after `$` and compares what they print.
fn console(folder: &Folder, block: &Block) {
    for (command, expected) in block.commands() {
        let printed = shell(folder, command, block);
        assert!(
            shows(&printed, &expected),
            "{}: `{command}` does not print\n{expected}\nbut\n{printed}",
            block.place()
        );
    }
}

/// What a command prints, with the program under test on the PATH.
fn shell(folder: &Folder, command: &str, block: &Block) -> String {
    // Talk and data in the order in which a terminal shows them.
    let line = format!("{{ {command}; }} 2>&1");
    let output = folder.shell(&line).output().expect("a shell");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_to_fail = block.says("fails");
    assert_eq!(
        !output.status.success(),
        is_to_fail,
        "{}: {command}: {printed}",
        block.place()
    );
    printed
}

/// Returns whether all lines that are expected are printed, in their order; `...` passes over any. How wide the
/// columns of a table are is not compared.
fn shows(printed: &str, expected: &str) -> bool {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = printed.lines().map(words).filter(|line| !line.is_empty());
    let expected = expected.lines().map(words).filter(|line| !line.is_empty());
    let mut expected = expected.filter(|line| line != "...");
    expected.all(|wanted| lines.any(|line| line == wanted))
}

/// Finds the lines of a block in a file, however far they are indented there.
fn shown(folder: &Folder, block: &Block) {
    let flat = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    let path = block.path().expect("a path");
    let whole = flat(&folder.read(path));
    let place = block.place();
    assert!(
        whole.contains(&flat(&block.text)),
        "{place}: {path} is\n{whole}"
    );
}

/// Compares a file with what is shown of it: its lines one after the other.
fn contents(folder: &Folder, block: &Block) {
    let path = block
        .path()
        .unwrap_or_else(|| panic!("{}: which file?", block.place()));
    let whole = folder.read(path);
    assert!(
        whole.contains(block.text.trim()),
        "{}: {path} is\n{whole}",
        block.place()
    );
}

/// Sends the requests to a server of the project.
fn send(folder: &Folder, exchanges: Vec<(String, requests::Exchange)>) {
    let mut tokens = Vec::new();
    for person in PEOPLE {
        let mut create = folder.command(
            crate::project::program(),
            &["createsuperuser", "--no-input"],
        );
        create
            .env("BACKSMITH_SUPERUSER_USERNAME", person)
            .env("BACKSMITH_SUPERUSER_PASSWORD", "analytical-engine-1843");
        assert!(status(&mut create).0, "{person}");
        let (_, token) =
            status(&mut folder.command(crate::project::program(), &["createtoken", person]));
        tokens.push((person, token.trim().to_owned()));
    }
    let server = Server::start(folder);
    let mut browser = server.browser();
    for (place, exchange) in exchanges {
        let headers = exchange.headers.iter().map(|(name, value)| {
            let token = tokens
                .iter()
                .find(|(person, _)| *value == format!("Token {person}"));
            let value = token.map_or(value.clone(), |(_, token)| format!("Token {token}"));
            (name.clone(), value)
        });
        let headers: Vec<_> = headers.collect();
        let answer = browser.exchange(&exchange.method, &exchange.path, &headers, &exchange.body);
        let shown = format!("{place}: {} {}: {answer:?}", exchange.method, exchange.path);
        assert_eq!(answer.status, exchange.status, "{shown}");
        if let Some(expected) = exchange.answer {
            let found: Value = serde_json::from_str(&answer.body).expect(&shown);
            assert_eq!(found, expected, "{shown}");
        }
    }
}

fn status(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("it runs");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}
