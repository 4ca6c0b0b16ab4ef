//! Two branches that went on from the same migration, brought into one order.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::folder::read_all;
use super::{History, Layout, Migration, Record, replay, writing};
use crate::error::Failure;
use crate::plan::Plan;
use crate::schema::{Dialect, Schema};

/// A migration that gets another number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    pub from: String,
    pub to: String,
}

/// Two branches in one order: what gets another number, and the renames of its files.
#[derive(Debug)]
pub struct Merged {
    pub renumbered: Vec<Renumbered>,
    pub plan: Plan,
}

/// Brings the branches of a project into one order, in both dialects.
///
/// # Errors
///
/// As for [`merge`]; or if a migration is not written for one of the databases.
pub async fn plan(layout: &Layout) -> Result<Merged> {
    let folder = layout.migrations();
    let all = read_all(&folder, Dialect::Sqlite)?;
    let records = layout.database(None)?.records().await?;
    let renumbered = merge(&all, &records).await?;
    let mut plan = Plan::new(&layout.root);
    for dialect in Dialect::ALL {
        let all = read_all(&folder, dialect)?;
        let folder = layout.folder.join(dialect.folder());
        for Renumbered { from, to } in &renumbered {
            let migration = all.iter().find(|migration| migration.name == *from);
            let migration = migration.ok_or_else(|| not_written(from, dialect))?;
            writing::rename(&mut plan, migration, &folder, (&folder, to));
        }
    }
    Ok(Merged { renumbered, plan })
}

fn not_written(name: &str, dialect: Dialect) -> Failure {
    Failure::new(format!("migration `{name}` is not written for {dialect}")).hint(format!(
        "add migrations/{}/{name}.up.sql and .down.sql",
        dialect.folder()
    ))
}

/// The order in which `all` can be applied to a database that has `records`: what it has already
/// keeps its number; of two with the same number the first by name does, if it has neither. Empty
/// if no number is there twice.
///
/// # Errors
///
/// If the branches contradict each other: one of them fails after the other, or it matters which
/// comes first.
async fn merge(all: &[Migration], records: &[Record]) -> Result<Vec<Renumbered>> {
    let Some(fork) = fork(all) else {
        return Ok(Vec::new());
    };
    let (common, branches): (Vec<_>, Vec<_>) = all
        .iter()
        .cloned()
        .partition(|migration| migration.number < fork);
    let (kept, moved, rest) = split(branches, records);
    let order = [&common[..], &kept, &moved, &rest].concat();
    let other = [&common[..], &moved, &kept, &rest].concat();
    let one = replayed(order)
        .await
        .context(contradiction(&kept, &moved))?;
    let two = replayed(other)
        .await
        .context(contradiction(&kept, &moved))?;
    if one != two {
        return Err(contradiction(&kept, &moved).into());
    }
    let first = kept.last().map_or(fork, |last| last.number + 1);
    let renumbered = (first..).zip(moved.iter().chain(&rest));
    Ok(renumbered
        .map(|(number, migration)| renumber(migration, number))
        .collect())
}

/// The first number that is there twice.
fn fork(all: &[Migration]) -> Option<i64> {
    let mut pairs = all.windows(2);
    let twice = pairs.find(|pair| pair[0].number == pair[1].number);
    twice.map(|pair| pair[0].number)
}

/// Those that keep their place, those of the other branch, and those after them. The last may
/// belong to either branch, so they come after both.
fn split(
    branches: Vec<Migration>,
    records: &[Record],
) -> (Vec<Migration>, Vec<Migration>, Vec<Migration>) {
    let is_of = |migration: &Migration| records.iter().any(|record| record.is_of(migration));
    // Of two files with the same contents the database has one.
    let applied: BTreeMap<i64, String> = branches
        .iter()
        .rev()
        .filter(|migration| is_of(migration))
        .map(|migration| (migration.number, migration.name.clone()))
        .collect();
    let is_applied = |it: &Migration| applied.get(&it.number) == Some(&it.name);
    let mut taken: BTreeSet<i64> = applied.keys().copied().collect();
    let twice: BTreeSet<i64> = branches
        .windows(2)
        .filter(|pair| pair[0].number == pair[1].number)
        .map(|pair| pair[0].number)
        .collect();
    let (mut kept, mut moved, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for migration in branches {
        let is_twice = twice.contains(&migration.number);
        if is_applied(&migration) || (is_twice && taken.insert(migration.number)) {
            kept.push(migration);
        } else if is_twice {
            moved.push(migration);
        } else {
            rest.push(migration);
        }
    }
    (kept, moved, rest)
}

async fn replayed(migrations: Vec<Migration>) -> Result<Schema> {
    let replayed = replay::replay(&History {
        migrations,
        ..History::default()
    })
    .await?;
    Ok(replayed.snapshot.schema)
}

fn renumber(migration: &Migration, number: i64) -> Renumbered {
    let (_, title) = migration.name.split_once('_').unwrap_or_default();
    Renumbered {
        from: migration.name.clone(),
        to: format!("{number:04}_{title}"),
    }
}

fn contradiction(kept: &[Migration], moved: &[Migration]) -> Failure {
    let names = |migrations: &[Migration]| {
        let names: Vec<_> = migrations
            .iter()
            .map(|migration| migration.name.as_str())
            .collect();
        names.join(", ")
    };
    let (kept, moved) = (names(kept), names(moved));
    Failure::new(format!("the branches contradict each other: {kept} and {moved} do not give the same in either order"))
        .hint(format!("nothing was changed; delete {moved} and run `backsmith makemigrations`: it is then written again, on top of the other"))
}
