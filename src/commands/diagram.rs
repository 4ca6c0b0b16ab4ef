//! `backsmith diagram models`, and `diagram request`, which is the project's own

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap_complete::ArgValueCompleter;

use crate::apply::apply;
use crate::commands::project;
use crate::error::{Exit, Failure, OTHERWISE, unread};
use crate::migrations::{LayoutArgs, candidates, models};
use crate::plan::Plan;
use crate::schema::diagram::{Diagram, Format};
use crate::ui;

/// The lines that a picture is between in a Markdown file.
const BEGIN: &str = "<!-- backsmith diagram models -->";
const END: &str = "<!-- end of the diagram -->";

/// The app of accounts, which every project has: it is shown only if somebody asks for it.
const ACCOUNTS: &str = "auth";

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, clap::Subcommand)]
enum Subject {
    /// The tables of the models, their keys and what they refer to
    Models(ModelsArgs),
    /// The way of a request: what it passes, in which order, and where that is written
    #[command(disable_help_flag = true)]
    Request(RequestArgs),
}

/// Words for the project's program: METHOD PATH [--format text|mermaid|svg].
#[derive(Debug, clap::Args)]
struct RequestArgs {
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "METHOD PATH"
    )]
    words: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
struct ModelsArgs {
    /// Only these apps [default: all but `auth`]
    #[arg(long = "app", value_name = "LABEL", add = ArgValueCompleter::new(candidates::apps))]
    apps: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the picture into a Markdown file, between two lines that are put at its end at first
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Exit with 1 if the picture in this file is not what the models say
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    check: Option<PathBuf>,
    #[command(flatten)]
    layout: LayoutArgs,
}

/// Draws.
pub fn run(args: Args) -> Result<()> {
    match args.subject {
        Subject::Models(args) => draw_models(&args),
        Subject::Request(args) => {
            let words = ["diagram", "request"].map(OsString::from);
            let words: Vec<_> = words.into_iter().chain(args.words).collect();
            project::hand_over(&project::find()?, &words)
        }
    }
}

fn draw_models(args: &ModelsArgs) -> Result<()> {
    let layout = args.layout.find()?;
    let labels = layout.labels();
    if let Some(unknown) = args.apps.iter().find(|app| !labels.contains(app)) {
        return Err(Failure::new(format!("there is no app `{unknown}`"))
            .hint(format!("the apps are {}", labels.join(", ")))
            .exit(Exit::Usage)
            .into());
    }
    let models = models::read(&layout)?;
    let is_shown = |table: &str| {
        let app = models.models.get(table).map(|model| model.app.as_str());
        match app {
            Some(app) if args.apps.is_empty() => app != ACCOUNTS,
            Some(app) => args.apps.iter().any(|wanted| wanted == app),
            None => false,
        }
    };
    let text = Diagram::of(&models.schema, is_shown).write(args.format);
    match (&args.write, &args.check) {
        (Some(file), _) => write(file, &fenced(&text, args.format)),
        (None, Some(file)) => check(file, &fenced(&text, args.format)),
        (None, None) => {
            ui::data(text.trim_end());
            Ok(())
        }
    }
}

/// The picture between its two lines.
fn fenced(text: &str, format: Format) -> String {
    let language = match format {
        // Drawn where HTML is allowed: a blank line would end it.
        Format::Svg => return format!("{BEGIN}\n{text}{END}"),
        Format::Mermaid => "mermaid",
        Format::Dot => "dot",
        Format::Json => "json",
    };
    format!("{BEGIN}\n```{language}\n{text}```\n{END}")
}

fn write(file: &Path, picture: &str) -> Result<()> {
    let before = read(file)?;
    let after = match place(&before) {
        Some((start, end)) => format!("{}{picture}{}", &before[..start], &before[end..]),
        None => format!("{}\n\n{picture}\n", before.trim_end()),
    };
    let mut plan = Plan::new(std::env::current_dir()?);
    plan.edit(file, before, after);
    apply(&plan)?;
    if plan.steps.is_empty() {
        ui::say(format!("{} has this picture already.", file.display()));
    } else {
        ui::done("Drawn:", &plan);
    }
    Ok(())
}

fn check(file: &Path, picture: &str) -> Result<()> {
    let text = read(file)?;
    let shown = display(file);
    let update = format!("backsmith diagram models --write {shown}");
    let Some((start, end)) = place(&text) else {
        let failure = Failure::new(format!("`{shown}` has no picture of the models"));
        return Err(failure.hint(format!("put it there: {update}")).into());
    };
    // Whoever checks it out on Windows has other ends of lines.
    if text[start..end].replace("\r\n", "\n") == picture {
        return Ok(());
    }
    let failure = Failure::new(format!(
        "the picture in `{shown}` is not what the models say"
    ));
    Err(failure.hint(format!("draw it again: {update}")).into())
}

fn display(file: &Path) -> String {
    file.display().to_string()
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| unread(error, file, OTHERWISE))
}

/// The bytes from the first of the two lines to the end of the second one.
fn place(text: &str) -> Option<(usize, usize)> {
    let start = text.find(BEGIN)?;
    let end = start + text[start..].find(END)? + END.len();
    Some((start, end))
}
