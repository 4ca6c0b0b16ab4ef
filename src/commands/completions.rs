//! `backsmith completions SHELL` and `backsmith manpages FOLDER`: what `cargo install` does not bring.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::apply::apply;
use crate::plan::Plan;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    shell: Shell,
}

/// The variable by which the script asks the program.
const VARIABLE: &str = "COMPLETE";

/// Prints the script by which a shell completes our commands, flags, apps and migrations: it asks this program.
pub fn run(args: Args) -> Result<()> {
    let shells = Shells::builtins();
    let shell = shells.completer(&args.shell.to_string());
    let shell = shell.context("this shell cannot complete")?;
    let mut script = Vec::new();
    let name = "backsmith";
    shell.write_registration(VARIABLE, name, name, name, &mut script)?;
    ui::data(String::from_utf8_lossy(&script).trim_end());
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Where to write them, for example ~/.local/share/man/man1
    folder: PathBuf,
}

/// Writes a page for each command.
pub fn write_man_pages(args: ManArgs, mut command: clap::Command) -> Result<()> {
    let root = std::path::absolute(&args.folder)?;
    let mut plan = Plan::new(root);
    command.build();
    write_page(&mut plan, &command, "backsmith")?;
    for below in command.get_subcommands() {
        write_page(&mut plan, below, &format!("backsmith-{}", below.get_name()))?;
    }
    apply(&plan)?;
    ui::done("Wrote:", &plan);
    Ok(())
}

fn write_page(plan: &mut Plan, command: &clap::Command, name: &str) -> Result<()> {
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone()).title(name);
    man.render(&mut page)?;
    plan.create(format!("{name}.1"), page);
    Ok(())
}
