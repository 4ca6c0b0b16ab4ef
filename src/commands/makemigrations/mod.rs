//! `backsmith makemigrations [APP...]`

mod merge;
mod partial;
mod proof;
mod read;
mod references;
mod report;
mod update;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::apply::apply;
use crate::error::{Exit, Failure};
use crate::migrations::make::{self, Making, NewMigration};
use crate::migrations::settled::Question;
use crate::migrations::{History, Place, PlaceArgs, replay, runtime, verify};
use crate::plan::Plan;
use crate::project::{Project, warn_of_loose_ends};
use crate::questions::{self, Flags};
use crate::schema::operation::{Names, Operation};
use crate::schema::parse::Models;
use crate::schema::{Dialect, Schema};
use crate::ui;

use read::Files;
use update::Taken;

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Only these apps
    apps: Vec<String>,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Exit with 1 if models have changed, and write nothing
    #[arg(long)]
    check: bool,
    /// A name for the migration
    #[arg(short, long)]
    name: Option<String>,
    /// Make a migration without statements, to write them by hand
    #[arg(long)]
    empty: bool,
    /// Write the last migration anew, with what has changed since
    #[arg(long, conflicts_with_all = ["empty", "merge", "apps"])]
    update: bool,
    /// Renumber migrations of another branch that have the numbers of ours
    #[arg(long, conflicts_with_all = ["empty", "name", "apps"])]
    merge: bool,
    /// Print what was found as JSON
    #[arg(long, conflicts_with = "merge")]
    json: bool,
    /// A PostgreSQL server to prove the migrations on, if DATABASE_URL is none
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    flags: Flags,
}

/// Writes migrations for what has changed in the models since the last one.
pub fn run(args: Args) -> Result<()> {
    let place = args.place.find()?;
    if args.merge {
        return runtime()?.block_on(merge::run(&place, &args));
    }
    warn_of_loose_ends(&place.root);
    let found = runtime()?.block_on(plan(&place, &args))?;
    let new = if found.is_nothing() {
        &[]
    } else {
        found.migrations.as_slice()
    };
    if args.json {
        ui::data(report::as_json(new, &found.names))
    } else {
        report::announce(new, &args.apps, &place, &found.names)
    }
    if found.is_nothing() {
        return Ok(());
    }
    if args.check {
        return Err(
            Failure::new("models have changes that are not in a migration yet")
                .hint("backsmith makemigrations")
                .into(),
        );
    }
    carry_out(&files(&place, &found), &args)?;
    if args.is_about_all() && !args.dry_run {
        found.settle(&place);
    }
    Ok(())
}

impl Args {
    /// Whether it is about all that the models say.
    fn is_about_all(&self) -> bool {
        self.apps.is_empty() && !self.empty
    }

    /// Whether there can be no other answer than that nothing has changed, if nothing has.
    fn only_asks(&self) -> bool {
        !self.empty && !self.update && !self.flags.name_anything()
    }
}

/// What is to be written.
#[derive(Debug, Default)]
struct Found {
    migrations: Vec<NewMigration>,
    /// What the tables are called, to tell of them.
    names: Names,
    /// The old one that these take the place of.
    replaced: Option<Taken>,
    /// What they follow from, without the old one.
    files: Option<Files>,
}

impl Found {
    /// Whether all is as it was.
    fn is_nothing(&self) -> bool {
        match (&self.replaced, self.migrations.as_slice()) {
            (None, new) => new.is_empty(),
            (Some(old), [new]) => new.sqlite.up == old.sqlite.up,
            (Some(_), _) => false,
        }
    }

    /// Remembers what the proof has shown: that the migrations, the new ones included, lead to the
    /// models. If all of that is what the files say now.
    fn settle(&self, place: &Place) {
        let (Some(proven), Ok(now)) = (&self.files, Files::read(place)) else {
            return;
        };
        if let Some(question) = now.question().filter(|_| now.is(proven, &self.migrations)) {
            question.settle();
        }
    }
}

fn carry_out(plan: &Plan, args: &Args) -> Result<()> {
    if args.dry_run {
        ui::preview(plan)
    } else {
        apply(plan)?
    }
    Ok(())
}

/// Writes the first migrations of the project in `root`, which has just been made.
pub fn first(root: &Path) -> Result<()> {
    let place = Place::of(&Project::find(root)?);
    let found = runtime()?.block_on(plan(&place, &Args::default()))?;
    apply(&files(&place, &found))
}

/// Whether the models say something that no migration does yet; questions do not matter.
pub async fn has_changes(place: &Place) -> Result<bool> {
    let files = Files::read(place)?;
    let question = files.question();
    if question.as_ref().is_some_and(Question::is_settled) {
        return Ok(false);
    }
    let (models, replayed) = files.both().await?;
    let made = files.managed(&replayed.snapshot.schema, &models);
    let has_changes = models.schema != made;
    if let Some(question) = question.filter(|_| !has_changes) {
        question.settle();
    }
    Ok(has_changes)
}

/// Everything from the sources to proven migrations.
async fn plan(place: &Place, args: &Args) -> Result<Found> {
    check_apps(place, &args.apps)?;
    check_name(args.name.as_deref())?;
    let mut files = Files::read(place)?;
    let question = files.question();
    if args.only_asks() && question.as_ref().is_some_and(Question::is_settled) {
        return Ok(Found::default());
    }
    let (models, names, mut replayed, replaced) = if args.update {
        let models = files.models()?;
        let names = names(place, &models);
        let taken = update::take_last(place, &mut files, &names).await?;
        let replayed = replay::replay(&files.sqlite).await?;
        (models, names, replayed, Some(taken))
    } else {
        let (models, replayed) = files.both().await?;
        let names = names(place, &models);
        (models, names, replayed, None)
    };
    let history = &files.sqlite;
    let groups = if args.empty {
        empty(&args.apps)?
    } else {
        let made = files.managed(&replayed.snapshot.schema, &models);
        let models = without_done(models.clone(), history, &made);
        let operations = questions::settle(&made, &models, &names, &args.flags)?;
        references::check(place, &models, &operations).await?;
        let of_app = |operation: &Operation| app_of(operation, &models, &names);
        partial::of_apps(make::by_app(operations, of_app), &args.apps)?
    };
    let making = Making {
        names: &names,
        number: history.next_number(),
        started: &started(history, &names.apps),
        name: args.name.as_deref(),
    };
    let migrations = make::make(making, groups, &replayed.snapshot)?;
    let mut expected = replayed.snapshot.clone();
    for operation in migrations
        .iter()
        .flat_map(|migration| &migration.operations)
    {
        expected.apply(operation);
    }
    if args.is_about_all() {
        expected.schema = files.with_unmanaged(&models, expected.schema);
    }
    let before = replayed.snapshot.schema.clone();
    verify::verify(&mut replayed, &migrations, &expected.schema).await?;
    if let Some(scratch) = proof::scratch(place, args, &migrations).await? {
        scratch
            .verify(&files.postgres, &migrations, &before, &expected.schema)
            .await?;
    }
    let is_answered = migrations.is_empty() && args.is_about_all() && !args.update;
    if let Some(question) = question.filter(|_| is_answered) {
        question.settle();
    }
    Ok(Found {
        migrations,
        names,
        replaced,
        files: Some(files),
    })
}

/// The models without the renames that the history has carried out: where the new name is there
/// already, the word alone does not tell.
fn without_done(mut models: Models, history: &History, old: &Schema) -> Models {
    models
        .renamed_tables
        .retain(|(from, to)| !old.tables.contains_key(to) || !history.has_renamed_table(from, to));
    models.renamed.retain(|it| {
        let table = old.tables.get(&it.table);
        let is_there = table.is_some_and(|table| table.columns.contains_key(&it.to));
        !is_there || !history.has_renamed_column(&it.table, &it.from, &it.to)
    });
    models
}

fn check_apps(place: &Place, apps: &[String]) -> Result<()> {
    let labels = place.labels();
    match apps.iter().find(|app| !labels.contains(app)) {
        None => Ok(()),
        Some(app) => Err(Failure::new(format!(
            "No installed app with label '{}'.",
            app.escape_debug()
        ))
        .hint(format!("installed are: {}", labels.join(", ")))
        .exit(Exit::Usage)
        .into()),
    }
}

/// The name becomes a part of file names and of sqlx's description.
fn check_name(name: Option<&str>) -> Result<()> {
    let is_word = |name: &str| {
        !name.is_empty()
            && name.len() <= 100
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match name {
        Some(name) if !is_word(name) => Err(Failure::new(format!(
            "`{}` cannot be the name of a migration",
            name.escape_debug()
        ))
        .hint("use lowercase letters, digits and underscores")
        .exit(Exit::Usage)
        .into()),
        _ => Ok(()),
    }
}

fn empty(apps: &[String]) -> Result<Vec<(String, Vec<Operation>)>> {
    if apps.is_empty() {
        return Err(
            Failure::new("you must say which app an empty migration is for")
                .hint("backsmith makemigrations APP --empty")
                .exit(Exit::Usage)
                .into(),
        );
    }
    Ok(apps.iter().map(|app| (app.clone(), Vec::new())).collect())
}

fn names(place: &Place, models: &Models) -> Names {
    Names {
        models: models
            .models
            .iter()
            .map(|(table, model)| (table.clone(), model.name.clone()))
            .collect(),
        apps: place.labels(),
    }
}

/// The app that a change belongs to: its model's, or for a table that has gone the one that its
/// name begins with.
fn app_of(operation: &Operation, models: &Models, names: &Names) -> String {
    if names.apps.iter().all(String::is_empty) {
        return String::new();
    }
    let table = operation.table();
    if let Some(model) = models.models.get(table) {
        return model.app.clone();
    }
    let begins = |app: &&String| {
        table
            .strip_prefix(app.as_str())
            .is_some_and(|rest| rest.starts_with('_'))
    };
    let app = names.apps.iter().filter(begins).max_by_key(|app| app.len());
    app.cloned()
        .unwrap_or_else(|| table.split('_').next().unwrap_or(table).to_owned())
}

/// The apps that have migrations already.
fn started(history: &History, apps: &[String]) -> Vec<String> {
    if apps.iter().all(String::is_empty) {
        let has_some = !history.migrations.is_empty();
        return has_some.then(String::new).into_iter().collect();
    }
    let started = history
        .migrations
        .iter()
        .filter_map(|migration| migration.app_and_title(apps));
    let started: BTreeSet<_> = started.map(|(app, _)| app.to_owned()).collect();
    started.into_iter().collect()
}

fn files(place: &Place, found: &Found) -> Plan {
    let mut plan = Plan::new(&place.root);
    if let Some(taken) = &found.replaced {
        update::replace(&mut plan, place, found, taken);
    }
    for new in &found.migrations {
        for (dialect, migration) in [
            (Dialect::Sqlite, &new.sqlite),
            (Dialect::Postgres, &new.postgres),
        ] {
            let folder = place.folder.join(dialect.folder());
            let old = found.replaced.as_ref().map(|taken| match dialect {
                Dialect::Sqlite => &taken.sqlite,
                Dialect::Postgres => &taken.postgres,
            });
            let old = old.filter(|old| old.name == migration.name);
            for (direction, text) in migration.files() {
                let path = folder.join(format!("{}.{direction}.sql", migration.name));
                let before = old.and_then(|old| old.files().find(|(it, _)| *it == direction));
                match before {
                    Some((_, before)) => plan.edit(path, before, text),
                    None => plan.create(path, text),
                }
            }
        }
    }
    plan
}
