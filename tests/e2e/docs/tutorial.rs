//! The tutorial, chapter after chapter, as one session in an empty folder.
//!
//! Besides the fences of the other documents:
//! - `diff PATH`: lines of a file that go (`-`), come (`+`) or stay; they must be there once
//! - `LANGUAGE PATH`: a new file, or all of one; with `shown`: lines that a file has
//! - `console`: `backsmith runserver` starts a server that stays, and is started again when the sources have changed
//! - `http`: sent at once; the lines after the status may be headers of the answer
//! - `text` and `mermaid`: only read
//!
//! `BACKSMITH_BLESS=1` writes what is printed and answered into the chapters, where that differs.

mod exchanges;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Instant;

use nix::sys::signal::Signal;
use walkdir::WalkDir;

use super::blocks::{self, Block};
use super::{shown, shows};
use crate::project::Folder;
use crate::server::Server;
use exchanges::Secrets;

const CHAPTERS: [&str; 11] = [
    "index",
    "01-systems",
    "02-install",
    "03-project",
    "04-server",
    "05-database",
    "06-models",
    "07-serializers",
    "08-views",
    "09-what-could-go-wrong",
    "10-production",
];

/// Where the chapters say that the project is.
const HOME: &str = "/home/ada/todo";

/// Where the chapters say that the server is.
const PORT: u16 = 8000;

#[test]
fn the_tutorial_runs_from_its_first_page_to_its_last() {
    let mut session = Session {
        folder: Folder::new("todo"),
        server: None,
        is_stale: false,
        secrets: Secrets::default(),
    };
    session.folder.set("BACKSMITH_SUPERUSER_USERNAME", "ada");
    session
        .folder
        .set("BACKSMITH_SUPERUSER_EMAIL", "ada@example.com");
    session
        .folder
        .set("BACKSMITH_SUPERUSER_PASSWORD", "analytical-engine-1843");
    for chapter in CHAPTERS {
        let begun = Instant::now();
        let document = format!("docs/tutorial/{chapter}.md");
        let mut changed = Vec::new();
        for block in blocks::read(&document) {
            if let Some(text) = session.walk(&block) {
                changed.push((block, text));
            }
        }
        if !changed.is_empty() {
            bless(&document, &changed);
        }
        check_start_of_next(&session.folder, chapter);
        eprintln!("{chapter}: {:.0} s", begun.elapsed().as_secs_f64());
    }
}

/// What the reader has.
struct Session {
    folder: Folder,
    server: Option<Server>,
    /// Whether a file has changed since the server was started.
    is_stale: bool,
    secrets: Secrets,
}

impl Session {
    /// Does what a block says; its new text, if it is to be written again.
    fn walk(&mut self, block: &Block) -> Option<String> {
        match block.language.as_str() {
            "text" | "mermaid" => None,
            "console" => self.run_all(block),
            "http" => self.exchange(block),
            "diff" => {
                self.edit(block);
                None
            }
            _ if block.says("shown") => {
                shown(&self.folder, block);
                None
            }
            _ => {
                let path = block
                    .path()
                    .unwrap_or_else(|| panic!("{}: which file?", block.place()));
                self.folder.write(path, &block.text);
                self.is_stale = true;
                None
            }
        }
    }

    /// Runs the commands after `$`.
    fn run_all(&mut self, block: &Block) -> Option<String> {
        let mut text = String::new();
        let mut differs = false;
        for (command, expected) in block.commands() {
            let printed = self.run(block, command);
            if expected.trim() == "..." {
                let printed = printed.as_deref().unwrap_or_default();
                eprintln!("{}: {command}\n{printed}", block.place());
            }
            text.push_str(&format!("$ {command}\n"));
            match printed {
                // What nobody has written down yet is to be written, too.
                Some(printed)
                    if !shows(&printed, &expected) || is_blessing() && expected.is_empty() =>
                {
                    let place = block.place();
                    assert!(
                        is_blessing(),
                        "{place}: `{command}` does not print\n{expected}\nbut\n{printed}"
                    );
                    differs = true;
                    text.push_str(&printed);
                }
                _ => text.push_str(&expected),
            }
        }
        differs.then_some(text)
    }

    /// Runs one command; what it prints, if that is to be compared.
    fn run(&mut self, block: &Block, command: &str) -> Option<String> {
        match command {
            "mkdir todo && cd todo" => None,
            "backsmith runserver" if !block.says("fails") => {
                self.restart();
                None
            }
            "backsmith createsuperuser" => {
                self.folder.backsmith(&["createsuperuser", "--no-input"]);
                let printed = self.folder.backsmith(&["createtoken", "ada"]);
                let token = printed.lines().next().expect("a token");
                self.secrets.token = token.to_owned();
                None
            }
            command => {
                if command.contains(&format!("127.0.0.1:{PORT}")) {
                    self.keep_fresh();
                }
                self.is_stale |= command.starts_with("backsmith migrate")
                    || command.starts_with("backsmith startapp");
                let printed = super::shell(&self.folder, command, block);
                let root = self.folder.path("").display().to_string();
                Some(printed.replace(root.trim_end_matches('/'), HOME))
            }
        }
    }

    /// Serves what the sources are now: a reader's server does so by itself.
    fn keep_fresh(&mut self) {
        if self.is_stale || self.server.is_none() {
            self.restart();
        }
    }

    fn restart(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop(Signal::SIGINT);
        }
        self.server = Some(Server::start_at(&self.folder, PORT, &[]));
        self.is_stale = false;
    }

    /// Changes a file as a block shows it: the lines that stay and go must be there, one after the other, once.
    fn edit(&mut self, block: &Block) {
        let path = block.path().expect("a path");
        let text = self.folder.read(path);
        let (before, after) = block.sides();
        let found = text.matches(&before).count();
        assert_eq!(
            found,
            1,
            "{}: {path} has these lines {found} times:\n{before}\nin\n{text}",
            block.place()
        );
        self.folder.write(path, &text.replacen(&before, &after, 1));
        self.is_stale = true;
    }

    /// Sends the requests of a block.
    fn exchange(&mut self, block: &Block) -> Option<String> {
        self.keep_fresh();
        let server = self.server.as_ref().expect("a server");
        let mut browser = server.browser();
        let shown = exchanges::send(&mut browser, block, &mut self.secrets);
        if exchanges::is_same(&shown, &block.text) {
            return None;
        }
        let place = block.place();
        assert!(
            is_blessing(),
            "{place}: the answer is not\n{}\nbut\n{shown}",
            block.text
        );
        Some(shown)
    }
}

/// Compares what a reader has at the end of a chapter with what `backsmith tutorial` makes for the start of the next one.
fn check_start_of_next(folder: &Folder, chapter: &str) {
    let number = chapter.split('-').next().expect("a word").parse();
    let next = match number {
        Ok(10) => "end".to_owned(),
        Ok(number) => (number + 1_u32).to_string(),
        Err(_) => return,
    };
    let parent = tempfile::tempdir().expect("a temporary folder");
    let made = parent.path().join("todo");
    folder.backsmith(&["tutorial", &next, &made.display().to_string()]);
    let (walked, made) = (files(&folder.path("")), files(&made));
    let paths: BTreeSet<_> = walked.keys().chain(made.keys()).collect();
    let differ: Vec<_> = paths
        .into_iter()
        .filter(|path| walked.get(*path) != made.get(*path))
        .collect();
    assert!(differ.is_empty(), "the end of {chapter}: {differ:?}");
}

/// The files of a project but for its secrets, its databases and what git keeps.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = WalkDir::new(root).into_iter();
    let files = files.filter_entry(|entry| entry.file_name() != ".git");
    let files = files.flatten().filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(root).expect("a path below");
        let path = path.display().to_string();
        let is_own = path == ".env" || path.contains(".sqlite3") || path.ends_with(".log");
        (!is_own).then(|| (path, fs::read(entry.path()).expect("a file")))
    };
    files.filter_map(read).collect()
}

fn is_blessing() -> bool {
    std::env::var_os("BACKSMITH_BLESS").is_some()
}

/// Writes blocks with other texts into a document.
fn bless(document: &str, changed: &[(Block, String)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = fs::read_to_string(&path).expect("a chapter");
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    for (block, text) in changed.iter().rev() {
        let length = block.text.lines().count();
        let new = text.lines().map(str::to_owned);
        lines.splice(block.line..block.line + length, new);
    }
    fs::write(path, lines.join("\n") + "\n").expect("a chapter");
}
