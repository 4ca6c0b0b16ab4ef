//! Reconciles what a database has recorded with the files of a history.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::ledger;
use super::migration::{Migration, Replaced};

/// A database's record of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub number: i64,
    pub checksum: Vec<u8>,
}

/// A history as one database goes through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled<'m> {
    /// In place of a squashed migration its originals, where the database has some of them.
    pub history: Vec<&'m Migration>,
    /// The numbers of those that are applied.
    pub applied: BTreeSet<i64>,
    /// Those that are not applied yet, in order.
    pub pending: Vec<&'m Migration>,
    /// The numbers that only the database knows.
    pub unknown: Vec<i64>,
    /// Those that the database has under another number, which comes first.
    pub renumbered: Vec<(i64, &'m Migration)>,
    /// Those that were squashed, and whose originals the database has.
    pub squashed: Vec<Squashed<'m>>,
}

/// A squashed migration whose originals a database has, as a whole or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squashed<'m> {
    pub migration: &'m Migration,
    /// The migrations that its record takes the place of.
    pub replaced: Vec<Replaced>,
    /// Set if all of them are applied: it only has to be recorded then.
    pub is_complete: bool,
}

/// Why a database and the files do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The file of an applied migration, by its name, is not what was applied.
    Changed(String),
    /// An original of a squashed migration, by its name, is missing, and some of the others are applied.
    Lost(String),
}

/// Reconciles `records` with the migrations `all`, and with the `originals` of those that are squashed.
///
/// # Errors
///
/// If a file was changed after it was applied, or is missing in the middle of a squashed migration.
pub fn reconcile<'m>(
    all: &'m [Migration],
    originals: &'m [Migration],
    records: Vec<Record>,
) -> Result<Reconciled<'m>, Mismatch> {
    let files = all.iter().chain(originals);
    let files: Vec<_> = files.map(|it| (it.number, it.up.as_str())).collect();
    let records = records.into_iter().map(|it| (it.number, it.checksum));
    let settled = ledger::settle(records.collect(), &files);
    let mut reconciled = Reconciled::default();
    for (old, new) in settled.renumbered {
        let migration = all.iter().find(|it| it.number == new);
        reconciled.renumbered.extend(migration.map(|it| (old, it)));
    }
    let originals = originals.iter().map(|it| ((it.number, it.checksum()), it));
    let database = Database {
        originals: originals.collect(),
        records: settled
            .records
            .into_iter()
            .map(|(number, checksum)| (number, hex::encode(checksum)))
            .collect(),
    };
    for migration in all {
        database.add(migration, &mut reconciled)?;
    }
    database.add_records(&mut reconciled)?;
    let history = reconciled.history.iter().copied();
    reconciled.pending = history.filter(|it| !reconciled.has(it)).collect();
    Ok(reconciled)
}

impl<'m> Reconciled<'m> {
    /// Returns whether the database has a migration of the history.
    pub fn has(&self, migration: &Migration) -> bool {
        self.applied.contains(&migration.number)
    }

    /// Returns the migrations of the history that are applied, in order.
    pub fn done(&self) -> Vec<&'m Migration> {
        let history = self.history.iter().copied();
        history.filter(|it| self.has(it)).collect()
    }
}

/// The records of a database, and the originals of squashed migrations, each by number and checksum.
struct Database<'m> {
    originals: BTreeMap<(i64, String), &'m Migration>,
    records: Vec<(i64, String)>,
}

/// How many of some migrations a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    None,
    Some,
    All,
}

impl<'m> Database<'m> {
    /// Adds `migration`, or in its place those that it replaces; these may be squashed ones, too.
    fn add(
        &self,
        migration: &'m Migration,
        reconciled: &mut Reconciled<'m>,
    ) -> Result<(), Mismatch> {
        let replaced = migration.replaced();
        let extent = self.extent_of_all(&replaced);
        if extent == Extent::Some {
            for original in &replaced {
                let file = self.original(original);
                let file = file.ok_or_else(|| Mismatch::Lost(original.name.clone()))?;
                if self.has(original) {
                    reconciled.history.push(file);
                } else {
                    self.add(file, reconciled)?;
                }
            }
        } else {
            reconciled.history.push(migration);
        }
        if extent == Extent::All {
            reconciled.applied.insert(migration.number);
        }
        if extent != Extent::None {
            reconciled.squashed.push(Squashed {
                migration,
                replaced: self.with_originals(replaced),
                is_complete: extent == Extent::All,
            });
        }
        Ok(())
    }

    /// Sorts the records: into those of the history, those that a squashed migration replaces, and others.
    fn add_records(&self, reconciled: &mut Reconciled<'m>) -> Result<(), Mismatch> {
        for (number, checksum) in &self.records {
            let mut replaced = reconciled.squashed.iter().flat_map(|it| &it.replaced);
            let is_replaced = replaced.any(|it| it.number == *number && it.checksum == *checksum);
            let mut history = reconciled.history.iter();
            match history.find(|migration| migration.number == *number) {
                Some(migration) if migration.checksum() == *checksum => {
                    reconciled.applied.insert(*number);
                }
                _ if is_replaced => {}
                None => reconciled.unknown.push(*number),
                Some(migration) => return Err(Mismatch::Changed(migration.name.clone())),
            }
        }
        Ok(())
    }

    fn extent_of_all(&self, migrations: &[Replaced]) -> Extent {
        let mut extents = migrations.iter().map(|it| self.extent(it));
        let first = extents.next().unwrap_or(Extent::None);
        extents.fold(first, Extent::and)
    }

    fn extent(&self, original: &Replaced) -> Extent {
        if self.has(original) {
            Extent::All
        } else {
            self.extent_of_all(&self.inner(original))
        }
    }

    /// Returns `migrations`, and what the squashed ones among them replace.
    fn with_originals(&self, migrations: Vec<Replaced>) -> Vec<Replaced> {
        let mut all = Vec::new();
        for original in migrations {
            all.extend(self.with_originals(self.inner(&original)));
            all.push(original);
        }
        all
    }

    fn inner(&self, original: &Replaced) -> Vec<Replaced> {
        self.original(original)
            .map(Migration::replaced)
            .unwrap_or_default()
    }

    fn original(&self, replaced: &Replaced) -> Option<&'m Migration> {
        let key = (replaced.number, replaced.checksum.clone());
        self.originals.get(&key).copied()
    }

    fn has(&self, original: &Replaced) -> bool {
        let mut records = self.records.iter();
        records
            .any(|(number, checksum)| *number == original.number && *checksum == original.checksum)
    }
}

impl Extent {
    fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Some }
    }
}

impl Record {
    /// Returns whether `migration` is what was applied.
    pub fn is_of(&self, migration: &Migration) -> bool {
        self.number == migration.number && ledger::is_same(&migration.up, &self.checksum)
    }
}

impl Mismatch {
    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Changed(_) => {
                "put the file back as it was, and write what is to change into a new migration"
            }
            Self::Lost(_) => {
                "put the folder `squashed` back, for example from version control, and migrate once more"
            }
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(name) => {
                write!(f, "migration `{name}` was changed after it was applied")
            }
            Self::Lost(name) => write!(
                f,
                "the database has some of the migrations that were squashed, and the next of them, `{name}`, is missing"
            ),
        }
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use super::super::migration::REPLACES;
    use super::*;

    fn migration(number: i64, up: &str) -> Migration {
        Migration {
            number,
            name: format!("000{number}_x"),
            up: up.to_owned(),
            down: None,
        }
    }

    fn squashed(number: i64, originals: &[&Migration], up: &str) -> Migration {
        let line = |it: &&Migration| format!("{REPLACES}{} {}\n", it.name, it.checksum());
        let head: String = originals.iter().map(line).collect();
        migration(number, &format!("-- Squashed\n{head}\n{up}"))
    }

    fn record(migration: &Migration) -> Record {
        Record {
            number: migration.number,
            checksum: ledger::checksum(&migration.up).into_owned(),
        }
    }

    #[test]
    fn databases_with_none_some_and_all_of_the_originals() {
        let originals = [
            migration(1, "CREATE TABLE a"),
            migration(2, "CREATE TABLE b"),
        ];
        let [one, two] = originals.each_ref();
        let all = [squashed(2, &[one, two], "CREATE TABLE a")];
        let both = |records| reconcile(&all, &originals, records).unwrap();

        let none = both(vec![]);
        assert!(none.squashed.is_empty() && none.pending == [&all[0]]);
        let done = reconcile(&all, &[], vec![record(&all[0])]).unwrap();
        assert!(done.squashed.is_empty() && done.pending.is_empty());
        let some = both(vec![record(one)]);
        assert_eq!((some.history, some.pending), (vec![one, two], vec![two]));
        assert!(!some.squashed[0].is_complete);
        let lost = reconcile(&all, &[], vec![record(one)]);
        assert_eq!(lost, Err(Mismatch::Lost("0001_x".to_owned())));
        let every = both(vec![record(one), record(two)]);
        assert!(every.squashed[0].is_complete && every.pending.is_empty());
    }

    #[test]
    fn a_squashed_migration_may_be_squashed_again() {
        let (one, two, three) = (
            migration(1, "one"),
            migration(2, "two"),
            migration(3, "three"),
        );
        let inner = squashed(2, &[&one, &two], "both");
        let outer = squashed(3, &[&inner, &three], "all");
        let originals = [one, two, inner, three];
        let [one, two, inner, three] = originals.each_ref();
        let all = [outer];
        let outer = &all[0];
        for (applied, pending, is_complete) in [
            (vec![], vec![outer], None),
            (vec![one], vec![two, three], Some(false)),
            (vec![one, two], vec![three], Some(false)),
            (vec![inner], vec![three], Some(false)),
            (vec![one, two, three], vec![], Some(true)),
            (vec![inner, three], vec![], Some(true)),
            (vec![outer], vec![], None),
        ] {
            let records = applied.iter().map(|it| record(it)).collect();
            let reconciled = reconcile(&all, &originals, records).unwrap();
            assert_eq!(reconciled.pending, pending, "{applied:?}");
            assert!(reconciled.unknown.is_empty(), "{applied:?}");
            let last = reconciled.squashed.last();
            assert_eq!(last.map(|it| it.is_complete), is_complete);
        }
    }

    #[test]
    fn other_files_are_told() {
        let all = [migration(1, "one")];
        let other = record(&migration(1, "other"));
        let changed = Mismatch::Changed("0001_x".to_owned());
        assert_eq!(reconcile(&all, &[], vec![other]), Err(changed));
        let unknown = vec![record(&all[0]), record(&migration(9, "nine"))];
        assert_eq!(reconcile(&all, &[], unknown).unwrap().unknown, [9]);
    }
}
