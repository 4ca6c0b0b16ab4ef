//! The proof, before anything is written, that new migrations do what they are meant to.

mod difference;
pub mod postgres;
mod rows;
mod uses;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::Migration;
use super::make::NewMigration;
use super::replay::{self, Replayed};
use crate::error::Failure;
use crate::introspect::sqlite_changes;
use crate::schema::operation::Operation;
use crate::schema::{Schema, Table};

const OURS: &str =
    "nothing was written; this is a mistake of backsmith: please report it with your models";

const THEIRS_OR_OURS: &str = "nothing was written; correct it where it is SQL of the models' own (`default_expr`, `extra`, `index`, \
    `custom` types); else this is a mistake of backsmith: please report it with your models";

/// Applies `migrations` to the replayed database and takes them back again, without rows and with.
///
/// # Errors
///
/// If a statement fails, if the result is not `expected`, if the way down does not lead back, if a
/// row or a value is lost that no operation destroys, or if a view or a trigger no longer works.
pub async fn verify(
    replayed: &mut Replayed,
    migrations: &[NewMigration],
    expected: &Schema,
) -> Result<()> {
    if migrations.is_empty() {
        return Ok(());
    }
    let before = replayed.snapshot.schema.clone();
    let operations: Vec<&Operation> = migrations.iter().flat_map(|new| &new.operations).collect();
    let connection = &mut replayed.connection;
    let worked = uses::tried(connection, &replayed.snapshot).await;
    let definitions = sqlite_changes::read_definitions(connection).await?;
    for migration in migrations.iter().map(|new| &new.sqlite) {
        replay::run(connection, &migration.up)
            .await
            .with_context(|| wrong(migration, "up"))?;
    }
    let (after, applied) =
        sqlite_changes::read_again(connection, &replayed.snapshot, &definitions).await?;
    same(expected, &after.schema, "applied")?;
    let works = uses::tried(connection, &after).await;
    uses::check(&worked, &works, &operations)?;
    for migration in migrations.iter().rev().map(|new| &new.sqlite) {
        let down = migration.down.as_deref().unwrap_or_default();
        replay::run(connection, down)
            .await
            .with_context(|| wrong(migration, "down"))?;
    }
    let (back, _) = sqlite_changes::read_again(connection, &after, &applied).await?;
    same(&before, &back.schema, "taken back")?;
    let ups: Vec<&Migration> = migrations.iter().map(|new| &new.sqlite).collect();
    rows::verify(connection, &replayed.snapshot, &operations, &ups).await
}

fn wrong(migration: &Migration, direction: &str) -> Failure {
    Failure::new(format!(
        "the new migration `{}` fails on its way {direction}",
        migration.name
    ))
    .hint(THEIRS_OR_OURS)
}

fn same(expected: &Schema, found: &Schema, what: &str) -> Result<()> {
    let names: BTreeSet<&String> = expected.tables.keys().chain(found.tables.keys()).collect();
    let table = |schema: &Schema, name: &String| schema.tables.get(name).cloned();
    for name in names {
        same_table(name, table(expected, name), table(found, name), what)?;
    }
    Ok(())
}

fn same_table(name: &str, expected: Option<Table>, found: Option<Table>, what: &str) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the new migrations were {what}, but table `{name}` is not as it should be: what should be \
         is marked with -, what is with +\n{}",
        difference::between(name, expected, found)
    ))
    .hint(OURS)
    .into())
}
