//! The parts of `runserver`: the build, the running server and the watch on the source files.

mod build;
mod server;
mod watch;

pub use build::{Built, Progress, build, does_not_compile};
pub use server::{Server, as_result};
pub use watch::Watcher;
