//! The only printer: talk goes to stderr, data to stdout, colour only where a terminal shows it.
//!
//! Neither ends a command that is at work: a full disk or a closed pipe behind stdout is told in the
//! end, and of talk that nobody can hear nothing is said.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use diffy::{DiffOptions, Line, Patch};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::error::{Failure, hint_of};
use crate::plan::{Plan, Step};
use crate::shared::causes;

/// Why a part of the data is not where it was to go.
static LOST: OnceLock<io::Error> = OnceLock::new();

macro_rules! println {
    ($($text:tt)*) => { keep(writeln!(anstream::stdout(), $($text)*)) };
}

macro_rules! eprintln {
    ($($text:tt)*) => { drop(writeln!(anstream::stderr(), $($text)*)) };
}

fn keep(written: io::Result<()>) {
    if let Err(error) = written {
        let _ = LOST.set(error);
    }
}

/// Fails if data could not be written. Who reads only its first lines has what they want.
///
/// # Errors
///
/// If the disk was full, for example.
pub fn all_written() -> anyhow::Result<()> {
    keep(anstream::stdout().flush());
    match LOST.get() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("could not write to the standard output: {error}");
            let hint = "the command has done its work; only what it had to show is not complete";
            Err(Failure::new(message).hint(hint).into())
        }
        _ => Ok(()),
    }
}

const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();
const BOLD: Style = Style::new().bold();

/// Says one line to the person at the terminal.
pub fn say(line: impl AsRef<str>) {
    eprintln!("{}", line.as_ref());
}

/// Writes one line of the command's result, for people and for pipes.
pub fn data(line: impl AsRef<str>) {
    println!("{}", line.as_ref());
}

/// Reports a failure: the error, its causes, and the next step.
pub fn error(error: &anyhow::Error) {
    let red = RED.bold();
    let mut told = causes::without_source(&error.to_string()).to_owned();
    eprintln!("{red}error{red:#}: {told}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        let cause = causes::without_source(&cause).to_owned();
        // Many libraries' errors repeat those below them.
        if !told.ends_with(&cause) {
            eprintln!("  caused by: {cause}");
            told = cause;
        }
    }
    if let Some(hint) = hint_of(error) {
        eprintln!("{CYAN}hint{CYAN:#}: {hint}");
    }
}

/// Warns about something that did not stop the command.
pub fn warning(message: impl AsRef<str>) {
    let yellow = AnsiColor::Yellow.on_default().bold();
    eprintln!("{yellow}warning{yellow:#}: {}", message.as_ref());
}

/// Shows on stdout what `plan` would do: each file, and the difference for those that exist.
pub fn preview(plan: &Plan) {
    changes(plan);
    say("Nothing was written: this was a dry run.");
}

/// Shows the changes of `plan` on stdout.
pub fn changes(plan: &Plan) {
    for step in &plan.steps {
        match step {
            Step::Create { path, contents, .. } => {
                let size = contents.len();
                println!("{GREEN}create{GREEN:#} {} ({size} bytes)", path.display());
            }
            Step::Remove { path, .. } => println!("{RED}remove{RED:#} {}", path.display()),
            Step::Edit {
                path,
                before,
                after,
            } => {
                println!("{CYAN}edit{CYAN:#}   {}", path.display());
                diff(before, after);
            }
        }
    }
}

/// A plan as JSON: its steps, whether they are taken, and what to type next.
pub fn plan_as_json(plan: &Plan, is_written: bool) -> Value {
    json!({ "steps": steps_as_json(plan), "written": is_written, "next": plan.next })
}

/// The steps of a plan as JSON: path, action, size in bytes, and the difference for files that exist.
pub fn steps_as_json(plan: &Plan) -> Value {
    let steps = plan.steps.iter().map(|step| {
        let path = step.path().display().to_string().replace('\\', "/");
        match step {
            Step::Create { contents, .. } => {
                json!({ "path": path, "action": "create", "size": contents.len() })
            }
            Step::Edit { before, after, .. } => {
                let diff = difference(before, after).to_string();
                // The two lines above name no file that there is.
                let diff: String = diff.split_inclusive('\n').skip(2).collect();
                json!({ "path": path, "action": "edit", "size": after.len(), "diff": diff })
            }
            Step::Remove { .. } => json!({ "path": path, "action": "remove", "size": 0 }),
        }
    });
    steps.collect()
}

/// Tells what `plan` has done, file by file or, where there are many, folder by folder.
pub fn done(title: &str, plan: &Plan) {
    eprintln!("{BOLD}{title}{BOLD:#}");
    for line in outline(plan) {
        eprintln!("  {line}");
    }
}

/// More lines than this are too many to read: folders are counted instead.
const MAX_DIFF_LINES: usize = 12;

fn outline(plan: &Plan) -> Vec<String> {
    let mut folders: IndexMap<String, usize> = IndexMap::new();
    for step in &plan.steps {
        let path = step.path();
        let shown = match path.components().next() {
            Some(first) if plan.steps.len() > MAX_DIFF_LINES && path.components().count() > 1 => {
                format!("{}/", first.as_os_str().display())
            }
            _ => path.display().to_string(),
        };
        let sign = match step {
            Step::Create { .. } => format!("{GREEN}+{GREEN:#}"),
            Step::Edit { .. } => format!("{CYAN}~{CYAN:#}"),
            Step::Remove { .. } => format!("{RED}-{RED:#}"),
        };
        *folders.entry(format!("{sign} {shown}")).or_default() += 1;
    }
    let line = |(shown, files): (String, usize)| match files {
        1 => shown,
        _ => format!("{shown} ({files} files)"),
    };
    folders.into_iter().map(line).collect()
}

/// Ends a command with the lines to type next.
pub fn next_steps(steps: &[String]) {
    if steps.is_empty() {
        return;
    }
    eprintln!("\n{BOLD}Next:{BOLD:#}");
    for step in steps {
        eprintln!("  {step}");
    }
}

/// Writes a change to `folder` as a shell takes it.
pub fn change_to(folder: &Path) -> String {
    let folder = folder.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    if folder.chars().all(is_plain) {
        format!("cd {folder}")
    } else {
        format!("cd '{}'", folder.replace('\'', r"'\''"))
    }
}

fn diff(before: &str, after: &str) {
    let difference = difference(before, after);
    for line in difference.hunks().iter().flat_map(|hunk| hunk.lines()) {
        let (sign, style, text) = match line {
            Line::Insert(text) => ('+', GREEN, text),
            Line::Delete(text) => ('-', RED, text),
            Line::Context(text) => (' ', Style::new(), text),
        };
        let text = text.strip_suffix('\n').unwrap_or(text);
        println!("       {style}{sign} {text}{style:#}");
    }
}

/// Compares two texts, with two lines around each change.
fn difference<'t>(before: &'t str, after: &'t str) -> Patch<'t, str> {
    DiffOptions::new()
        .set_context_len(2)
        .create_patch(before, after)
}
