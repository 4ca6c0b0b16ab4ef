//! The project's program: `runserver`, `migrate` and all other commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    restkit::manage::run(my_project::project())
}
