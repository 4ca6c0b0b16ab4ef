//! `backsmith tutorial [CHAPTER] [FOLDER]`

use std::env::current_exe;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::apply::Assembly;
use crate::error::{Exit, Failure};
use crate::tutorial::{Chapter, Step, chapters};
use crate::ui;

/// The first chapter at whose start there is a project, and the first one with an account in it.
const FIRST_PROJECT: usize = 4;
const FIRST_ACCOUNT: usize = 6;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to begin: the number of a chapter, or `end` for what its reader has in the end; without it, they are listed
    chapter: Option<String>,
    /// The folder to make
    #[arg(default_value = "todo")]
    folder: PathBuf,
    /// Print the chapter, as Markdown, and make nothing
    #[arg(long, requires = "chapter")]
    read: bool,
}

/// Puts a reader at the start of a chapter: makes the project as the chapters before leave it.
pub fn run(args: Args) -> Result<()> {
    let chapters = chapters();
    let Some(wanted) = &args.chapter else {
        list(&chapters);
        return Ok(());
    };
    let place = find(wanted, &chapters)?;
    if args.read {
        let text = chapters.get(place).or(chapters.last());
        ui::data(
            text.map(|chapter| chapter.text.trim_end())
                .unwrap_or_default(),
        );
        return Ok(());
    }
    make(&args.folder, &chapters[..place])?;
    let folder = match args.folder.to_string_lossy() {
        folder if folder == "." => "this folder".into(),
        folder => folder,
    };
    match chapters.get(place) {
        Some(Chapter { number, title, .. }) => ui::say(format!(
            "{folder} is as it is at the start of chapter {number}, {title}."
        )),
        None => ui::say(format!("{folder} is as it is at the end of the tutorial.")),
    }
    ui::next_steps(&next_steps(&args.folder, place + 1));
    Ok(())
}

fn list(chapters: &[Chapter]) {
    for chapter in chapters {
        ui::data(format!("{:>3}  {}", chapter.number, chapter.title));
    }
    ui::next_steps(&[
        "backsmith tutorial 1 --read    # print a chapter".to_owned(),
        "backsmith tutorial 7           # make the project as it is at the start of chapter 7"
            .to_owned(),
    ]);
}

/// The number of chapters before the one that is wanted.
fn find(wanted: &str, chapters: &[Chapter]) -> Result<usize> {
    let last = chapters.len();
    if wanted == "end" {
        return Ok(last);
    }
    let place = wanted.parse().ok();
    let place = place
        .and_then(|number: usize| chapters.iter().position(|chapter| chapter.number == number));
    place.ok_or_else(|| {
        Failure::new(format!("the tutorial has no chapter `{wanted}`"))
            .hint(format!(
                "say a number from 1 to {last}, or `end`; backsmith tutorial lists them"
            ))
            .exit(Exit::Usage)
            .into()
    })
}

/// Takes all steps of `chapters`.
fn make(folder: &Path, chapters: &[Chapter]) -> Result<()> {
    let assembly = Assembly::begin(folder)?;
    for chapter in chapters {
        for step in chapter.steps() {
            assembly.check()?;
            let taken = take(&step, &assembly);
            taken.with_context(|| format!("chapter {} does not work", chapter.number))?;
        }
    }
    assembly.finish()
}

fn take(step: &Step, assembly: &Assembly) -> Result<()> {
    match step {
        Step::Run(arguments) => run_own(arguments, assembly.root()),
        Step::Write { path, text } => assembly.write(path, text),
        Step::Edit {
            path,
            before,
            after,
        } => {
            let text = fs::read_to_string(assembly.root().join(path));
            let text = text.with_context(|| format!("could not read `{path}`"))?;
            assembly.write(path, &text.replacen(before, after, 1))
        }
    }
}

/// Runs this program in `root`, and shows what it says only if it fails.
fn run_own(arguments: &[String], root: &Path) -> Result<()> {
    let is_project = arguments.first().is_some_and(|word| word == "startproject");
    let program = current_exe().context("could not find this program")?;
    let output = Command::new(program)
        .args(arguments)
        // The folder's repository is for its reader to make.
        .args(is_project.then_some("--vcs=none"))
        .current_dir(root)
        // The reader's project has a database of its own.
        .env_remove("DATABASE_URL")
        .output()
        .context("could not run this program")?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let command = arguments.join(" ");
    Err(Failure::new(format!("backsmith {command}: {}", said.trim())).into())
}

fn next_steps(folder: &Path, chapter: usize) -> Vec<String> {
    let mut steps = Vec::new();
    if folder != Path::new(".") {
        steps.push(ui::change_to(folder));
    }
    if chapter >= FIRST_ACCOUNT {
        steps.push("backsmith createsuperuser".to_owned());
    }
    if chapter >= FIRST_PROJECT {
        steps.push("backsmith runserver    # http://127.0.0.1:8000/".to_owned());
    }
    if chapter <= chapters().len() {
        steps.push(format!("backsmith tutorial {chapter} --read"));
    }
    steps
}
