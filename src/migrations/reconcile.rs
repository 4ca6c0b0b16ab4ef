//! Reconciles the records of a database with the files.

use anyhow::Result;

use super::apply::Record;
use super::squash::{Replaced, replaced};
use super::{History, Migration};
use crate::error::Failure;

/// The history as one database has to go through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// In place of a squashed migration its originals, where the database has some of them.
    pub history: History,
    /// The numbers of those that are applied.
    pub applied: Vec<i64>,
    /// Those that the database has under another number, which stands first.
    pub renumbered: Vec<(i64, Migration)>,
    /// Squashed migrations whose originals are applied one by one; they only have to be recorded.
    pub to_record: Vec<(Migration, Vec<Replaced>)>,
}

impl History {
    /// Reconciles what the database has recorded with the files.
    ///
    /// # Errors
    ///
    /// If the database has a migration whose file is missing or was changed since: the message
    /// names it.
    pub fn reconcile(&self, records: &[Record]) -> Result<Reconciled> {
        let files = self.migrations.iter().chain(&self.originals);
        let files: Vec<_> = files.map(|it| (it.number, it.up.as_str())).collect();
        let (records, renumbered) = Record::settle(records, &files);
        let mut reconciled = Reconciled::default();
        for (old, new) in renumbered {
            let migration = self.migrations.iter().find(|it| it.number == new);
            reconciled
                .renumbered
                .extend(migration.map(|it| (old, it.clone())));
        }
        for migration in &self.migrations {
            self.reconcile_one(migration, &records, &mut reconciled)?;
        }
        for record in &records {
            let replaced = reconciled
                .to_record
                .iter()
                .flat_map(|(_, replaced)| replaced);
            let known = replaced.into_iter().any(|original| original.is(record));
            let here = reconciled.history.migrations.iter();
            match here.into_iter().find(|it| it.number == record.number) {
                Some(migration) if record.is_of(migration) => {
                    reconciled.applied.push(record.number)
                }
                _ if known => {}
                None => return Err(missing(record.number).into()),
                Some(migration) => return Err(changed(migration).into()),
            }
        }
        Ok(reconciled)
    }

    /// Adds `migration`, or in its place those that it replaces; these may be squashed ones, too.
    fn reconcile_one(
        &self,
        migration: &Migration,
        records: &[Record],
        reconciled: &mut Reconciled,
    ) -> Result<()> {
        let replaced = replaced(migration);
        let mut extents = replaced.iter().map(|it| self.extent(it, records));
        let first = extents.next().unwrap_or(Extent::None);
        let extent = extents.fold(first, Extent::and);
        if extent == Extent::Some {
            for original in &replaced {
                let file = self.original(original);
                let file = file.ok_or_else(|| lost(&original.name))?;
                if is_applied(original, records) {
                    reconciled.history.migrations.push(file.clone())
                } else {
                    self.reconcile_one(file, records, reconciled)?
                }
            }
        } else {
            reconciled.history.migrations.push(migration.clone());
        }
        if extent == Extent::All {
            reconciled.applied.push(migration.number);
        }
        if extent != Extent::None {
            let all = self.with_originals(replaced);
            reconciled.to_record.push((migration.clone(), all));
        }
        Ok(())
    }

    /// How much of `original` a database has.
    fn extent(&self, original: &Replaced, records: &[Record]) -> Extent {
        if is_applied(original, records) {
            return Extent::All;
        }
        let inner = self.original(original).map(replaced).unwrap_or_default();
        let mut extents = inner.iter().map(|it| self.extent(it, records));
        let first = extents.next().unwrap_or(Extent::None);
        extents.fold(first, Extent::and)
    }

    /// `replaced`, and what the squashed ones among them replace.
    fn with_originals(&self, replaced: Vec<Replaced>) -> Vec<Replaced> {
        let mut all = Vec::new();
        for original in replaced {
            let inner = self.original(&original).map(super::squash::replaced);
            all.extend(self.with_originals(inner.unwrap_or_default()));
            all.push(original);
        }
        all
    }

    fn original(&self, replaced: &Replaced) -> Option<&Migration> {
        self.originals.iter().find(|it| it.name == replaced.name)
    }
}

/// How many of some migrations a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    None,
    Some,
    All,
}

impl Extent {
    fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Some }
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
