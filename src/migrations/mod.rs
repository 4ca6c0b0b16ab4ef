//! The history on the disk: reading it, replaying it, adding to it, and applying it to a database.

pub mod apply;
pub mod changes;
pub mod database;
pub mod folder;
pub mod layout;
pub mod make;
pub mod merge;
pub mod models;
pub mod reconcile;
mod renamed;
pub mod replay;
pub mod squash;
pub mod steps;
pub mod target;
pub mod verified_cache;
pub mod verify;
mod writing;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, SqlSafeStr, migrate};

use crate::shared::ledger;

pub use folder::History;
pub use layout::{Layout, LayoutArgs};
pub use reconcile::Reconciled;

/// How a script begins that sqlx runs outside of a transaction.
pub const NO_TRANSACTION: &str = "-- no-transaction";

/// One migration in one dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the history, from 1.
    pub number: i64,
    /// Its name without endings: `0002_api_initial`.
    pub name: String,
    pub up: String,
    /// Hand-written migrations may have no way back.
    pub down: Option<String>,
}

impl Migration {
    /// The app's label and the rest of the name: `("api", "initial")` for `0002_api_initial` if
    /// there is an app `api`.
    pub fn app_and_title<'m>(&'m self, apps: &[String]) -> Option<(&'m str, &'m str)> {
        app_and_title(&self.name, apps)
    }

    /// The name as Django shows it: `api.0002_initial`.
    pub fn shown(&self, apps: &[String]) -> String {
        match self.app_and_title(apps) {
            Some((app, title)) => format!("{app}.{:04}_{title}", self.number),
            None => self.name.clone(),
        }
    }

    /// The contents of its files, with the words that their names end in.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let down = self.down.as_deref().map(|down| ("down", down));
        [("up", self.up.as_str())].into_iter().chain(down)
    }

    /// What sqlx remembers of it, in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hexadecimal(&ledger::checksum(&self.up))
    }

    /// The way up, as sqlx applies it.
    fn to_up(&self) -> migrate::Migration {
        self.to_sqlx(migrate::MigrationType::ReversibleUp, &self.up)
    }

    /// The way down, as sqlx applies it.
    fn to_down(&self) -> Option<migrate::Migration> {
        let down = self.down.as_deref()?;
        Some(self.to_sqlx(migrate::MigrationType::ReversibleDown, down))
    }

    fn to_sqlx(&self, kind: migrate::MigrationType, sql: &str) -> migrate::Migration {
        let description = self
            .name
            .split_once('_')
            .map_or("", |(_, rest)| rest)
            .replace('_', " ");
        let mut migration = migrate::Migration::new(
            self.number,
            description.into(),
            kind,
            AssertSqlSafe(sql.to_owned()).into_sql_str(),
            sql.starts_with(NO_TRANSACTION),
        );
        migration.checksum = ledger::checksum(sql);
        migration
    }
}

/// The app's label and the title in the name of a migration: of two labels that it may begin with, the
/// longer one.
fn app_and_title<'n>(name: &'n str, apps: &[String]) -> Option<(&'n str, &'n str)> {
    let (_, rest) = name.split_once('_')?;
    let app = apps
        .iter()
        .filter(|app| {
            let after = rest.strip_prefix(app.as_str());
            after.is_some_and(|after| after.is_empty() || after.starts_with('_'))
        })
        .max_by_key(|app| app.len())?;
    let (app, title) = rest.split_at(app.len());
    Some((app, title.trim_start_matches('_')))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A runtime for the commands that talk to a database: one thread is enough.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.context("could not start the runtime")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_by_app() {
        let migration = |name: &str| Migration {
            number: 2,
            name: name.into(),
            up: String::new(),
            down: None,
        };
        let apps = ["api".to_owned(), "api_v2".to_owned()];
        assert_eq!(
            migration("0002_api_initial").shown(&apps),
            "api.0002_initial"
        );
        assert_eq!(
            migration("0002_api_v2_task_due").shown(&apps),
            "api_v2.0002_task_due"
        );
        assert_eq!(migration("0002_other").shown(&apps), "0002_other");
    }
}
