//! Describes the difference between two tables, in SQL.

use std::collections::BTreeSet;

use diffy::{Line, create_patch};

use crate::schema::operation::Operation;
use crate::schema::snapshot::Snapshot;
use crate::schema::{Dialect, Table, sql};

/// The lines in which the definitions of the table `name` differ.
pub fn between(name: &str, expected: Option<Table>, found: Option<Table>) -> String {
    let (expected, found) = (definition(name, expected), definition(name, found));
    let changes = create_patch(&expected, &found);
    let lines = changes.hunks().iter().flat_map(|hunk| hunk.lines());
    let marked = lines.filter_map(|line| match line {
        Line::Delete(line) => Some(format!("  - {}", line.trim())),
        Line::Insert(line) => Some(format!("  + {}", line.trim())),
        Line::Context(_) => None,
    });
    marked.collect::<Vec<_>>().join("\n")
}

/// The statements that make `table`, which say all about it.
fn definition(name: &str, table: Option<Table>) -> String {
    let Some(definition) = table else {
        return String::new();
    };
    let create = Operation::CreateTable {
        table: name.to_owned(),
        definition,
        deferred: BTreeSet::new(),
    };
    let mut empty = Snapshot::default();
    sql::script(name, &[create], &mut empty, Dialect::Sqlite).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ColumnType};

    #[test]
    fn a_difference_is_told_in_sql() {
        let table = |column_type: ColumnType| {
            let columns = [("id", ColumnType::BigInteger), ("x", column_type)];
            Some(Table {
                columns: columns
                    .into_iter()
                    .map(|(name, is)| (name.to_owned(), Column::new(is)))
                    .collect(),
                primary_key: vec!["id".to_owned()],
                ..Table::default()
            })
        };
        let (short, long) = (ColumnType::String(Some(9)), ColumnType::Text);
        let told = between("t", table(short), table(long.clone()));
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(
            told.contains("  - \"x\" varchar(9)") && told.contains("  + \"x\" text"),
            "{told}"
        );
        assert!(between("t", table(long), None).contains("- CREATE TABLE \"t\""));
    }
}
