//! Where models are and where their migrations go: in a project of ours, or in any other.

use std::env::current_dir;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::apply::recover;
use crate::env;
use crate::error::Failure;
use crate::project::{MARKER, Project, find_root, read_toml};

/// Where the models of all apps are, and the folder of their migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What all other paths are relative to.
    pub root: PathBuf,
    pub apps: Vec<AppModels>,
    /// The folder with one subfolder for each database.
    pub folder: PathBuf,
}

/// The models of one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppModels {
    /// What its migrations are called after; empty where there are no apps.
    pub label: String,
    /// Files, and folders that are searched for files; not all of them need exist.
    pub sources: Vec<PathBuf>,
}

/// The flags by which a project that backsmith did not make says where things are.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct PlaceArgs {
    /// In any SeaORM project: the file or folder with its entities
    #[arg(long, value_name = "PATH")]
    models: Option<PathBuf>,
    /// In any SeaORM project: the folder of the migrations [default: migrations]
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
}

impl PlaceArgs {
    /// The place that the flags name, else the one that `backsmith.toml` names, else the project's.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn find(&self) -> Result<Place> {
        let place = self.place()?;
        recover(&place.root)?;
        Ok(place)
    }

    fn place(&self) -> Result<Place> {
        let here = current_dir().context("could not tell the current folder")?;
        if let Some(models) = &self.models {
            return foreign(&here, models, self.migrations.as_deref());
        }
        let mut place = match named_in_toml(&here)? {
            Some(place) => place,
            None => Place::of(&Project::find(&here)?),
        };
        if let Some(folder) = &self.migrations {
            place.folder = here.join(folder);
        }
        Ok(place)
    }
}

impl Place {
    /// The place of a project of ours.
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
    /// If it is no list of names.
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
                "`unmanaged` in `{}` is no list of tables",
                path.display()
            ))
            .hint("write it so: [migrations] unmanaged = [\"api_task_search\"]")
            .into()
        })
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

fn foreign(root: &Path, models: &Path, migrations: Option<&Path>) -> Result<Place> {
    if !root.join(models).exists() {
        return Err(
            Failure::new(format!("there are no models at `{}`", models.display()))
                .hint("name the file or the folder with the entities: --models src/entity")
                .into(),
        );
    }
    let models = models.strip_prefix(root).unwrap_or(models);
    Ok(Place {
        root: root.to_owned(),
        apps: vec![AppModels {
            label: String::new(),
            sources: vec![models.to_owned()],
        }],
        folder: migrations.unwrap_or(Path::new("migrations")).to_owned(),
    })
}

/// `[migrations] models` and `folder` of the nearest backsmith.toml.
fn named_in_toml(here: &Path) -> Result<Option<Place>> {
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
