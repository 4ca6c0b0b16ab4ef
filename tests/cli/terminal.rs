//! The questions, asked on a terminal: a pseudo-terminal that util-linux's `script` makes.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::folder::Folder;

const PATIENCE: Duration = Duration::from_secs(20);
const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const CTRL_C: &str = "\x03";
const SHOW_CURSOR: &str = "\x1b[?25h";
const HIDE_CURSOR: &str = "\x1b[?25l";

/// A command at a terminal, and the one who sits there.
struct Terminal {
    child: Child,
    shown: Receiver<String>,
    seen: String,
}

impl Terminal {
    fn start(folder: &Folder, args: &str) -> Self {
        let command = format!("{} {args}", env!("CARGO_BIN_EXE_backsmith"));
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .current_dir(folder.path(""))
            .env_remove("DATABASE_URL")
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` of util-linux");
        let mut output = child.stdout.take().expect("a pipe");
        let (send, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                if send.send(text).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            shown,
            seen: String::new(),
        }
    }

    /// Waits until `question` is shown, then types `keys`.
    fn answer(&mut self, question: &str, keys: &str) {
        while !self.seen.contains(question) {
            match self.shown.recv_timeout(PATIENCE) {
                Ok(text) => self.seen += &text,
                Err(error) => panic!("no {question:?} ({error}): {:?}", self.seen),
            }
        }
        // What comes now belongs to the next question.
        self.seen.clear();
        let keyboard = self.child.stdin.as_mut().expect("a pipe");
        keyboard.write_all(keys.as_bytes()).expect("typed");
        keyboard.flush().expect("typed");
    }

    /// Waits for the end: the exit code, and what was shown since the last answer.
    fn end(mut self) -> (Option<i32>, String) {
        while let Ok(text) = self.shown.recv_timeout(PATIENCE) {
            self.seen += &text;
        }
        let status = self.child.wait().expect("an end");
        (status.code(), std::mem::take(&mut self.seen))
    }
}

/// A test that fails leaves nobody waiting at its terminal.
impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_project_from_answers() {
    let folder = Folder::new();
    let mut terminal = Terminal::start(&folder, "startproject");
    terminal.answer("Project name", &format!("site{ENTER}"));
    terminal.answer("Folder", &format!("my_shop{ENTER}"));
    terminal.answer("Database", &format!("{DOWN}{ENTER}"));
    terminal.answer("First app", &format!("api{ENTER}"));
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("cd my_shop"), "{shown}");
    assert!(
        folder
            .read("my_shop/.env")
            .contains("DATABASE_URL=postgres://")
    );
    assert!(folder.path("my_shop/src/site/urls.rs").exists());
    assert!(folder.path("my_shop/src/api/models.rs").exists());
}

#[test]
fn enter_alone_takes_what_is_offered() {
    let folder = Folder::new();
    let mut terminal = Terminal::start(&folder, "startproject");
    for question in ["Project name", "Folder", "Database", "First app"] {
        terminal.answer(question, ENTER);
    }
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(folder.read("core/.env").contains("DATABASE_URL=sqlite://"));
    assert!(folder.path("core/src/core/urls.rs").exists());
}

#[test]
fn a_model_is_asked_for_field_by_field_and_shown_as_it_grows() {
    let folder = Folder::with_project();
    let mut terminal = Terminal::start(&folder, "startapp shop");
    terminal.answer("Model", &format!("Product{ENTER}"));
    terminal.answer("Field (", &format!("title:strr{ENTER}"));
    terminal.answer("no type `strr`", CTRL_C);
    assert_eq!(terminal.end().0, Some(130));

    let mut terminal = Terminal::start(&folder, "startapp shop");
    terminal.answer("Model", &format!("Product{ENTER}"));
    terminal.answer("Field (", &format!("title:str:80{ENTER}"));
    terminal.answer("pub title: String,", &format!("due:date?{ENTER}"));
    terminal.answer("pub due: Option<Date>,", ENTER);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        folder
            .read("src/shop/models.rs")
            .contains("pub due: Option<Date>,")
    );

    let mut terminal = Terminal::start(&folder, "startmodel shop Tag");
    terminal.answer("Field", &format!("word:slug!{ENTER}"));
    terminal.answer("pub word: String,", CTRL_C);
    assert_eq!(terminal.end().0, Some(130));
    assert!(!folder.read("src/shop/models.rs").contains("pub mod tag"));
}

#[test]
fn enter_alone_takes_the_model_that_is_offered() {
    let folder = Folder::with_project();
    let mut terminal = Terminal::start(&folder, "startapp api");
    terminal.answer("Model", ENTER);
    terminal.answer("Field", ENTER);
    assert_eq!(terminal.end().0, Some(0));
    assert!(
        folder
            .read("src/api/models.rs")
            .contains("pub completed: bool,")
    );
}

#[test]
fn a_bad_name_is_asked_for_again() {
    let folder = Folder::new();
    let mut terminal = Terminal::start(&folder, "startproject");
    terminal.answer("Project name", &format!("fn{ENTER}"));
    terminal.answer("keyword of Rust", CTRL_C);
    assert_eq!(terminal.end().0, Some(130));
    assert!(folder.tree().is_empty());
}

#[test]
fn ctrl_c_at_any_question_of_startproject_writes_nothing() {
    let questions = ["Project name", "Folder", "Database", "First app"];
    for last in 0..questions.len() {
        let folder = Folder::new();
        let mut terminal = Terminal::start(&folder, "startproject");
        for question in &questions[..last] {
            terminal.answer(question, ENTER);
        }
        terminal.answer(questions[last], CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(130), "{}: {shown:?}", questions[last]);
        let hidden = shown.rfind(HIDE_CURSOR);
        assert!(shown.rfind(SHOW_CURSOR) >= hidden, "{shown:?}");
        assert!(
            shown.contains(SHOW_CURSOR),
            "{}: {shown:?}",
            questions[last]
        );
        assert!(folder.tree().is_empty());
    }
}

#[test]
fn flags_answer_before_the_terminal_does() {
    let folder = Folder::new();
    let terminal = Terminal::start(&folder, "startproject core . --no-input");
    assert_eq!(terminal.end().0, Some(0));
    let folder = Folder::new();
    let terminal = Terminal::start(&folder, "startproject --no-input");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
}

#[test]
fn a_rename_is_confirmed() {
    for (key, code, migration) in [
        (
            "y",
            Some(0),
            Some("0003_api_rename_title_task_name_and_more"),
        ),
        (CTRL_C, Some(130), None),
    ] {
        let folder = Folder::with_app();
        folder.edit("src/api/models.rs", "pub title: String", "pub name: String");
        let before = folder.tree();
        let mut terminal = Terminal::start(&folder, "makemigrations");
        terminal.answer("Was task.title renamed to task.name?", key);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        match migration {
            None => assert!(
                folder.tree() == before && shown.contains(SHOW_CURSOR),
                "{shown:?}"
            ),
            Some(name) => folder
                .path(format!("migrations/sqlite/{name}.up.sql"))
                .metadata()
                .map(drop)
                .expect("a migration"),
        }
    }
}

#[test]
fn a_default_is_asked_for_until_it_fits() {
    let completed = "        pub completed: bool,\n";
    let folder = Folder::with_app();
    let stars = format!("{completed}        pub stars: i32,\n");
    folder.edit("src/api/models.rs", completed, &stars);
    let before = folder.tree();
    let mut terminal = Terminal::start(&folder, "makemigrations");
    terminal.answer("task.stars is required", CTRL_C);
    assert_eq!(terminal.end().0, Some(130));
    assert!(folder.tree() == before);
    let mut terminal = Terminal::start(&folder, "makemigrations");
    terminal.answer("task.stars is required", &format!("many{ENTER}"));
    terminal.answer(
        "`many` is not a value",
        &format!("\x15{}7{ENTER}", "\x7f".repeat(4)),
    );
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    let up = folder.read("migrations/postgres/0003_api_task_stars.up.sql");
    assert!(up.contains('7'), "{up}");
}
