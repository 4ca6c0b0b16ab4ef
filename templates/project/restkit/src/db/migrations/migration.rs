//! One migration, as its files say it.

use sqlx::migrate::{Migration as SqlxMigration, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::ledger;

/// How a script begins that sqlx runs outside of a transaction.
pub const NO_TRANSACTION: &str = "-- no-transaction";

/// How a line of the head of a squashed migration begins; a name and a checksum follow.
pub const REPLACES: &str = "-- replaces ";

/// One migration in one dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the history, from 1.
    pub number: i64,
    /// Its name without endings: `0002_api_initial`.
    pub name: String,
    /// The script that applies it.
    pub up: String,
    /// The way back, which hand-written migrations may lack and a project's own program does not go.
    pub down: Option<String>,
}

/// A migration that a squashed one replaces, as the head of that one names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub number: i64,
    pub name: String,
    /// As sqlx computes it, in hexadecimal digits.
    pub checksum: String,
}

impl Migration {
    /// Returns the app's label and the rest of the name: `("api", "initial")` for `0002_api_initial` if there
    /// is an app `api`. Of two labels that the name may begin with, it is the longer one.
    pub fn app_and_title<'m>(&'m self, apps: &[impl AsRef<str>]) -> Option<(&'m str, &'m str)> {
        app_and_title(&self.name, apps)
    }

    /// Returns the name as Django shows it: `api.0002_initial`.
    pub fn shown(&self, apps: &[impl AsRef<str>]) -> String {
        match self.app_and_title(apps) {
            Some((app, title)) => format!("{app}.{:04}_{title}", self.number),
            None => self.name.clone(),
        }
    }

    /// Returns what sqlx records of it, in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hex::encode(ledger::checksum(&self.up))
    }

    /// Returns the migrations that it replaces; none if it is an ordinary one.
    pub fn replaced(&self) -> Vec<Replaced> {
        let head = self.up.lines().take_while(|line| line.starts_with("--"));
        let named = head.filter_map(|line| line.strip_prefix(REPLACES)?.split_once(' '));
        let read = |(name, checksum): (&str, &str)| {
            Some(Replaced {
                number: name.split('_').next()?.parse().ok()?,
                name: name.to_owned(),
                checksum: checksum.trim().to_owned(),
            })
        };
        named.filter_map(read).collect()
    }

    /// Returns the way up, as sqlx applies it.
    pub(crate) fn to_up(&self) -> SqlxMigration {
        self.to_sqlx(MigrationType::ReversibleUp, &self.up)
    }

    pub(crate) fn to_sqlx(&self, kind: MigrationType, sql: &str) -> SqlxMigration {
        let mut migration = SqlxMigration::new(
            self.number,
            self.description().into(),
            kind,
            AssertSqlSafe(sql.to_owned()).into_sql_str(),
            sql.starts_with(NO_TRANSACTION),
        );
        migration.checksum = ledger::checksum(sql);
        migration
    }

    /// Returns the name without its number, in words: sqlx records it.
    pub(super) fn description(&self) -> String {
        let title = self.name.split_once('_').map_or("", |(_, title)| title);
        title.replace('_', " ")
    }
}

/// Returns the app's label and the title in the name of a migration.
pub fn app_and_title<'n>(name: &'n str, apps: &[impl AsRef<str>]) -> Option<(&'n str, &'n str)> {
    let (_, rest) = name.split_once('_')?;
    let apps = apps.iter().map(AsRef::as_ref).filter(|app| {
        let after = rest.strip_prefix(app);
        after.is_some_and(|after| after.is_empty() || after.starts_with('_'))
    });
    let app = apps.max_by_key(|app| app.len())?;
    let (app, title) = rest.split_at(app.len());
    Some((app, title.trim_start_matches('_')))
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
        let apps = ["api", "api_v2"];
        for (name, shown) in [
            ("0002_api_initial", "api.0002_initial"),
            ("0002_api_v2_task_due", "api_v2.0002_task_due"),
            ("0002_other", "0002_other"),
        ] {
            assert_eq!(migration(name).shown(&apps), shown);
        }
    }
}
