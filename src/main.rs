//! The program `backsmith`.

use std::process::ExitCode;

use backsmith::{cli, error::exit_of, interrupt, ui};

fn main() -> ExitCode {
    cli::complete();
    let cli = cli::read(std::env::args_os());
    interrupt::install();
    match backsmith::run(cli).and_then(|()| ui::all_written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::error(&error);
            ExitCode::from(exit_of(&error) as u8)
        }
    }
}
