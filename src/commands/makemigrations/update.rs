//! `makemigrations --update`

use anyhow::Result;

use super::{Files, Found};
use crate::commands::migrate;
use crate::error::Failure;
use crate::migrations::make::{self, Making};
use crate::migrations::{Migration, Place, replay};
use crate::plan::Plan;
use crate::schema::Dialect;
use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::Names;

/// The last migration, in both dialects, which is to be written anew.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub sqlite: Migration,
    pub postgres: Migration,
}

/// Takes the last migration out of both histories.
///
/// # Errors
///
/// If there is none, the database has it, or it says more than the models do: somebody wrote in it,
/// or answered a question that would have to be answered again.
pub(super) async fn take_last(place: &Place, files: &mut Files, names: &Names) -> Result<Taken> {
    let whole = files.sqlite.clone();
    let last = files.sqlite.migrations.pop();
    let (Some(last), Some(other)) = (last, files.postgres.migrations.pop()) else {
        return Err(Failure::new("there is no migration to update")
            .hint("backsmith makemigrations")
            .into());
    };
    refuse_applied(place, &last, &other).await?;
    let before = replay::replay(&files.sqlite).await?.snapshot;
    let after = replay::replay(&whole).await?.snapshot;
    let operations = match diff(&before.schema, &after.schema, &Answers::default()) {
        Difference::Done(operations) => operations,
        Difference::Ask(_) => return Err(by_hand(&last).into()),
    };
    let making = Making {
        names,
        number: last.number,
        started: &[],
        name: Some("again"),
    };
    let again = make::make(making, vec![(String::new(), operations)], &before)?;
    let is_ours = |new: &make::NewMigration| {
        let (one, two) = (&new.sqlite, &new.postgres);
        one.up == last.up && one.down == last.down && two.up == other.up && two.down == other.down
    };
    if again.iter().all(is_ours) {
        Ok(Taken {
            sqlite: last,
            postgres: other,
        })
    } else {
        Err(by_hand(&last).into())
    }
}

/// Adds to `plan` what becomes of the old files: those that are not written anew go.
pub(super) fn replace(plan: &mut Plan, place: &Place, found: &Found, taken: &Taken) {
    for (dialect, old) in [
        (Dialect::Sqlite, &taken.sqlite),
        (Dialect::Postgres, &taken.postgres),
    ] {
        let is_kept = found
            .migrations
            .iter()
            .any(|new| new.sqlite.name == old.name);
        let folder = place.folder.join(dialect.folder());
        for (direction, text) in old.files().filter(|_| !is_kept) {
            plan.remove(folder.join(format!("{}.{direction}.sql", old.name)), text);
        }
    }
}

async fn refuse_applied(place: &Place, sqlite: &Migration, postgres: &Migration) -> Result<()> {
    let database = migrate::database(place, None)?;
    let migration = match database.dialect() {
        Dialect::Sqlite => sqlite,
        Dialect::Postgres => postgres,
    };
    let records = database.records().await?;
    if !records.iter().any(|record| record.is_of(migration)) {
        return Ok(());
    }
    let before = match migration.number {
        1 => "zero".to_owned(),
        number => format!("{:04}", number - 1),
    };
    Err(Failure::new(format!(
        "the database has migration `{}` already",
        migration.name
    ))
    .hint(format!(
        "write a new one, without --update; or take it back first: backsmith migrate {before}"
    ))
    .into())
}

fn by_hand(migration: &Migration) -> Failure {
    Failure::new(format!(
        "migration `{}` cannot be written anew: it says more than the models do",
        migration.name
    ))
    .hint("it was written by hand, or holds the answer to a question; write a new one, without --update")
}
