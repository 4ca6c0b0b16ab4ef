//! `makemigrations --merge`

use std::path::Path;

use anyhow::Result;

use super::{Args, carry_out};
use crate::commands::migrate;
use crate::error::Failure;
use crate::migrations::folder::read_all;
use crate::migrations::merge::{Renumbered, merge};
use crate::migrations::{Migration, Place};
use crate::plan::Plan;
use crate::schema::Dialect;
use crate::ui;

/// Brings two branches into one order, in both dialects.
pub(super) async fn run(place: &Place, args: &Args) -> Result<()> {
    let folder = place.migrations();
    let all = read_all(&folder, Dialect::Sqlite)?;
    let database = migrate::database(place, None)?;
    let records = database.records().await?;
    let renumbered = merge(&all, &records).await?;
    if renumbered.is_empty() {
        ui::say("No conflicts detected to merge.");
        return Ok(());
    }
    let mut plan = Plan::new(&place.root);
    for dialect in Dialect::ALL {
        let all = read_all(&folder, dialect)?;
        for Renumbered { from, to } in &renumbered {
            let migration = all.iter().find(|migration| migration.name == *from);
            let migration = migration.ok_or_else(|| missing(from, dialect))?;
            rename(
                &mut plan,
                &place.folder.join(dialect.folder()),
                migration,
                to,
            );
        }
    }
    for Renumbered { from, to } in &renumbered {
        ui::data(format!("{from} -> {to}"));
    }
    if args.check {
        Err(
            Failure::new("two branches have migrations of the same number")
                .hint("backsmith makemigrations --merge")
                .into(),
        )
    } else {
        carry_out(&plan, args)
    }
}

fn rename(plan: &mut Plan, folder: &Path, migration: &Migration, name: &str) {
    for (direction, text) in migration.files() {
        plan.remove(
            folder.join(format!("{}.{direction}.sql", migration.name)),
            text,
        );
        plan.create(folder.join(format!("{name}.{direction}.sql")), text);
    }
}

fn missing(name: &str, dialect: Dialect) -> Failure {
    Failure::new(format!("migration `{name}` is not written for {dialect}")).hint(format!(
        "add migrations/{}/{name}.up.sql and .down.sql",
        dialect.folder()
    ))
}
