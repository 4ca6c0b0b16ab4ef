//! The command line, as clap reads it.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    add, completions, diagram, inspectdb, makemigrations, migrate, project, removeapp, renameapp,
    runserver, showmigrations, sqlmigrate, squashmigrations, startapp, startmodel, startproject,
    tutorial, undo, upgrade,
};

/// The program's name.
const NAME: &str = "backsmith";

/// Makes a REST backend in Rust and grows it, one command at a time.
#[derive(Debug, Parser)]
#[command(name = NAME, version, arg_required_else_help = true, after_help = PROJECT_COMMANDS)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// The names of our own commands.
    pub fn own_commands() -> Vec<String> {
        let cli = Self::command();
        let names = cli.get_subcommands().map(clap::Command::get_name);
        names.map(str::to_owned).collect()
    }
}

const PROJECT_COMMANDS: &str = "\
Every other command is the project's own and runs as `cargo run -- COMMAND`:
  createsuperuser  changepassword  createtoken  clearsessions
  dumpdata  loaddata  flush  backup  dbshell  check  routes  openapi";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new project
    Startproject(startproject::Args),
    /// Add an app to the project
    Startapp(startapp::Args),
    /// Add a model to an app
    Startmodel(startmodel::Args),
    /// Remove an app: its files, the lines that name it, and its tables by a migration
    Removeapp(removeapp::Args),
    /// Give an app another name, its tables by a migration
    Renameapp(renameapp::Args),
    /// Add a part: docker, compose, systemd, nginx, ci, metrics, compression, static-files
    Add(add::Args),
    /// Write migrations for what has changed in the models
    Makemigrations(makemigrations::Args),
    /// Apply the migrations to the database
    Migrate(migrate::Args),
    /// List the migrations and which of them are applied
    Showmigrations(showmigrations::Args),
    /// Print the SQL of a migration
    Sqlmigrate(sqlmigrate::Args),
    /// Make one migration of several
    Squashmigrations(squashmigrations::Args),
    /// Print models for the tables of an existing database
    Inspectdb(inspectdb::Args),
    /// Draw the models: tables, keys and what they refer to
    Diagram(diagram::Args),
    /// Build and serve the project, again after every change
    Runserver(runserver::Args),
    /// Take back what the last command wrote
    Undo(undo::Args),
    /// Bring what is new in this version into the project
    Upgrade(upgrade::Args),
    /// Make the project as it is at the start of a chapter of the tutorial
    Tutorial(tutorial::Args),
    /// Print the script by which a shell completes commands and flags
    Completions(completions::Args),
    /// Write a manual page for each command
    Manpages(completions::ManArgs),
    #[command(external_subcommand)]
    Project(Vec<OsString>),
}

/// Answers a shell that asks, by the variable COMPLETE, what a word can become; the program ends then.
pub fn complete() {
    clap_complete::CompleteEnv::with_factory(Cli::command)
        .bin(NAME)
        .completer(NAME)
        .complete();
}

/// Reads the command line. `help` of a command of the project's is that command's own.
pub fn read(args: impl Iterator<Item = OsString>) -> Cli {
    let args: Vec<OsString> = args.collect();
    if let [_, help, command] = args.as_slice()
        && help == "help"
        && project::is_known(&command.to_string_lossy())
    {
        let words = vec![command.clone(), "--help".into()];
        return Cli {
            command: Command::Project(words),
        };
    }
    Cli::parse_from(args)
}
