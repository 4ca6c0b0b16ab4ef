//! `backsmith squashmigrations FROM TO`

use anyhow::Result;
use clap_complete::ArgValueCompleter;

use crate::apply::apply;
use crate::commands::output::Output;
use crate::error::{Exit, Failure};
use crate::migrations::squash;
use crate::migrations::{History, LayoutArgs, candidates, runtime};
use crate::schema::Dialect;
use crate::schema::operation::Names;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The number of the first migration to squash
    #[arg(add = ArgValueCompleter::new(candidates::numbers))]
    from: i64,
    /// The number of the last one
    #[arg(add = ArgValueCompleter::new(candidates::numbers))]
    to: i64,
    #[command(flatten)]
    output: Output,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
    #[command(flatten)]
    layout: LayoutArgs,
}

/// Makes one migration of several; databases that have some of them are served, too.
pub fn run(args: Args) -> Result<()> {
    let layout = args.layout.find()?;
    let sqlite = History::read(&layout.migrations(), Dialect::Sqlite)?;
    let postgres = History::read(&layout.migrations(), Dialect::Postgres)?;
    sqlite.check_against(&postgres, Dialect::Sqlite, Dialect::Postgres)?;
    check(&sqlite, &args)?;
    let names = Names {
        apps: layout.labels(),
        ..Names::default()
    };
    let range = (args.from, args.to);
    let squashed = runtime()?.block_on(squash::squash(&sqlite, &postgres, range, &names))?;
    let plan = squash::plan(
        &layout,
        [&sqlite, &postgres],
        range,
        [&squashed.0, &squashed.1],
    );
    if args.output.json {
        return args.output.carry_out(&plan, "");
    }
    ui::say(format!("Squashed {:04} to {:04} into:", args.from, args.to));
    let folder = layout.folder.display();
    ui::data(format!(
        "  {folder}/{{sqlite,postgres}}/{}.up.sql",
        squashed.0.name
    ));
    if args.output.dry_run {
        ui::preview(&plan);
        return Ok(());
    }
    apply(&plan)
}

fn check(history: &History, args: &Args) -> Result<()> {
    let originals = history.range(args.from, args.to);
    let has = |number: i64| originals.iter().any(|migration| migration.number == number);
    for number in [args.from, args.to] {
        if !has(number) {
            return Err(Failure::new(format!(
                "there is no migration {number:04} between {:04} and {:04}",
                args.from, args.to
            ))
            .hint("`backsmith showmigrations` lists them; the first one has the smaller number")
            .exit(Exit::Usage)
            .into());
        }
    }
    if args.from == args.to {
        return Err(Failure::new("a single migration cannot be squashed")
            .hint("name the first and the last of several: backsmith squashmigrations FROM TO")
            .exit(Exit::Usage)
            .into());
    }
    Ok(())
}
