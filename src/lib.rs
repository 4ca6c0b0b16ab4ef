//! backsmith: the generator of REST backends in Rust.
//!
//! Data flows one way: arguments -> [`Project`](project::Project) -> questions until settled ->
//! [`Plan`](plan::Plan) -> preview -> [`apply`](apply::apply). See ARCHITECTURE.md.

pub mod apply;
pub mod cli;
pub mod commands;
pub mod env;
pub mod error;
pub mod interrupt;
pub mod introspect;
pub mod lint;
pub mod migrations;
pub mod name;
pub mod nearest;
pub mod plan;
pub mod project;
pub mod prompt;
pub mod questions;
pub mod rust;
pub mod scaffold;
pub mod schema;
pub mod serve;
pub mod shared;
pub mod tutorial;
pub mod ui;
pub mod upgrade;

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::{Cli, Command};

/// Runs one command.
pub fn run(cli: Cli) -> Result<()> {
    use crate::commands::*;
    match cli.command {
        Command::Startproject(args) => startproject::run(args),
        Command::Startapp(args) => startapp::run(args),
        Command::Removeapp(args) => removeapp::run(args),
        Command::Renameapp(args) => renameapp::run(args),
        Command::Startmodel(args) => startmodel::run(args),
        Command::Add(args) => add::run(args),
        Command::Makemigrations(args) => makemigrations::run(args),
        Command::Migrate(args) => migrate::run(args),
        Command::Showmigrations(args) => showmigrations::run(args),
        Command::Sqlmigrate(args) => sqlmigrate::run(args),
        Command::Squashmigrations(args) => squashmigrations::run(args),
        Command::Inspectdb(args) => inspectdb::run(args),
        Command::Diagram(args) => diagram::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Upgrade(args) => upgrade::run(args),
        Command::Tutorial(args) => tutorial::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Manpages(args) => completions::write_man_pages(args, Cli::command()),
        Command::Runserver(args) => runserver::run(args),
        Command::Project(args) => project::run(args, &Cli::own_commands()),
    }
}
