//! Reads again what has changed of SQLite's schema, which is nothing but the texts that it keeps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnection;

use super::sqlite::read_tables;
use crate::schema::snapshot::Snapshot;

/// All that SQLite keeps of a schema: the texts that it reads it from, by table, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    /// Kind, name and text.
    tables: BTreeMap<String, Vec<(String, String, Option<String>)>>,
    /// The places of the names among each other.
    places: HashMap<String, usize>,
}

/// Reads the texts behind `connection`.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn read_definitions(connection: &mut SqliteConnection) -> Result<Definitions> {
    const ALL: &str = "SELECT tbl_name, type, name, sql FROM sqlite_master ORDER BY rowid";
    let rows: Vec<(String, String, String, Option<String>)> = sqlx::query_as(ALL)
        .fetch_all(connection)
        .await
        .context("could not read the schema of the SQLite database")?;
    let mut all = Definitions::default();
    for (place, (table, kind, name, sql)) in rows.into_iter().enumerate() {
        all.places.insert(name.clone(), place);
        all.tables.entry(table).or_default().push((kind, name, sql));
    }
    Ok(all)
}

/// Reads the schema again that was `snapshot` when its texts were `definitions`: only the tables whose texts have changed since. Gives
/// the texts of now, too.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn read_again(
    connection: &mut SqliteConnection,
    snapshot: &Snapshot,
    definitions: &Definitions,
) -> Result<(Snapshot, Definitions)> {
    let now = read_definitions(connection).await?;
    let names: BTreeSet<&String> = now.tables.keys().chain(definitions.tables.keys()).collect();
    let mut changed: BTreeSet<&str> = BTreeSet::new();
    changed.extend(
        names
            .into_iter()
            .filter(|name| now.tables.get(*name) != definitions.tables.get(*name))
            .map(String::as_str),
    );
    // `REFERENCES other` without columns means those of that table's key.
    let tables = snapshot.schema.tables.iter();
    let referring = tables.filter(|(_, table)| {
        let mut keys = table.foreign_keys.values();
        keys.any(|key| changed.contains(key.table.as_str()))
    });
    let referring: Vec<_> = referring.map(|(name, _)| name.as_str()).collect();
    changed.extend(referring);
    let list = serde_json::to_string(&changed)?;
    let fresh = read_tables(connection, Some(&list))
        .await
        .context("could not read the schema of the SQLite database")?;
    let mut merged = snapshot.clone();
    let is_kept = |table: &str| !changed.contains(table);
    merged.schema.tables.retain(|name, _| is_kept(name));
    let extras = &mut merged.extras;
    extras.objects.retain(|object| is_kept(&object.table));
    extras.checks.retain(|name, _| is_kept(name));
    extras.inline.retain(|(name, _)| is_kept(name));
    extras.unkept.retain(|name, _| is_kept(name));
    merged.schema.tables.extend(fresh.schema.tables);
    extras.objects.extend(fresh.extras.objects);
    extras.checks.extend(fresh.extras.checks);
    extras.inline.extend(fresh.extras.inline);
    extras.inline.sort();
    extras.unkept.extend(fresh.extras.unkept);
    extras
        .objects
        .sort_by_key(|object| now.places.get(&object.name).copied());
    Ok((merged, now))
}
