//! Finds changes in the models since the last migration, and makes the migrations for them.

mod apps;
mod files;
mod partial;
mod references;
mod scratch;
mod update;

use std::path::Path;

use anyhow::Result;
use clap_complete::ArgValueCompleter;

use crate::apply::apply;
use crate::error::{Exit, Failure};
use crate::migrations::make::{self, Making, NewMigration};
use crate::migrations::verified_cache::CacheKey;
use crate::migrations::{History, Layout, candidates, replay, runtime, verify, writing};
use crate::plan::Plan;
use crate::project::Project;
use crate::questions::{self, Flags};
use crate::schema::operation::{Names, Operation};
use crate::schema::parse::{Models, Source};
use crate::schema::{Dialect, Schema};

use files::Files;
use update::Taken;

/// The changes to look for, and how.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// Only these apps
    #[arg(add = ArgValueCompleter::new(candidates::apps))]
    pub apps: Vec<String>,
    /// A name for the migration
    #[arg(short, long)]
    name: Option<String>,
    /// Make a migration without statements, to write them by hand
    #[arg(long)]
    empty: bool,
    /// Write the last migration again, with what has changed since
    #[arg(long, conflicts_with_all = ["empty", "merge", "apps"])]
    update: bool,
    /// A PostgreSQL server to prove the migrations on, if DATABASE_URL is none
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

impl Options {
    /// Options for a change that is settled: these answers, and a name.
    pub fn settled(flags: Flags, name: Option<String>) -> Self {
        Self {
            name,
            flags,
            ..Self::default()
        }
    }

    /// Returns whether they are about all that the models say.
    pub fn are_about_all(&self) -> bool {
        self.apps.is_empty() && !self.empty
    }

    /// Returns whether nothing can be found if nothing has changed.
    fn only_ask(&self) -> bool {
        !self.empty && !self.update && !self.flags.name_anything()
    }
}

/// The migrations for what has changed.
#[derive(Debug, Default)]
pub struct Changes {
    pub migrations: Vec<NewMigration>,
    /// The names of models and apps, for messages.
    pub names: Names,
    /// The old one that these take the place of.
    replaced: Option<Taken>,
    /// The files that the migrations follow from, without the old one.
    files: Option<Files>,
}

impl Changes {
    /// Returns whether all is as it was.
    pub fn is_nothing(&self) -> bool {
        match (&self.replaced, self.migrations.as_slice()) {
            (None, new) => new.is_empty(),
            (Some(old), [new]) => new.sqlite.up == old.sqlite.up,
            (Some(_), _) => false,
        }
    }

    /// Remembers what the proof has shown, that the migrations and the new ones lead to the models, if
    /// the files still say all of that.
    pub fn remember(&self, layout: &Layout) {
        let (Some(proven), Ok(now)) = (&self.files, Files::read(layout)) else {
            return;
        };
        if let Some(key) = now.key().filter(|_| now.is(proven, &self.migrations)) {
            key.remember();
        }
    }

    /// Adds statements to the end of each new migration, and others to the end of its way back.
    pub fn append(&mut self, up: &str, down: &str) {
        for migration in &mut self.migrations {
            for dialect in [&mut migration.sqlite, &mut migration.postgres] {
                dialect.up.push_str(up);
                if let Some(back) = &mut dialect.down {
                    back.push_str(down);
                }
            }
        }
    }

    /// Plans the files of the new migrations.
    pub fn plan(&self, layout: &Layout) -> Plan {
        let mut plan = Plan::new(&layout.root);
        if let Some(taken) = &self.replaced {
            taken.replace(&mut plan, layout, &self.migrations);
        }
        for new in &self.migrations {
            for dialect in Dialect::ALL {
                let old = self.replaced.as_ref().map(|taken| taken.of(dialect));
                let folder = layout.folder.join(dialect.folder());
                writing::write(&mut plan, &folder, new.of(dialect), old);
            }
        }
        plan
    }
}

/// Finds out what has changed in the models since the last migration, and proves the migrations for it.
///
/// # Errors
///
/// If the models do not parse, a question stays open (exit code 3), or a migration does not do what it must.
pub async fn find(layout: &Layout, options: &Options) -> Result<Changes> {
    check_apps(layout, &options.apps)?;
    check_name(options.name.as_deref())?;
    find_in(Files::read(layout)?, layout, options).await
}

/// As [`find`], for models whose files are about to be changed to `sources`.
///
/// # Errors
///
/// As for [`find`].
pub async fn find_after(
    layout: &Layout,
    sources: Vec<Source>,
    options: &Options,
) -> Result<Changes> {
    let mut files = Files::read(layout)?;
    files.sources = sources;
    find_in(files, layout, options).await
}

async fn find_in(mut files: Files, layout: &Layout, options: &Options) -> Result<Changes> {
    let key = files.key();
    if options.only_ask() && key.as_ref().is_some_and(CacheKey::is_verified) {
        return Ok(Changes::default());
    }
    let (models, names, mut replayed, replaced) = if options.update {
        let models = files.models()?;
        let names = apps::names(layout, &models);
        let taken = update::take_last(layout, &mut files, &names).await?;
        let replayed = replay::replay(&files.sqlite).await?;
        (models, names, replayed, Some(taken))
    } else {
        let (models, replayed) = files.both().await?;
        let names = apps::names(layout, &models);
        (models, names, replayed, None)
    };
    let history = &files.sqlite;
    let groups = if options.empty {
        empty(&options.apps)?
    } else {
        let made = files.managed(&replayed.snapshot.schema, &models);
        let models = without_done(models.clone(), history, &made);
        let operations = questions::settle(&made, &models, &names, &options.flags)?;
        references::check(layout, &models, &operations).await?;
        let of_app = |operation: &Operation| apps::app_of(operation, &models, &names);
        partial::of_apps(make::by_app(operations, of_app), &options.apps)?
    };
    let making = Making {
        names: &names,
        number: history.next_number(),
        started: &apps::started(history, &names.apps),
        name: options.name.as_deref(),
    };
    let migrations = make::make(making, groups, &replayed.snapshot)?;
    let mut expected = replayed.snapshot.clone();
    for operation in migrations
        .iter()
        .flat_map(|migration| &migration.operations)
    {
        expected.apply(operation);
    }
    if options.are_about_all() {
        expected.schema = files.with_unmanaged(&models, expected.schema);
    }
    let before = replayed.snapshot.schema.clone();
    verify::verify(&mut replayed, &migrations, &expected.schema).await?;
    if let Some(scratch) = scratch::open(layout, options, &migrations).await? {
        scratch
            .verify(&files.postgres, &migrations, &before, &expected.schema)
            .await?;
    }
    let is_answered = migrations.is_empty() && options.are_about_all() && !options.update;
    if let Some(key) = key.filter(|_| is_answered) {
        key.remember();
    }
    Ok(Changes {
        migrations,
        names,
        replaced,
        files: Some(files),
    })
}

/// Returns whether the models say something that no migration does yet; questions do not matter.
///
/// # Errors
///
/// If the models do not parse or the migrations cannot be replayed.
pub async fn exist(layout: &Layout) -> Result<bool> {
    let files = Files::read(layout)?;
    let key = files.key();
    if key.as_ref().is_some_and(CacheKey::is_verified) {
        return Ok(false);
    }
    let (models, replayed) = files.both().await?;
    let made = files.managed(&replayed.snapshot.schema, &models);
    let has_changes = models.schema != made;
    if let Some(key) = key.filter(|_| !has_changes) {
        key.remember();
    }
    Ok(has_changes)
}

/// Writes the first migrations of the project in `root`, which has just been made.
///
/// # Errors
///
/// As for [`find`]; or if a file cannot be written.
pub fn first(root: &Path) -> Result<Plan> {
    let layout = Layout::of(&Project::find(root)?);
    let found = runtime()?.block_on(find(&layout, &Options::default()))?;
    let plan = found.plan(&layout);
    apply(&plan)?;
    Ok(plan)
}

/// The models without the renames that the history has carried out: where the new name is there
/// already, the word does not tell.
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

fn check_apps(layout: &Layout, apps: &[String]) -> Result<()> {
    let labels = layout.labels();
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
