//! `backsmith sqlmigrate NUMBER`

use anyhow::Result;
use clap_complete::ArgValueCompleter;

use crate::error::Failure;
use crate::migrations::{History, LayoutArgs, candidates};
use crate::schema::Dialect;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The migration's number
    #[arg(add = ArgValueCompleter::new(candidates::numbers))]
    number: i64,
    /// The way down
    #[arg(long)]
    backwards: bool,
    /// sqlite or postgres; by default what DATABASE_URL is
    #[arg(long)]
    dialect: Option<Dialect>,
    #[command(flatten)]
    layout: LayoutArgs,
}

/// Prints the SQL of a migration.
pub fn run(args: Args) -> Result<()> {
    let layout = args.layout.find()?;
    let dialect = match args.dialect {
        Some(dialect) => dialect,
        None => layout.database(None)?.dialect(),
    };
    let history = History::read(&layout.migrations(), dialect)?;
    let migration = history
        .migrations
        .iter()
        .find(|migration| migration.number == args.number);
    let migration = migration.ok_or_else(|| {
        Failure::new(format!(
            "there is no migration {} for {dialect}",
            args.number
        ))
        .hint("`backsmith showmigrations` lists them")
    })?;
    let sql = if args.backwards {
        migration.down.as_ref().ok_or_else(|| {
            Failure::new(format!("migration `{}` has no way down", migration.name))
        })?
    } else {
        &migration.up
    };
    ui::data(sql.trim_end());
    Ok(())
}
