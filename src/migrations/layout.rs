//! The layout of a project: where its models are, and where their migrations go.

use std::env::current_dir;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::database::Database;
use crate::apply::recover;
use crate::env;
use crate::error::Failure;
use crate::project::{MARKER, Project, find_root, read_toml};
use crate::shared::server::Manner;

/// The sources of all models, and the folder of their migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The folder that all other paths are relative to.
    pub root: PathBuf,
    pub apps: Vec<AppModels>,
    /// The folder with one subfolder for each database.
    pub folder: PathBuf,
}

/// The models of one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppModels {
    /// The app's name in its migrations; empty where there are no apps.
    pub label: String,
    /// Files, and folders that are searched for files; not all of them need exist.
    pub sources: Vec<PathBuf>,
}

/// The flags by which a project that backsmith did not make says where things are.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct LayoutArgs {
    /// In any SeaORM project: the file or folder with its entities
    #[arg(long, value_name = "PATH")]
    models: Option<PathBuf>,
    /// In any SeaORM project: the folder of the migrations [default: migrations]
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
}

impl LayoutArgs {
    /// Returns the layout that the flags name, else the one that `backsmith.toml` names, else the project's.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn find(&self) -> Result<Layout> {
        let layout = self.layout()?;
        recover(&layout.root)?;
        Ok(layout)
    }

    fn layout(&self) -> Result<Layout> {
        let here = current_dir().context("could not tell the current folder")?;
        if let Some(models) = &self.models {
            return foreign(&here, models, self.migrations.as_deref());
        }
        let mut layout = match named_in_toml(&here)? {
            Some(layout) => layout,
            None => Layout::of(&Project::find(&here)?),
        };
        if let Some(folder) = &self.migrations {
            layout.folder = here.join(folder);
        }
        Ok(layout)
    }
}

impl Layout {
    /// The layout of a project that backsmith made.
    pub fn of(project: &Project) -> Self {
        let apps = project.apps.iter().map(|app| AppModels {
            label: app.label.clone(),
            sources: vec![app.folder.join("models.rs"), app.folder.join("models")],
        });
        Self {
            root: project.root.clone(),
            apps: apps.collect(),
            folder: "migrations".into(),
        }
    }

    /// The folder of the migrations, absolute.
    pub fn migrations(&self) -> PathBuf {
        self.root.join(&self.folder)
    }

    /// The labels of all apps.
    pub fn labels(&self) -> Vec<String> {
        self.apps.iter().map(|app| app.label.clone()).collect()
    }

    /// The tables that stay though no model is for them: `[migrations] unmanaged` of backsmith.toml.
    ///
    /// # Errors
    ///
    /// If it is not a list of names.
    pub fn unmanaged(&self) -> Result<Vec<String>> {
        let path = self.root.join(MARKER);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let document = read_toml(&path)?;
        let migrations = document.get("migrations");
        let Some(listed) = migrations.and_then(|table| table.get("unmanaged")) else {
            return Ok(Vec::new());
        };
        let names = listed.as_array().map(|array| array.iter());
        let names = names.and_then(|names| {
            let names = names.map(|name| name.as_str().map(str::to_owned));
            names.collect::<Option<Vec<String>>>()
        });
        names.ok_or_else(|| {
            Failure::new(format!(
                "`unmanaged` in `{}` is not a list of tables",
                path.display()
            ))
            .hint("write it so: [migrations] unmanaged = [\"api_task_search\"]")
            .into()
        })
    }

    /// Returns the database at `url`, or the one that the project's settings name for migrations.
    ///
    /// # Errors
    ///
    /// If none is named, or the URL is malformed.
    pub fn database(&self, url: Option<&str>) -> Result<Database> {
        let url = match url {
            Some(url) => Some(url.to_owned()),
            None => match self.setting("MIGRATIONS_DATABASE_URL")? {
                Some(url) if !url.is_empty() => Some(url),
                _ => self.database_url()?,
            },
        };
        let url = url.ok_or_else(|| {
            Failure::new("DATABASE_URL is not set")
                .hint("put it into .env, for example DATABASE_URL=sqlite://db.sqlite3")
        })?;
        Database::from_url(&url, &self.root)
    }

    /// Returns how long a migration waits for tables that others hold, by the project's settings; `tell` is
    /// told of it.
    ///
    /// # Errors
    ///
    /// If the setting is not a number.
    pub fn manner(&self, tell: fn(&str)) -> Result<Manner> {
        let name = "DATABASE_LOCK_TIMEOUT";
        let default = Manner::default();
        let patience = match self.setting(name)?.filter(|value| !value.is_empty()) {
            None => default.patience,
            Some(value) => Duration::from_secs(value.parse().map_err(|_| {
                Failure::new(format!(
                    "{name}={value} is not a number of seconds from 0 on"
                ))
                .hint("correct it in the environment or in .env, or leave it out")
            })?),
        };
        Ok(Manner { patience, tell })
    }

    /// `DATABASE_URL`, from the environment or from `.env`.
    ///
    /// # Errors
    ///
    /// If `.env` cannot be read.
    pub fn database_url(&self) -> Result<Option<String>> {
        self.setting("DATABASE_URL")
    }

    /// A setting, from the environment or from `.env`.
    ///
    /// # Errors
    ///
    /// If `.env` cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        env::setting(&self.root, name)
    }
}

fn foreign(root: &Path, models: &Path, migrations: Option<&Path>) -> Result<Layout> {
    if !root.join(models).exists() {
        return Err(
            Failure::new(format!("there are no models at `{}`", models.display()))
                .hint("name the file or the folder with the entities: --models src/entity")
                .into(),
        );
    }
    let models = models.strip_prefix(root).unwrap_or(models);
    Ok(Layout {
        root: root.to_owned(),
        apps: vec![AppModels {
            label: String::new(),
            sources: vec![models.to_owned()],
        }],
        folder: migrations.unwrap_or(Path::new("migrations")).to_owned(),
    })
}

/// `[migrations] models` and `folder` of the nearest backsmith.toml.
fn named_in_toml(here: &Path) -> Result<Option<Layout>> {
    let Some(root) = find_root(here) else {
        return Ok(None);
    };
    let document = read_toml(&root.join(MARKER))?;
    let named = |key: &str| {
        let value = document
            .get("migrations")
            .and_then(|table| table.get(key)?.as_str());
        value.map(Path::new)
    };
    match named("models") {
        Some(models) => foreign(root, models, named("folder")).map(Some),
        None => Ok(None),
    }
}
