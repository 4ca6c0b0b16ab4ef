//! Renames that migrations have carried out.

use super::History;
use crate::schema::syntax::token::{statements, words};

impl History {
    /// Returns whether the last rename that had to do with the column `from` of `table` made `to` of
    /// it, if need be by way of a name for the meantime: models go on saying `renamed_from` when it has
    /// long been done, and where two columns have swapped their names nothing else tells.
    pub fn has_renamed_column(&self, table: &str, from: &str, to: &str) -> bool {
        let renames = self.statements().filter_map(|it| renamed_column(it, table));
        leads_to(renames, from, to)
    }

    /// Returns the same of the table `from`.
    pub fn has_renamed_table(&self, from: &str, to: &str) -> bool {
        leads_to(self.statements().filter_map(renamed_table), from, to)
    }

    fn statements(&self) -> impl Iterator<Item = &str> {
        let scripts = self.migrations.iter().map(|it| it.up.as_str());
        scripts.flat_map(statements)
    }
}

/// Returns whether the last of `renames` that had to do with `from` made `to` of it.
fn leads_to(renames: impl Iterator<Item = (String, String)>, from: &str, to: &str) -> bool {
    let mut is_done = false;
    // The name by now of what was called `from`.
    let mut now = from.to_owned();
    for (old, new) in renames {
        // The name may have been given again since.
        if old == from || old == now {
            now = new;
            is_done = now == to;
        }
    }
    is_done
}

/// The old and the new name of a table, if `statement` renames one.
fn renamed_table(statement: &str) -> Option<(String, String)> {
    match words(statement).as_slice() {
        [alter, of, old, rename, to, new]
            if alter.is("ALTER") && of.is("TABLE") && rename.is("RENAME") && to.is("TO") =>
        {
            Some((old.identifier()?, new.identifier()?))
        }
        _ => None,
    }
}

/// The old and the new name of a column, if `statement` renames one of `table`.
fn renamed_column(statement: &str, table: &str) -> Option<(String, String)> {
    match words(statement).as_slice() {
        [alter, of, name, rename, column, old, to, new]
            if alter.is("ALTER")
                && of.is("TABLE")
                && rename.is("RENAME")
                && column.is("COLUMN")
                && to.is("TO") =>
        {
            let is_it = name.identifier().is_some_and(|name| name == table);
            is_it.then(|| Some((old.identifier()?, new.identifier()?)))?
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::Migration;

    fn history(renames: &[(&str, &str)]) -> History {
        let rename = |(from, to): &(&str, &str)| {
            format!("ALTER TABLE \"t\" RENAME COLUMN \"{from}\" TO \"{to}\";\n")
        };
        let migration = Migration {
            number: 1,
            name: "0001_t".to_owned(),
            up: renames.iter().map(rename).collect(),
            down: None,
        };
        History {
            migrations: vec![migration],
            ..History::default()
        }
    }

    #[test]
    fn what_was_renamed_last_is_known() {
        let swapped = history(&[("a", "_old_a"), ("b", "a"), ("_old_a", "b")]);
        assert!(swapped.has_renamed_column("t", "a", "b"));
        assert!(swapped.has_renamed_column("t", "b", "a"));
        assert!(!swapped.has_renamed_column("other", "a", "b"));
        assert!(!history(&[]).has_renamed_column("t", "a", "b"));
        // There and back.
        assert!(!history(&[("a", "b"), ("b", "a")]).has_renamed_column("t", "a", "b"));
        assert!(history(&[("a", "b"), ("b", "c")]).has_renamed_column("t", "b", "c"));
    }

    #[test]
    fn tables_are_followed_past_their_rebuilds() {
        let renames = [
            ("a", "_old_a"),
            ("b", "a"),
            ("_old_a", "b"),
            ("_new_a", "a"),
        ];
        let up = renames.map(|(from, to)| format!("ALTER TABLE \"{from}\" RENAME TO \"{to}\";\n"));
        let migration = Migration {
            number: 1,
            name: "0001_t".to_owned(),
            up: up.concat(),
            down: None,
        };
        let history = History {
            migrations: vec![migration],
            ..History::default()
        };
        assert!(history.has_renamed_table("a", "b"));
        assert!(history.has_renamed_table("b", "a"));
        assert!(!history.has_renamed_table("c", "a"));
    }
}
