//! `makemigrations --merge`

use std::path::Path;

use anyhow::Result;

use super::{Args, carry_out};
use crate::commands::migrate;
use crate::error::Failure;
use crate::migrations::Migration;
use crate::migrations::folder::read_all;
use crate::migrations::merge::{Renumbered, merge};
use crate::plan::Plan;
use crate::project::Project;
use crate::schema::Dialect;
use crate::ui;

/// Brings two branches into one order, in both dialects.
pub(super) async fn run(project: &Project, args: &Args) -> Result<()> {
    let folder = project.migrations();
    let all = read_all(&folder, Dialect::Sqlite)?;
    let database = migrate::database(project, None)?;
    let records = match database.is_missing() {
        true => Vec::new(),
        false => database.connect().await?.records().await?,
    };
    let renumbered = merge(&all, &records).await?;
    if renumbered.is_empty() {
        ui::say("No conflicts detected to merge.");
        return Ok(());
    }
    let mut plan = Plan::new(&project.root);
    for dialect in Dialect::ALL {
        let all = read_all(&folder, dialect)?;
        for Renumbered { from, to } in &renumbered {
            let migration = all.iter().find(|migration| migration.name == *from);
            let migration = migration.ok_or_else(|| missing(from, dialect))?;
            rename(&mut plan, dialect, migration, to);
        }
    }
    for Renumbered { from, to } in &renumbered {
        ui::data(format!("{from} -> {to}"));
    }
    match args.check {
        true => Err(
            Failure::new("two branches have migrations of the same number")
                .hint("backsmith makemigrations --merge")
                .into(),
        ),
        false => carry_out(&plan, args),
    }
}

fn rename(plan: &mut Plan, dialect: Dialect, migration: &Migration, name: &str) {
    let folder = Path::new("migrations").join(dialect.folder());
    let down = migration.down.as_deref().map(|down| ("down", down));
    for (direction, text) in [("up", migration.up.as_str())].into_iter().chain(down) {
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
