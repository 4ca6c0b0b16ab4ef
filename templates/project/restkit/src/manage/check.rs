//! `check`

use std::collections::BTreeSet;

use anyhow::Result;

use crate::db::{Database, migrations::Migrations};
use crate::manage::terminal::say;
use crate::manage::{Failure, migrate};
use crate::{Project, Settings};

/// Shorter keys can be guessed in a lifetime.
const MIN_SECRET: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also look for what is not fit for production
    #[arg(long)]
    deploy: bool,
}

/// Something that is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
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
            problems.extend(production(&settings, args.deploy || !settings.debug));
            problems.extend(database(project, &settings).await);
        }
        Err(error) => problems.push(problem(
            Level::Error,
            error,
            "correct the environment or .env",
        )),
    }
    for problem in &problems {
        let level = match problem.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
        };
        say(format!(
            "{level}: {}\n  hint: {}",
            problem.message, problem.hint
        ));
    }
    let issues = match problems.len() {
        0 => "no issues".to_owned(),
        1 => "1 issue".to_owned(),
        number => format!("{number} issues"),
    };
    let summary = format!("System check identified {issues} (0 silenced).");
    match problems.iter().any(|problem| problem.level == Level::Error) {
        true => Err(Failure::new(summary).into()),
        false => {
            say(summary);
            Ok(())
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

/// What must hold where strangers come by.
fn production(settings: &Settings, applies: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut find = |level, is_wrong: bool, message: &str, hint: &str| {
        if is_wrong {
            problems.push(problem(level, message, hint));
        }
    };
    let secret = &settings.secret_key;
    let kinds = secret.chars().collect::<BTreeSet<_>>().len();
    if applies {
        find(
            Level::Error,
            secret.is_empty(),
            "SECRET_KEY is not set",
            "set it to 50 random characters or more",
        );
        let is_weak = !secret.is_empty() && (secret.chars().count() < MIN_SECRET || kinds < 5);
        find(
            Level::Warning,
            is_weak,
            "SECRET_KEY can be guessed",
            "set it to 50 random characters or more",
        );
        find(
            Level::Error,
            settings.allowed_hosts.is_empty() && !settings.debug,
            "ALLOWED_HOSTS is empty while DEBUG is off: every request is refused",
            "name the hosts that the site answers to, separated by commas",
        );
        let any = settings.allowed_hosts.iter().any(|host| host == "*");
        find(
            Level::Warning,
            any,
            "ALLOWED_HOSTS allows every host",
            "name the hosts that the site answers to",
        );
        find(
            Level::Warning,
            settings.debug,
            "DEBUG is on: errors show how the site is made",
            "set DEBUG=false in production",
        );
    }
    problems
}

async fn database(project: &Project, settings: &Settings) -> Vec<Problem> {
    match unapplied(project, settings).await {
        Ok(0) => Vec::new(),
        Ok(number) => vec![problem(
            Level::Warning,
            migrate::not_applied(number),
            "run migrate",
        )],
        Err(error) => vec![problem(
            Level::Error,
            format!("{error:#}"),
            "see DATABASE_URL, and whether the server runs",
        )],
    }
}

async fn unapplied(project: &Project, settings: &Settings) -> Result<usize> {
    let dialect = Database::from_url(&settings.database_url)?.dialect();
    let all = Migrations::embedded(project.migrations, dialect)?;
    Ok(migrate::pending(settings, &all).await?.len())
}
