//! Resolves the APP and TARGET arguments of `migrate` to a migration number.

use anyhow::Result;

use super::{History, Migration};
use crate::error::{Exit, Failure};

/// The number of the last migration that is to be applied, for `migrate [APP] [TARGET]`.
///
/// # Errors
///
/// If there is no such migration, or if an app cannot go there without the others.
pub fn find(history: &History, apps: &[String], named: &[&str]) -> Result<i64> {
    match named {
        [] => Ok(history.next_number() - 1),
        ["zero"] => Ok(0),
        [target] => one(history, apps, target).ok_or_else(|| missing(history, apps, target).into()),
        [app, target, ..] => of_app(history, apps, app, target),
    }
}

/// The migration that `target` names without its app.
fn one(history: &History, apps: &[String], target: &str) -> Option<i64> {
    let number = target.parse::<i64>().ok();
    let is_named = |migration: &&Migration| {
        migration.name == target
            || Some(migration.number) == number
            || migration.shown(apps) == target
            || migration.name.starts_with(&format!("{target}_"))
    };
    let found = history.migrations.iter().find(is_named);
    found.map(|migration| migration.number)
}

fn missing(history: &History, apps: &[String], target: &str) -> Failure {
    let last = of(history, apps, target).last();
    if apps.iter().any(|app| app == target) { Failure::new(format!(
            "`{target}` is an app, and the history is one line for all apps: say how far along it"
        ))
        .hint(match last {
            Some(last) => format!(
                "`backsmith migrate` applies all; `backsmith migrate {target} {:04}` goes to the last migration of `{target}`",
                last.number
            ),
            None => format!("`{target}` has no migrations: backsmith makemigrations {target}"),
        }) } else { Failure::new(format!("there is no migration `{}`", target.escape_debug()))
            .hint("`backsmith showmigrations` lists them; name one by its number, or say `zero`") }
    .exit(Exit::Failed)
}

/// The migrations of `app`.
fn of<'h>(
    history: &'h History,
    apps: &'h [String],
    app: &'h str,
) -> impl Iterator<Item = &'h Migration> {
    let is_of = move |migration: &&Migration| {
        migration
            .app_and_title(apps)
            .is_some_and(|(label, _)| label == app)
    };
    history.migrations.iter().filter(is_of)
}

fn of_app(history: &History, apps: &[String], app: &str, target: &str) -> Result<i64> {
    if !apps.iter().any(|label| label == app) {
        let labels = apps.iter().filter(|label| !label.is_empty());
        let labels: Vec<_> = labels.map(String::as_str).collect();
        let failure = Failure::new(format!(
            "No installed app with label '{}'.",
            app.escape_debug()
        ));
        return Err(if labels.is_empty() {
            failure.hint("this project has no apps: name only the migration")
        } else {
            failure.hint(format!("installed apps: {}", labels.join(", ")))
        }
        .exit(Exit::Failed)
        .into());
    }
    if target == "zero" {
        let first = of(history, apps, app).next();
        // Nothing of the app's is applied before its first migration.
        return Ok(first.map_or(history.next_number(), |first| first.number) - 1);
    }
    let number = target.parse::<i64>().ok();
    let matches: Vec<_> = of(history, apps, app)
        .filter(|migration| match number {
            Some(number) => migration.number == number,
            None => {
                let shown = migration.shown(apps);
                migration.name == target
                    || shown == target
                    || shown[app.len() + 1..].starts_with(target)
            }
        })
        .collect();
    match matches.as_slice() {
        [found] => Ok(found.number),
        [] => Err(no_match(history, apps, app, target).into()),
        _ => Err(Failure::new(format!(
            "More than one migration matches '{target}' in app '{app}'. Please be more specific."
        ))
        .exit(Exit::Failed)
        .into()),
    }
}

fn no_match(history: &History, apps: &[String], app: &str, target: &str) -> Failure {
    let failure = Failure::new(format!(
        "Cannot find a migration matching '{}' from app '{app}'.",
        target.escape_debug()
    ));
    let other = one(history, apps, target)
        .and_then(|number| history.migrations.iter().find(|it| it.number == number));
    let failure = match other {
        Some(other) => failure.hint(format!(
            "that is {}; numbers count all apps: see `backsmith showmigrations`",
            other.shown(apps)
        )),
        None => failure.hint("`backsmith showmigrations` lists them"),
    };
    failure.exit(Exit::Failed)
}

/// Refuses to take back what belongs to other apps than the one that was named.
///
/// # Errors
///
/// If `undone`, the migrations that would be taken back, holds one of another app.
pub fn refuse_others<'m>(
    undone: impl IntoIterator<Item = &'m Migration>,
    apps: &[String],
    app: &str,
    target: i64,
) -> Result<()> {
    let is_other = |migration: &&Migration| {
        migration
            .app_and_title(apps)
            .is_none_or(|(label, _)| label != app)
    };
    let others: Vec<String> = undone
        .into_iter()
        .filter(is_other)
        .map(|migration| migration.shown(apps))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let to = match target {
        0 => "zero".to_owned(),
        number => format!("{number:04}"),
    };
    Err(Failure::new(format!(
        "the history is one line for all apps: going back there for `{app}` would also undo {}",
        others.join(", ")
    ))
    .hint(format!(
        "`backsmith migrate {to}` does that; look at it first: backsmith migrate {to} --plan"
    ))
    .exit(Exit::Failed)
    .into())
}
