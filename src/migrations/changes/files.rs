//! The models and the migrations of a project, both read at once.

use std::panic::resume_unwind;
use std::thread;

use anyhow::{Context, Result};
use tokio::task::spawn_blocking;

use crate::migrations::make::NewMigration;
use crate::migrations::replay::{self, Replayed};
use crate::migrations::verified_cache::CacheKey;
use crate::migrations::{History, Layout, Migration, models};
use crate::schema::parse::{Models, Source};
use crate::schema::{Dialect, Schema};

/// The files of a project, as they are.
#[derive(Debug)]
pub(super) struct Files {
    pub sources: Vec<Source>,
    pub sqlite: History,
    pub postgres: History,
    unmanaged: Vec<String>,
}

impl Files {
    /// Reads the models' source and the migrations.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the two dialects do not have the same migrations.
    pub(super) fn read(layout: &Layout) -> Result<Self> {
        let folder = layout.migrations();
        // Opening thousands of files is most of what a look at a long history takes.
        let (sqlite, postgres) = thread::scope(|scope| {
            let sqlite = scope.spawn(|| History::read(&folder, Dialect::Sqlite));
            let postgres = History::read(&folder, Dialect::Postgres);
            (sqlite.join(), postgres)
        });
        let (sqlite, postgres) = (
            sqlite.unwrap_or_else(|panic| resume_unwind(panic))?,
            postgres?,
        );
        sqlite.check_against(&postgres, Dialect::Sqlite, Dialect::Postgres)?;
        Ok(Self {
            sources: models::sources(layout)?,
            sqlite,
            postgres,
            unmanaged: layout.unmanaged()?,
        })
    }

    /// The key under which the cache remembers that these need no migration.
    pub(super) fn key(&self) -> Option<CacheKey> {
        let histories = [&self.sqlite, &self.postgres];
        CacheKey::of(&self.sources, histories, &self.unmanaged)
    }

    /// Returns whether these are `before` with `new` after them.
    pub(super) fn is(&self, before: &Self, new: &[NewMigration]) -> bool {
        let follows = |now: &History, before: &History, new: Vec<&Migration>| {
            let all = before.migrations.iter().chain(new);
            now.migrations.iter().eq(all)
        };
        self.sources == before.sources
            && self.unmanaged == before.unmanaged
            && follows(
                &self.sqlite,
                &before.sqlite,
                new.iter().map(|it| &it.sqlite).collect(),
            )
            && follows(
                &self.postgres,
                &before.postgres,
                new.iter().map(|it| &it.postgres).collect(),
            )
    }

    /// Parses the models.
    ///
    /// # Errors
    ///
    /// If they do not parse.
    pub(super) fn models(&self) -> Result<Models> {
        models::parsed(&self.sources)
    }

    /// Parses the models and replays the migrations, at the same time.
    ///
    /// # Errors
    ///
    /// If the models do not parse or a migration fails.
    pub(super) async fn both(&self) -> Result<(Models, Replayed)> {
        let sources = self.sources.clone();
        let parsing = spawn_blocking(move || models::parsed(&sources));
        let replayed = replay::replay(&self.sqlite).await;
        let models = parsing.await.context("could not read the models")??;
        Ok((models, replayed?))
    }

    /// The tables of `schema` that models are for; the others are unmanaged.
    pub(super) fn managed(&self, schema: &Schema, models: &Models) -> Schema {
        let mut managed = schema.clone();
        managed
            .tables
            .retain(|table, _| !self.is_unmanaged(table, models));
        managed
    }

    /// Returns the schema of `models` with the unmanaged tables of `schema` added.
    pub(super) fn with_unmanaged(&self, models: &Models, schema: Schema) -> Schema {
        let mut all = models.schema.clone();
        let tables = schema.tables.into_iter();
        all.tables
            .extend(tables.filter(|(table, _)| self.is_unmanaged(table, models)));
        all
    }

    fn is_unmanaged(&self, table: &String, models: &Models) -> bool {
        self.unmanaged.contains(table) && !models.schema.tables.contains_key(table)
    }
}
