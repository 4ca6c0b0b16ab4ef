//! What a database has, held against the files.

use anyhow::Result;

use super::apply::Record;
use super::squash::{Replaced, replaced};
use super::{History, Migration};
use crate::error::Failure;

/// The history as one database has to go through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    /// In place of a squashed migration its originals, where the database has some of them.
    pub history: History,
    /// The numbers of those that are applied.
    pub applied: Vec<i64>,
    /// Squashed migrations whose originals are applied one by one; they only have to be recorded.
    pub to_record: Vec<(Migration, Vec<Replaced>)>,
}

impl History {
    /// Holds what the database remembers against the files.
    ///
    /// # Errors
    ///
    /// If the database has a migration whose file is missing or was changed since: the message
    /// names it.
    pub fn fit(&self, records: &[Record]) -> Result<Fitted> {
        let mut fitted = Fitted::default();
        for migration in &self.migrations {
            let replaced = replaced(migration);
            let applied = replaced
                .iter()
                .filter(|original| is_applied(original, records));
            match applied.count() {
                0 => fitted.history.migrations.push(migration.clone()),
                count if count == replaced.len() => {
                    fitted.applied.push(migration.number);
                    fitted.history.migrations.push(migration.clone());
                    fitted.to_record.push((migration.clone(), replaced));
                }
                _ => {
                    fitted.history.migrations.extend(self.originals(&replaced)?);
                    fitted.to_record.push((migration.clone(), replaced));
                }
            }
        }
        for record in records {
            let replaced = fitted.to_record.iter().flat_map(|(_, replaced)| replaced);
            let known = replaced.into_iter().any(|original| original.is(record));
            let here = fitted.history.migrations.iter();
            match here.into_iter().find(|it| it.number == record.number) {
                Some(migration) if record.is_of(migration) => fitted.applied.push(record.number),
                _ if known => {}
                None => return Err(missing(record.number).into()),
                Some(migration) => return Err(changed(migration).into()),
            }
        }
        Ok(fitted)
    }

    fn originals(&self, replaced: &[Replaced]) -> Result<Vec<Migration>> {
        let original = |replaced: &Replaced| {
            let found = self.originals.iter().find(|it| it.name == replaced.name);
            found.cloned().ok_or_else(|| lost(&replaced.name).into())
        };
        replaced.iter().map(original).collect()
    }
}

impl Replaced {
    fn is(&self, record: &Record) -> bool {
        self.number == record.number && self.checksum == record.checksum()
    }
}

fn is_applied(original: &Replaced, records: &[Record]) -> bool {
    records.iter().any(|record| original.is(record))
}

fn missing(number: i64) -> Failure {
    Failure::new(format!("the database has migration {number:04}, but its file is missing"))
        .hint("put the file back, for example from version control; or, if it must go, run `migrate` down where the file still is")
}

fn changed(migration: &Migration) -> Failure {
    Failure::new(format!(
        "migration `{}` was changed after it was applied",
        migration.name
    ))
    .hint("put the file back as it was, and write what is to change into a new migration")
}

fn lost(name: &str) -> Failure {
    Failure::new(format!(
        "the database has some of the migrations that were squashed, and the next of them, `{name}`, is missing"
    ))
    .hint("put the folder `squashed` back, for example from version control, and migrate once more")
}
