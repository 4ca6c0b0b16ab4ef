//! `backsmith completions SHELL` and `backsmith manpages FOLDER`: what `cargo install` does not bring.

use std::path::PathBuf;

use anyhow::Result;
use clap_complete::Shell;

use crate::apply::apply;
use crate::plan::Plan;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    shell: Shell,
}

/// Prints the script by which a shell completes our commands and flags.
pub fn run(args: Args, mut command: clap::Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "backsmith", &mut script);
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
