//! Reconciles what a database has recorded with the files.

use anyhow::Result;

use super::{History, Reconciled, Record};
use crate::error::Failure;
use crate::shared::reconcile::reconcile;

impl History {
    /// Reconciles the records of a database with the files.
    ///
    /// # Errors
    ///
    /// If the database has a migration whose file is missing or was changed since: the message
    /// names it.
    pub fn reconcile(&self, records: Vec<Record>) -> Result<Reconciled<'_>> {
        let reconciled = reconcile(&self.migrations, &self.originals, records);
        let reconciled = reconciled
            .map_err(|mismatch| Failure::new(mismatch.to_string()).hint(mismatch.hint()))?;
        match reconciled.unknown.first() {
            None => Ok(reconciled),
            Some(number) => Err(missing(*number).into()),
        }
    }
}

fn missing(number: i64) -> Failure {
    Failure::new(format!("the database has migration {number:04}, but its file is missing"))
        .hint("put the file back, for example from version control; or, if it must go, run `migrate` down where the file still is")
}
