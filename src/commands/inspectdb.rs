//! `backsmith inspectdb [TABLE...]`

use std::collections::BTreeMap;
use std::env::current_dir;

use anyhow::{Context, Result};

use crate::error::{Exit, Failure};
use crate::migrations::database::Database;
use crate::migrations::{Layout, models, runtime};
use crate::project::Project;
use crate::schema::snapshot::Snapshot;
use crate::schema::{ColumnType, Schema, print};
use crate::ui;

const HEAD: &str = "\
//! The data of an existing database, as `backsmith inspectdb` found it. Read it, correct it, then:
//!
//!     backsmith makemigrations
//!     backsmith migrate --fake    # the tables are there already
";

const NAMES: &str = "\
//!
//! Later migrations know indexes and constraints by names that this database does not have yet. Let
//! it have them, once in each copy of it:
//!
";

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Only these tables
    tables: Vec<String>,
    /// The app that the models are for: its name is left out of theirs
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// Another database than the one in DATABASE_URL
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Prints models for the tables of an existing database that no installed app has models for.
pub fn run(args: Args) -> Result<()> {
    let here = current_dir().context("could not tell the current folder")?;
    let project = Project::find(&here);
    let database = match (&project, args.database_url.as_deref()) {
        (Ok(project), url) => Layout::of(project).database(url)?,
        (Err(_), Some(url)) => Database::from_url(url, &here)?,
        (Err(_), None) => return Err(nowhere().into()),
    };
    let known = match &project {
        Ok(project) => modules(project)?,
        Err(_) => BTreeMap::new(),
    };
    let (mut snapshot, statements) = runtime()?.block_on(database.adopt())?;
    choose(&mut snapshot.schema, &args.tables, &known)?;
    let prefix = args.app.map(|app| format!("{app}_")).unwrap_or_default();
    let elsewhere = |table: &str| known.get(table).cloned();
    ui::data(head(&statements));
    let hints = &snapshot.extras.hints;
    ui::data(print::models(&snapshot.schema, &prefix, &elsewhere, hints).trim_end());
    tell_of_extras(&snapshot);
    tell_of_gaps(&snapshot);
    Ok(())
}

/// The head of the models, with the statements that give the database the names that it lacks.
fn head(statements: &[String]) -> String {
    let statements: Vec<_> = statements
        .iter()
        .filter(|it| !it.contains(['\n', '\r']))
        .collect();
    if statements.is_empty() {
        return HEAD.to_owned();
    }
    let begin = "BEGIN;".to_owned();
    let commit = "COMMIT;".to_owned();
    let lines = [&begin].into_iter().chain(statements).chain([&commit]);
    let lines: String = lines.map(|line| format!("//!     {line}\n")).collect();
    format!("{HEAD}{NAMES}{lines}")
}

/// The module of every table that has a model already.
fn modules(project: &Project) -> Result<BTreeMap<String, String>> {
    let models = models::read(&Layout::of(project))?.models.into_iter();
    Ok(models.map(|(table, model)| (table, model.module)).collect())
}

/// Leaves the tables that were asked for, or those that have no model yet.
fn choose(schema: &mut Schema, wanted: &[String], known: &BTreeMap<String, String>) -> Result<()> {
    let unknown = wanted
        .iter()
        .find(|table| !schema.tables.contains_key(*table));
    if let Some(table) = unknown {
        let tables: Vec<_> = schema.tables.keys().map(String::as_str).collect();
        return Err(
            Failure::new(format!("there is no table `{}`", table.escape_debug()))
                .hint(format!("there are: {}", tables.join(", ")))
                .exit(Exit::Usage)
                .into(),
        );
    }
    schema.tables.retain(|table, _| {
        if wanted.is_empty() {
            !known.contains_key(table)
        } else {
            wanted.contains(table)
        }
    });
    Ok(())
}

/// Warns of views, triggers and the like, which stay in the database and have no place in models.
fn tell_of_extras(snapshot: &Snapshot) {
    for object in &snapshot.extras.objects {
        if snapshot.schema.tables.contains_key(&object.table) {
            let kind = format!("{:?}", object.kind).to_lowercase();
            ui::warning(format!(
                "the {kind} {} has no place in a model; it stays as it is",
                object.name
            ));
        }
    }
}

/// Warns of everything that the printed models leave out, or cannot know.
fn tell_of_gaps(snapshot: &Snapshot) {
    for (table, column) in &snapshot.extras.hints.mixed {
        if snapshot.schema.tables.contains_key(table) {
            ui::warning(format!(
                "{table}.{column} holds whole numbers beside fractions, as SQLite likes it: `select_as = \"real\"` reads both; \
                 leave it out on PostgreSQL"
            ));
        }
    }
    for (table, words) in &snapshot.extras.untold {
        if snapshot.schema.tables.contains_key(table) {
            ui::warning(words);
        }
    }
    for (name, table) in &snapshot.schema.tables {
        if let Some(words) = snapshot.extras.unkept(name) {
            let words = words.join(", ");
            ui::warning(format!(
                "the table {name} is made with {words}, for which models have no words; that stays as it is"
            ));
        }
        if table.primary_key.is_empty() {
            ui::warning(format!(
                "the table {name} has no primary key, which every model needs: its model is a comment, until you \
                 say #[sea_orm(primary_key)] of a field whose values are unique"
            ));
        }
        for (column, definition) in &table.columns {
            if let ColumnType::Enum { name: kind, values } = &definition.column_type
                && !print::says_enum(values)
            {
                ui::warning(format!(
                    "{name}.{column} is of the enum `{kind}`, whose values SeaORM cannot tell apart: \
                     its field is a text that can be read, and not written"
                ));
            }
            if let ColumnType::Custom(kind) = &definition.column_type
                && snapshot
                    .extras
                    .hints
                    .domain(&definition.column_type)
                    .is_none()
            {
                ui::warning(format!(
                    "{name}.{column} is of the type `{kind}`, which models do not know: \
                     its field is a text that can be read, and not written"
                ));
            }
        }
    }
}

fn nowhere() -> Failure {
    Failure::new("there is no database to inspect").hint(
        "change to a project's folder, or name one: backsmith inspectdb --database-url sqlite://FILE",
    )
}
