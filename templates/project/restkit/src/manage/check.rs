//! `check`

mod deploy;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use crate::db::migrations::Migrations;
use crate::db::pooler::Way;
use crate::db::{Database, migrations, pooler};
use crate::manage::Failure;
use crate::manage::terminal::{counted, data, in_one_line, say};
use crate::model::column::Column;
use crate::model::columns::Columns;
use crate::rest::guard;
use crate::{Project, Routes, Settings, program};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also look for what is not fit for production
    #[arg(long)]
    deploy: bool,
    /// Print an array of objects with level, message and hint
    #[arg(long)]
    json: bool,
}

/// Something that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    level: Level,
    message: String,
    hint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
}

/// Reports what is wrong with the project; errors make the command fail, warnings do not.
pub(super) async fn run(project: &Project, args: &Args) -> Result<()> {
    let mut problems = apps(project);
    match (project.settings)() {
        Ok(settings) => {
            let applies = args.deploy || !settings.debug;
            problems.extend(
                applies
                    .then(|| deploy::settings(&settings))
                    .into_iter()
                    .flatten(),
            );
            problems.extend(applies.then(deploy::env_file).into_iter().flatten());
            let routes = (project.routes)();
            problems.extend(misrouted(&routes));
            problems.extend(models(project));
            problems.extend(unreached(project, &routes));
            problems.extend(throttles(&settings, &routes));
            problems.extend(applies.then(|| open(&routes)).into_iter().flatten());
            problems.extend(
                applies
                    .then(|| deploy::throttle_store(&settings, &routes))
                    .flatten(),
            );
            problems.extend(database(project, &settings).await);
        }
        Err(error) => problems.push(problem(
            Level::Error,
            error,
            "correct the environment or .env",
        )),
    }
    let is_wrong = problems.iter().any(|it| it.level == Level::Error);
    if args.json {
        data(format!("{:#}", as_json(&problems)));
        // The array says what is wrong.
        return if is_wrong {
            Err(Failure::silent().into())
        } else {
            Ok(())
        };
    }
    for problem in &problems {
        say(format!(
            "{}: {}\n  hint: {}",
            problem.level.word(),
            problem.message,
            problem.hint
        ));
    }
    let issues = match problems.len() {
        0 => "no issues".to_owned(),
        number => counted(number, "issue"),
    };
    let summary = format!("System check identified {issues} (0 silenced).");
    if is_wrong {
        Err(Failure::new(summary).into())
    } else {
        say(summary);
        Ok(())
    }
}

fn as_json(problems: &[Problem]) -> Value {
    let objects = problems.iter().map(|problem| {
        json!({
            "level": problem.level.word().to_lowercase(),
            "message": problem.message,
            "hint": problem.hint,
        })
    });
    objects.collect()
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warning => "WARNING",
        }
    }
}

fn problem(level: Level, message: impl ToString, hint: impl Into<String>) -> Problem {
    Problem {
        level,
        message: message.to_string(),
        hint: hint.into(),
    }
}

fn apps(project: &Project) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let apps = (project.installed_apps)();
    let twice = apps
        .iter()
        .map(|app| app.label())
        .filter(|label| !seen.insert(*label));
    let twice = twice.map(|label| {
        problem(
            Level::Error,
            format!("the app `{label}` is installed twice"),
            "name it once in installed_apps()",
        )
    });
    twice.collect()
}

/// Finds what is odd about the models that are served: it works, and not for long.
fn models(project: &Project) -> Vec<Problem> {
    let apps = (project.installed_apps)();
    // Of indexes in SQL only the migrations tell; what is wrong with these is told below.
    let migrations = Migrations::embedded(project.migrations, "sqlite").ok();
    let has_index = |table: &str, column: &str| {
        let migrations = migrations.as_ref();
        migrations.is_some_and(|all| all.has_index(table, column))
    };
    let mut problems = Vec::new();
    for model in Columns::known() {
        let is_installed = apps.iter().any(|app| app.has_table(model.table));
        if !is_installed {
            problems.push(problem(
                Level::Warning,
                format!(
                    "`{}` is served, and no app of its table is installed",
                    model.table
                ),
                "name the app in installed_apps(), or makemigrations does not see its models",
            ));
        }
        let keys = model
            .all
            .iter()
            .filter_map(|column| Some((column, column.refers.as_ref()?)));
        let is_indexed = |column: &Column| {
            column.is_indexed || column.is_unique || has_index(model.table, column.name)
        };
        for (column, (table, _)) in keys.filter(|(column, _)| !is_indexed(column)) {
            problems.push(problem(
                Level::Warning,
                format!(
                    "`{}.{}` refers to `{table}` and has no index: filters by it, and deletions there, read all rows",
                    model.table, column.name
                ),
                "write #[sea_orm(indexed)] on it, then run backsmith makemigrations",
            ));
        }
    }
    problems
}

/// Apps with routes that the site does not have. Only where the sources are at hand.
fn unreached(project: &Project, routes: &Routes) -> Vec<Problem> {
    let apps = (project.installed_apps)().into_iter();
    let apps = apps.filter(|app| {
        let folder = Path::new("src").join(app.label());
        folder.join("urls.rs").is_file() && !routes.are_named_in(&folder)
    });
    let problems = apps.map(|app| {
        let label = app.label();
        problem(
            Level::Warning,
            format!("the app `{label}` is installed, and none of its routes is nested"),
            format!(
                "add .nest(\"/{label}\", crate::{label}::urls::router()) to the site's urls.rs"
            ),
        )
    });
    problems.collect()
}

/// Routes that the server would refuse to start with.
fn misrouted(routes: &Routes) -> Vec<Problem> {
    let hint = "give one of them another path, in the app's urls.rs or in the site's";
    let problems = routes.problems().into_iter();
    problems
        .map(|words| problem(Level::Error, words, hint))
        .collect()
}

/// Rates that the server would refuse to start with.
fn throttles(settings: &Settings, routes: &Routes) -> Option<Problem> {
    let error = guard::validate(settings, routes).err()?;
    let hint = "a viewset's is in its throttle(), the others in settings()";
    Some(problem(Level::Error, format!("{error:#}"), hint))
}

/// Viewsets that strangers may do everything with.
fn open(routes: &Routes) -> Vec<Problem> {
    let mut views: Vec<(&str, &str)> = Vec::new();
    for route in routes.list() {
        let guard = route.guard();
        let is_open = guard.is_some_and(|guard| guard.permission.is_open());
        // Its other routes are below the first one; another app may have a view of this name.
        let is_named = views
            .iter()
            .any(|(view, path)| *view == route.view && route.path.starts_with(path));
        if is_open && !is_named {
            views.push((&route.view, &route.path));
        }
    }
    let views = views.into_iter().map(|(view, path)| {
        problem(
            Level::Warning,
            format!("the permission of `{view}` is AllowAny: everybody may use {path}"),
            "give it another permission(), such as Permission::IsAuthenticatedOrReadOnly",
        )
    });
    views.collect()
}

async fn database(project: &Project, settings: &Settings) -> Vec<Problem> {
    let way = match Database::from_url(&settings.database_url) {
        Ok(database) => database.way().await.ok(),
        Err(_) => None,
    };
    if way == Some(Way::Mixed) {
        return vec![problem(
            Level::Error,
            pooler::MIXES_STATEMENTS,
            pooler::HINT,
        )];
    }
    match standing(project, settings).await {
        Ok((number, ahead)) => {
            let ahead = ahead.map(|words| {
                let hint = "start the newer program, or take the migration back with it";
                problem(Level::Warning, words, hint)
            });
            let pending = (number > 0).then(|| {
                let hint = format!("run {}", program::command("migrate"));
                problem(Level::Warning, migrations::not_applied(number), hint)
            });
            ahead.into_iter().chain(pending).collect()
        }
        Err(error) => vec![problem(
            Level::Error,
            in_one_line(&error),
            "see DATABASE_URL, and whether the server runs",
        )],
    }
}

/// How many migrations are not applied, and whether the database has some that are not here.
async fn standing(project: &Project, settings: &Settings) -> Result<(usize, Option<String>)> {
    let database = Database::from_url(&settings.database_url)?;
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let standing = migrations::standing(&database, &all).await?;
    Ok((
        standing.pending.len(),
        migrations::is_ahead(&standing.unknown),
    ))
}

#[cfg(test)]
mod tests;
