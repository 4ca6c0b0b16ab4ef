//! The history on the disk: reading it, replaying it, adding to it, and applying it to a database.

pub mod apply;
pub mod candidates;
pub mod changes;
pub mod database;
mod fingerprint;
pub mod folder;
pub mod layout;
pub mod make;
pub mod merge;
pub mod models;
pub mod reconcile;
mod renamed;
pub mod replay;
mod replayed_cache;
pub mod squash;
pub mod steps;
pub mod target;
pub mod verified_cache;
pub mod verify;
mod writing;

use anyhow::{Context, Result};

pub use crate::shared::migration::{Migration, NO_TRANSACTION, app_and_title};
pub use crate::shared::reconcile::{Reconciled, Record};
pub use folder::History;
pub use layout::{Layout, LayoutArgs};

impl Migration {
    /// The contents of its files, with the words that their names end in.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let down = self.down.as_deref().map(|down| ("down", down));
        [("up", self.up.as_str())].into_iter().chain(down)
    }
}

/// A runtime for the commands that talk to a database: one thread is enough.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.context("could not start the runtime")
}
