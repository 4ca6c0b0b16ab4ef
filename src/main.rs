//! The program `backsmith`.

use std::process::ExitCode;

use backsmith::{cli::Cli, error::exit_of, interrupt, ui};
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse();
    interrupt::install();
    match backsmith::run(cli).and_then(|()| ui::all_written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::error(&error);
            ExitCode::from(exit_of(&error) as u8)
        }
    }
}
