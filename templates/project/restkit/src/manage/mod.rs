//! The commands of the project's program: what manage.py is to Django.

mod accounts;
mod apps;
mod backup;
mod check;
mod dbshell;
mod delegate;
mod diagram;
mod dumpdata;
mod flush;
mod loaddata;
mod log;
mod migrate;
mod openapi;
mod routes;
mod runserver;
mod terminal;
mod tokens;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::db::{Connection, Database, sqlite};
use crate::{Project, Settings, program};

pub use terminal::Failure;

/// Commands of this project.
#[derive(Debug, Parser)]
#[command(arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site
    Runserver(runserver::Args),
    /// Apply the migrations to the database
    Migrate(migrate::Args),
    /// List the migrations and which of them are applied
    Showmigrations(migrate::ShowArgs),
    /// Make an account that may do everything
    Createsuperuser(accounts::CreateArgs),
    /// Change the password of an account
    Changepassword(accounts::ChangeArgs),
    /// Make a token, by which a program may act for an account
    Createtoken(tokens::CreateArgs),
    /// Remove the sessions and tokens that have expired
    Clearsessions,
    /// Open the database's own shell: sqlite3 or psql
    Dbshell,
    /// Write the rows of the apps as JSON
    Dumpdata(dumpdata::Args),
    /// Read rows from JSON, such as dumpdata writes
    Loaddata(loaddata::Args),
    /// Delete all rows of the apps' tables
    Flush(flush::Args),
    /// Copy a SQLite database, also while the site is served
    Backup(backup::Args),
    /// Look for mistakes in the settings
    Check(check::Args),
    /// List the routes: method, path, view, permission
    Routes(routes::Args),
    /// Draw the way of a request: route, permission, validation, SQL, answer
    Diagram(diagram::Args),
    /// Write the API's schema: OpenAPI 3.1
    Openapi(openapi::Args),
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// Runs the command that the program was started with, and reports how it went.
pub fn run(project: Project) -> ExitCode {
    let called = program::command("");
    let mut command = Cli::command()
        .name(project.name)
        .bin_name(called.trim_end());
    if let Some(own) = apps::help(&project) {
        command = command.after_help(own);
    }
    let matches = command.get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    terminal::catch_interrupts();
    match dispatch(project, cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => terminal::report(&error),
    }
}

fn dispatch(project: Project, command: Command) -> Result<()> {
    match command {
        Command::Other(args) => match apps::find(&project, &args) {
            Some(command) => runtime()?.block_on(apps::run(&project, &command, &args)),
            None => delegate::run(&args),
        },
        Command::Routes(args) => {
            routes::run(&project, &args);
            Ok(())
        }
        Command::Openapi(args) => {
            openapi::run(&project, &args);
            Ok(())
        }
        command => runtime()?.block_on(dispatch_async(project, command)),
    }
}

async fn dispatch_async(project: Project, command: Command) -> Result<()> {
    if let Command::Check(args) = command {
        return check::run(&project, &args).await;
    }
    let settings = (project.settings)().context("the settings are wrong")?;
    match command {
        Command::Runserver(args) => runserver::run(&project, settings, &args).await,
        Command::Migrate(args) => migrate::run(&project, &settings, &args).await,
        Command::Showmigrations(args) => migrate::show(&project, &settings, &args).await,
        Command::Createsuperuser(args) => accounts::create(&settings, &args).await,
        Command::Changepassword(args) => accounts::change(&settings, &args).await,
        Command::Createtoken(args) => tokens::create(&settings, &args).await,
        Command::Clearsessions => tokens::clear_sessions(&settings).await,
        Command::Dbshell => dbshell::run(&settings),
        Command::Dumpdata(args) => dumpdata::run(&project, &settings, &args).await,
        Command::Loaddata(args) => loaddata::run(&project, &settings, &args).await,
        Command::Flush(args) => flush::run(&project, &settings, &args).await,
        Command::Backup(args) => backup::run(&settings, &args).await,
        Command::Diagram(args) => diagram::run(&project, &settings, &args),
        Command::Check(_) | Command::Routes(_) | Command::Openapi(_) | Command::Other(_) => Ok(()),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.context("could not start the runtime")
}

/// The database with the accounts in it.
async fn accounts_database(settings: &Settings) -> Result<Connection> {
    let database = Database::from_url(&settings.database_url)?;
    refuse_missing(&database)?;
    database.connect(settings).await
}

/// Fails if there is no file of a SQLite database yet.
fn refuse_missing(database: &Database) -> Result<()> {
    let Database::Sqlite(options) = database else {
        return Ok(());
    };
    let file = options.get_filename();
    if file.exists() || sqlite::is_in_memory(options) {
        return Ok(());
    }
    let failure = Failure::new(format!("there is no database `{}` yet", file.display()));
    Err(failure
        .hint(format!("create it: {}", program::command("migrate")))
        .into())
}
