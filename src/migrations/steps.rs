//! The steps from what a database has to a target, and taking them.

use anyhow::Result;

use super::apply::Migrator;
use super::{Migration, Reconciled};
use crate::shared::server::Manner;

/// One step on the way to a target.
#[derive(Clone, Copy, Debug)]
pub enum Step<'h> {
    Up(&'h Migration),
    Down(&'h Migration),
}

/// How a step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Another program did it a moment before.
    Found,
    /// Only recorded.
    Faked,
}

impl<'h> Step<'h> {
    /// The migration that is applied or taken back.
    pub fn migration(self) -> &'h Migration {
        match self {
            Self::Up(migration) | Self::Down(migration) => migration,
        }
    }

    /// The migration that is taken back, if it is one.
    pub fn undone(self) -> Option<&'h Migration> {
        match self {
            Self::Up(_) => None,
            Self::Down(migration) => Some(migration),
        }
    }
}

/// Plans the way forwards to `target`, or backwards if it lies behind.
pub fn plan<'h>(reconciled: &Reconciled<'h>, target: i64) -> Vec<Step<'h>> {
    let down = reconciled.done().into_iter().rev();
    let down = down.filter(|it| it.number > target);
    let up = reconciled.pending.iter().copied();
    let up = up.filter(|it| it.number <= target);
    down.map(Step::Down).chain(up.map(Step::Up)).collect()
}

/// Takes the steps, or only records them if they are faked; `report` is told of each.
///
/// # Errors
///
/// If one of them fails: those before it stay taken.
pub async fn take(
    migrator: &mut Migrator,
    steps: &[Step<'_>],
    reconciled: &Reconciled<'_>,
    is_faked: bool,
    manner: Manner,
    report: impl Fn(Step<'_>, Outcome),
) -> Result<()> {
    let began_empty = migrator.is_empty().await?;
    let mut applied = reconciled.done();
    for &step in steps {
        let before = (!began_empty).then_some(applied.as_slice());
        let mut outcome = if is_faked {
            Outcome::Faked
        } else {
            Outcome::Done
        };
        match (step, is_faked) {
            (Step::Up(migration), true) => migrator.fake(migration).await?,
            (Step::Down(migration), true) => migrator.forget(migration).await?,
            (Step::Down(migration), false) => migrator.revert(migration, before, manner).await?,
            (Step::Up(migration), false) => {
                if !migrator.apply(migration, before, manner).await? {
                    outcome = Outcome::Found;
                }
            }
        }
        match step {
            Step::Up(migration) => applied.push(migration),
            Step::Down(migration) => applied.retain(|it| it.number != migration.number),
        }
        report(step, outcome);
    }
    Ok(())
}
