//! The command line, as clap reads it.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::commands::{
    inspectdb, makemigrations, migrate, runserver, showmigrations, sqlmigrate, squashmigrations,
    startapp, startproject,
};

/// Makes a REST backend in Rust and grows it, one command at a time.
#[derive(Debug, Parser)]
#[command(name = "backsmith", version, arg_required_else_help = true, after_help = PROJECT_COMMANDS)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const PROJECT_COMMANDS: &str = "\
Every other command is the project's own and runs as `cargo run -- COMMAND`:
  createsuperuser  changepassword  check  routes  openapi";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new project
    Startproject(startproject::Args),
    /// Add an app to the project
    Startapp(startapp::Args),
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
    /// Build and serve the project, again after every change
    Runserver(runserver::Args),
    #[command(external_subcommand)]
    Project(Vec<OsString>),
}
