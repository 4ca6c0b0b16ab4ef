//! A new project: the rendered tree, with its own secret, package name and lock file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::name::{AppName, ModelName, ProjectName, package_name};
use crate::plan::{FileKind, Plan, Step};
use crate::scaffold::answers::{Answers, Database};
use crate::scaffold::app::NewApp;
use crate::scaffold::lockfile::{self, Lock};
use crate::scaffold::parts::{self, Part};
use crate::scaffold::templates::{Rendered, Templates};
use crate::scaffold::{app, lock};

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
    /// Templates of a team, the tree `project/`, over ours.
    pub templates: Option<Templates>,
}

/// The project's Cargo package, which follows from its folder.
pub fn package_of(root: &Path) -> Result<String> {
    let templates = Templates::own();
    let lock = templates.text("project/Cargo.lock")?;
    let folder = root.file_name().unwrap_or_default().to_string_lossy();
    Ok(package_name(&folder, &lock::packages(lock)))
}

/// All files of `project` with these parts, with `secret_key` in its `.env`.
pub fn plan(project: &NewProject, parts: &[Part], secret_key: &str) -> Result<Plan> {
    let answers = Answers {
        module: project.name.as_ref().to_owned(),
        package: package_of(&project.root)?,
        database: project.database,
        parts: parts.to_vec(),
    };
    let mut plan = Plan::new(&project.root);
    let version = env!("CARGO_PKG_VERSION");
    let ours = files(&Templates::own(), version, &answers, secret_key)?;
    // What a team made otherwise is to `upgrade` as if it had been changed afterwards.
    let lock = Lock::of(version, &answers, &ours);
    let files = match &project.templates {
        None => ours,
        Some(templates) => {
            let templates = Templates::own().overlaid(templates.clone());
            files(&templates, version, &answers, secret_key)?
        }
    };
    for file in files {
        let kind = if file.path.as_os_str() == ".env" {
            FileKind::Secret
        } else {
            FileKind::Plain
        };
        plan.create_as(kind, file.path, file.contents);
    }
    plan.create(lockfile::NAME, lock.to_string());
    plan.steps.sort_by(|a, b| a.path().cmp(b.path()));
    if let Some(name) = &project.app {
        add_app(&mut plan, &project.name, name)?;
    }
    Ok(plan)
}

/// The files that the `templates` of a version make of a project.
///
/// # Errors
///
/// If a template is wrong, or a part cannot be added.
pub fn files(
    templates: &Templates,
    version: &str,
    answers: &Answers,
    secret_key: &str,
) -> Result<Vec<Rendered>> {
    let values = values(version, answers, secret_key);
    let mut plan = Plan::default();
    for file in templates.render("project", &answers.module, &values)? {
        let contents = if file.path.as_os_str() == "Cargo.lock" {
            lock::for_package(std::str::from_utf8(&file.contents)?, &answers.package).into_bytes()
        } else {
            file.contents
        };
        plan.create(file.path, contents);
    }
    for part in &answers.parts {
        parts::add(&mut plan, templates, *part, &answers.package, None)?;
    }
    let rendered = plan.steps.into_iter().filter_map(|step| match step {
        Step::Create { path, contents, .. } => Some(Rendered { path, contents }),
        _ => None,
    });
    Ok(rendered.collect())
}

fn values(version: &str, answers: &Answers, secret_key: &str) -> tera::Context {
    let package = &answers.package;
    let database_url = match answers.database {
        Database::Sqlite => "sqlite://db.sqlite3".to_owned(),
        Database::Postgres => format!("postgres://postgres:postgres@localhost:5432/{package}"),
    };
    let mut values = tera::Context::new();
    values.insert("name", &answers.module);
    values.insert("package", package);
    values.insert("crate_name", &package.replace('-', "_"));
    values.insert("secret_key", secret_key);
    values.insert("database_url", &database_url);
    values.insert("version", version);
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
    let app = NewApp::with_model(name.clone(), ModelName::task());
    app::add(&mut edits, &app, anchors)?;
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
