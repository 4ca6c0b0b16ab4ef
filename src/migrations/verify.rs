//! The proof, before anything is written, that new migrations do what they are meant to.

use anyhow::{Context, Result};

use super::Migration;
use super::replay::{self, Replayed};
use crate::error::Failure;
use crate::schema::Schema;
use crate::schema::introspect::sqlite;

/// Applies `migrations` to the replayed database and takes them back again.
///
/// # Errors
///
/// If a statement fails, if the result is not `expected`, or if the way down does not lead back.
pub async fn verify(
    replayed: &mut Replayed,
    migrations: &[Migration],
    expected: &Schema,
) -> Result<()> {
    let before = replayed.snapshot.schema.clone();
    let connection = &mut replayed.connection;
    for migration in migrations {
        replay::run(connection, &migration.up)
            .await
            .with_context(|| wrong(migration, "up"))?;
    }
    same(expected, &sqlite::read(connection).await?.schema, "applied")?;
    for migration in migrations.iter().rev() {
        let down = migration.down.as_deref().unwrap_or_default();
        replay::run(connection, down)
            .await
            .with_context(|| wrong(migration, "down"))?;
    }
    same(
        &before,
        &sqlite::read(connection).await?.schema,
        "taken back",
    )
}

fn wrong(migration: &Migration, direction: &str) -> Failure {
    Failure::new(format!(
        "the new migration `{}` fails on its way {direction}",
        migration.name
    ))
    .hint("nothing was written; this is a mistake of backsmith: please report it with your models")
}

fn same(expected: &Schema, found: &Schema, what: &str) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let differing: Vec<_> = expected
        .tables
        .keys()
        .chain(found.tables.keys())
        .filter(|table| expected.tables.get(*table) != found.tables.get(*table))
        .collect();
    let first = differing.first().copied().cloned().unwrap_or_default();
    Err(Failure::new(format!(
        "the new migrations were {what}, but table `{first}` is not as it should be\n  expected: {:?}\n  found:    {:?}",
        expected.tables.get(&first),
        found.tables.get(&first)
    ))
    .hint("nothing was written; this is a mistake of backsmith: please report it with your models")
    .into())
}
