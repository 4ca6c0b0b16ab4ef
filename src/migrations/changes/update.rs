//! `makemigrations --update`

use anyhow::Result;

use super::Files;
use crate::error::Failure;
use crate::migrations::make::{self, Making, NewMigration};
use crate::migrations::{Layout, Migration, replay, writing};
use crate::plan::Plan;
use crate::schema::Dialect;
use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::Names;

/// The last migration, in both dialects, which is to be written again.
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
pub(super) async fn take_last(layout: &Layout, files: &mut Files, names: &Names) -> Result<Taken> {
    let whole = files.sqlite.clone();
    let last = files.sqlite.migrations.pop();
    let (Some(last), Some(other)) = (last, files.postgres.migrations.pop()) else {
        return Err(Failure::new("there is no migration to update")
            .hint("backsmith makemigrations")
            .into());
    };
    refuse_applied(layout, &last, &other).await?;
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

impl Taken {
    /// The migration in one dialect.
    pub fn of(&self, dialect: Dialect) -> &Migration {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        }
    }

    /// Removes the old files, unless `new` has migrations of the same name.
    pub fn replace(&self, plan: &mut Plan, layout: &Layout, new: &[NewMigration]) {
        for dialect in Dialect::ALL {
            let old = self.of(dialect);
            if new.iter().all(|new| new.sqlite.name != old.name) {
                writing::remove(plan, &layout.folder.join(dialect.folder()), old);
            }
        }
    }
}

async fn refuse_applied(layout: &Layout, sqlite: &Migration, postgres: &Migration) -> Result<()> {
    let database = layout.database(None)?;
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
        "migration `{}` cannot be written again: it says more than the models do",
        migration.name
    ))
    .hint("it was written by hand, or holds the answer to a question; write a new one, without --update")
}
