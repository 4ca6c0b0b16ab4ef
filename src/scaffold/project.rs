//! A new project: the rendered tree, with its own secret, package name and lock file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::name::{AppName, ModelName, ProjectName, package_name};
use crate::plan::{FileKind, Plan, Step};
use crate::scaffold::app::Contents;
use crate::scaffold::{app, lock, templates};

/// The choices for a new project.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// The module of settings and routes.
    pub name: ProjectName,
    /// The folder to fill, absolute; its last part names the Cargo package.
    pub root: PathBuf,
    pub database: Database,
    /// A first app, wired in from the start.
    pub app: Option<AppName>,
}

/// The database that `.env` points at; every project runs on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Database {
    /// A file in the project's folder: nothing to install.
    #[default]
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The project's Cargo package, which follows from its folder.
pub fn package_of(root: &Path) -> Result<String> {
    let lock = templates::text("project/Cargo.lock")?;
    let folder = root.file_name().unwrap_or_default().to_string_lossy();
    Ok(package_name(&folder, &lock::packages(lock)))
}

/// All files of `project`, with `secret_key` in its `.env`.
pub fn plan(project: &NewProject, secret_key: &str) -> Result<Plan> {
    let package = package_of(&project.root)?;
    let values = values(project, &package, secret_key);
    let mut plan = Plan::new(&project.root);
    for file in templates::render("project", project.name.as_ref(), &values)? {
        let contents = if file.path.as_os_str() == "Cargo.lock" {
            lock::for_package(std::str::from_utf8(&file.contents)?, &package).into_bytes()
        } else {
            file.contents
        };
        let kind = if file.path.as_os_str() == ".env" {
            FileKind::Secret
        } else {
            FileKind::Plain
        };
        plan.create_as(kind, file.path, contents);
    }
    if let Some(name) = &project.app {
        add_app(&mut plan, &project.name, name)?;
    }
    Ok(plan)
}

fn values(project: &NewProject, package: &str, secret_key: &str) -> tera::Context {
    let database_url = match project.database {
        Database::Sqlite => "sqlite://db.sqlite3".to_owned(),
        Database::Postgres => format!("postgres://postgres:postgres@localhost:5432/{package}"),
    };
    let mut values = tera::Context::new();
    values.insert("name", project.name.as_ref());
    values.insert("package", package);
    values.insert("crate_name", &package.replace('-', "_"));
    values.insert("secret_key", secret_key);
    values.insert("database_url", &database_url);
    values.insert("version", env!("CARGO_PKG_VERSION"));
    values
}

/// Wires an app into files that are themselves still to be created.
fn add_app(plan: &mut Plan, project: &ProjectName, name: &AppName) -> Result<()> {
    let source = |path: &str| app::source_of(plan, Path::new(path));
    let lib = source("src/lib.rs")?;
    let settings = source(&format!("src/{project}/settings.rs"))?;
    let urls = source(&format!("src/{project}/urls.rs"))?;
    let anchors = app::Anchors {
        lib: &lib,
        settings: &settings,
        urls: &urls,
    };
    let mut edits = Plan::new(&plan.root);
    app::add(
        &mut edits,
        name,
        &Contents::Model(ModelName::task()),
        anchors,
    )?;
    for step in edits.steps {
        match step {
            Step::Edit { path, after, .. } => replace(plan, &path, after)?,
            created => plan.steps.push(created),
        }
    }
    Ok(())
}

fn replace(plan: &mut Plan, path: &Path, text: String) -> Result<()> {
    let contents = plan.steps.iter_mut().find_map(|step| match step {
        Step::Create {
            path: created,
            contents,
            ..
        } if created == path => Some(contents),
        _ => None,
    });
    *contents.with_context(|| format!("the templates make no `{}`", path.display()))? =
        text.into_bytes();
    Ok(())
}
