use anyhow::Result;

#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_args: Args) -> Result<()> {
    Err(crate::error::Failure::new("makemigrations is being written").into())
}

/// Writes the first migrations of the project in `root`, which has just been made.
pub fn first(_root: &std::path::Path) -> Result<()> {
    Ok(())
}
