//! A backsmith project on the disk, read once into a value.

mod wiring;

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::DocumentMut;

use crate::apply::recover;
use crate::env;
use crate::error::{Failure, OTHERWISE, unread};
use crate::rust::edit;

pub use wiring::warn_of_loose_ends;

/// The file that marks a project's root.
pub const MARKER: &str = "backsmith.toml";

/// The paths of a project, and the text of the files that commands edit.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that holds `backsmith.toml`.
    pub root: PathBuf,
    /// The Cargo package, which is also the name of its program.
    pub package: String,
    /// The module with settings and routes: `src/<module>/`.
    pub module: String,
    /// The apps of `installed_apps()`, in its order.
    pub apps: Vec<AppSource>,
    /// The folder of its restkit, below the root.
    pub kit: PathBuf,
    pub lib: Source,
    pub settings: Source,
    pub urls: Source,
}

/// An installed app: where its code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSource {
    /// The name that its migrations and tables begin with, for example `api`.
    pub label: String,
    /// Its folder below the root, for example `src/api`; models are in `models.rs` or `models/*.rs`.
    pub folder: PathBuf,
}

/// A file of the project as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Relative to the root.
    pub path: PathBuf,
    pub text: String,
}

impl Project {
    /// Reads the project that `folder` is in.
    ///
    /// # Errors
    ///
    /// If there is none, its settings cannot be understood, or an installed app has no folder.
    pub fn find(folder: &Path) -> Result<Self> {
        if let Some(root) = find_root(folder) {
            recover(root)?; // which may take the very marker away
        }
        let root = find_root(folder).ok_or_else(|| no_project(folder))?;
        Self::read(root)
    }

    fn read(root: &Path) -> Result<Self> {
        let module = settings_module(root)?;
        let package = package(root)?;
        let source = |path: PathBuf| read_source(root, path);
        let lib = source("src/lib.rs".into())?;
        let settings = source(format!("src/{module}/settings.rs").into())?;
        let urls = source(format!("src/{module}/urls.rs").into())?;
        let apps = apps(root, &settings.text)
            .with_context(|| format!("could not read the apps in `{}`", settings.path.display()))?;
        apps.iter().try_for_each(|app| has_folder(root, app))?;
        Ok(Self {
            root: root.to_owned(),
            package,
            module,
            apps,
            kit: dependency_folder(root, "restkit"),
            lib,
            settings,
            urls,
        })
    }

    /// The apps whose code is the project's own, and not a dependency's.
    pub fn own_apps(&self) -> impl Iterator<Item = &AppSource> {
        let apps = self.apps.iter();
        apps.filter(|app| app.folder.starts_with("src"))
    }

    /// The folder with one subfolder of migrations for each database.
    pub fn migrations(&self) -> PathBuf {
        self.root.join("migrations")
    }

    /// `DATABASE_URL`, from the environment or from `.env`.
    pub fn database_url(&self) -> Result<Option<String>> {
        env::setting(&self.root, "DATABASE_URL")
    }
}

/// The nearest folder with a `backsmith.toml`, from `folder` upwards.
pub(crate) fn find_root(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|candidate| candidate.join(MARKER).is_file())
}

fn no_project(folder: &Path) -> Failure {
    Failure::new(format!(
        "`{}` is not in a backsmith project: there is no `{MARKER}` in it or above it",
        folder.display()
    ))
    .hint("change to a project's folder, or make one: backsmith startproject NAME")
}

/// `[project] module` of backsmith.toml.
fn settings_module(root: &Path) -> Result<String> {
    let document = read_toml(&root.join(MARKER))?;
    let module = document
        .get("project")
        .and_then(|project| project.get("module")?.as_str());
    module.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!(
            "`{}` does not say where the settings are",
            root.join(MARKER).display()
        ))
        .hint("add the name of the module that holds settings.rs: [project] module = \"core\"")
        .into()
    })
}

/// `[package] name` of Cargo.toml.
fn package(root: &Path) -> Result<String> {
    let path = root.join("Cargo.toml");
    let document = read_toml(&path)?;
    let name = document
        .get("package")
        .and_then(|package| package.get("name")?.as_str());
    name.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("`{}` names no package", path.display()))
            .hint("backsmith.toml belongs beside the Cargo.toml of the project's package")
            .into()
    })
}

/// Reads a file of TOML.
pub(crate) fn read_toml(path: &Path) -> Result<DocumentMut> {
    let text = fs::read_to_string(path).map_err(|error| unread(error, path, OTHERWISE))?;
    text.parse().with_context(|| {
        Failure::new(format!("`{}` is not valid TOML", path.display()))
            .hint("correct that line, then run the command again")
    })
}

fn read_source(root: &Path, path: PathBuf) -> Result<Source> {
    let full = root.join(&path);
    let otherwise = format!(
        "`{MARKER}` names the module with settings.rs and urls.rs; correct it there if it was renamed"
    );
    let text = fs::read_to_string(&full).map_err(|error| unread(error, &full, &otherwise))?;
    Ok(Source { path, text })
}

fn apps(root: &Path, settings: &str) -> Result<Vec<AppSource>> {
    let paths = edit::installed_apps(settings)?;
    let folder_of = |dependency: &str| dependency_folder(root, dependency);
    paths
        .iter()
        .map(|path| app_source(path, folder_of))
        .collect()
}

/// The folder of a dependency below the root: where Cargo.toml says it is, or else one of its name.
fn dependency_folder(root: &Path, name: &str) -> PathBuf {
    let manifest = read_toml(&root.join("Cargo.toml")).ok();
    let path = manifest.as_ref().and_then(|manifest| {
        let dependency = manifest.get("dependencies")?.get(name)?;
        dependency.get("path")?.as_str()
    });
    let parts = Path::new(path.unwrap_or(name)).components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

fn has_folder(root: &Path, app: &AppSource) -> Result<()> {
    if root.join(&app.folder).is_dir() {
        return Ok(());
    }
    let folder = app.folder.display();
    let label = &app.label;
    Err(Failure::new(format!(
        "the installed app `{label}` has no folder `{folder}`"
    ))
    .hint("remove it from installed_apps(), or put its folder back")
    .into())
}

/// `crate::api::app` is the folder `src/api`, `restkit::auth::app` is `restkit/src/auth`.
fn app_source(path: &[String], folder_of: impl Fn(&str) -> PathBuf) -> Result<AppSource> {
    match path {
        [root, modules @ .., label, _function] => {
            let mut folder = match root.as_str() {
                "crate" => PathBuf::from("src"),
                dependency => folder_of(dependency).join("src"),
            };
            folder.extend(modules);
            folder.push(label);
            Ok(AppSource {
                label: label.clone(),
                folder,
            })
        }
        _ => Err(Failure::new(format!(
            "`{}()` does not name an app's module",
            path.join("::")
        ))
        .hint("write it with its path, for example `crate::api::app()`")
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(path: &str) -> Result<AppSource> {
        let path: Vec<_> = path.split("::").map(str::to_owned).collect();
        app_source(&path, |name| name.into())
    }

    #[test]
    fn an_apps_folder_follows_from_its_path() {
        let own = folder_of("crate::api::app").unwrap();
        assert_eq!(
            (own.label.as_str(), own.folder),
            ("api", PathBuf::from("src/api"))
        );
        let kit = folder_of("restkit::auth::app").unwrap();
        assert_eq!(kit.folder, PathBuf::from("restkit/src/auth"));
        let nested = folder_of("crate::shop::cart::app").unwrap();
        assert_eq!(
            (nested.label.as_str(), nested.folder),
            ("cart", PathBuf::from("src/shop/cart"))
        );
        assert!(folder_of("app").is_err());
    }
}
