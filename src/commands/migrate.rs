use anyhow::Result;

#[derive(Debug, Default, clap::Args)]
pub struct Args {}

pub fn run(_args: Args) -> Result<()> {
    Err(crate::error::Failure::new("migrate is being written").into())
}
