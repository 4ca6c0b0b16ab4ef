//! Columns that are computed in another way, from columns of another type: the old expression does not fit the
//! new types, nor the new one the old types. So such a column goes before the others change, and comes after.

use super::Changes;
use crate::schema::operation::Operation;
use crate::schema::{Generated, Table};

/// The columns that go and come again.
pub(super) fn remade<'t>(before: &'t Table, after: &'t Table) -> impl Iterator<Item = &'t String> {
    let columns = before.columns.iter();
    columns.filter_map(move |(name, old)| {
        let (old, new) = (
            old.generated.as_ref()?,
            after.columns.get(name)?.generated.as_ref()?,
        );
        (old != new && is_retyped(old, before, after)).then_some(name)
    })
}

/// Returns whether a column that `generated` is computed from gets another type.
fn is_retyped(generated: &Generated, before: &Table, after: &Table) -> bool {
    let mut columns = before.columns.iter();
    columns.any(|(name, old)| {
        let new = after.columns.get(name);
        generated.mentions(name) && new.is_some_and(|new| new.column_type != old.column_type)
    })
}

/// Takes the indexes and conditions that stay along with the columns `remade`.
pub(super) fn set_aside(
    table: &str,
    before: &Table,
    after: &Table,
    remade: &[&String],
    changes: &mut Changes,
) {
    let mentions = |clause: &dyn Fn(&str) -> bool| remade.iter().any(|column| clause(column));
    let indexes = before.indexes.iter().filter(|(name, index)| {
        after.indexes.get(*name) == Some(*index) && mentions(&|column| index.mentions(column))
    });
    let indexes = indexes.map(|(name, index)| Operation::AddIndex {
        table: table.to_owned(),
        name: name.clone(),
        index: index.clone(),
    });
    let checks = before.checks.iter().filter(|(name, check)| {
        after.checks.get(*name) == Some(*check) && mentions(&|column| check.mentions(column))
    });
    let checks = checks.map(|(name, check)| Operation::AddCheck {
        table: table.to_owned(),
        name: name.clone(),
        condition: check.clone(),
    });
    for add in indexes.chain(checks) {
        changes.removals.push(add.reversed());
        changes.additions.push(add);
    }
}
