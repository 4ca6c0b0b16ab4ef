//! Views and triggers that people made: SQLite notices only when they are used that they refer to
//! what is no longer there.

use std::collections::BTreeMap;

use anyhow::Result;
use sqlx::{AssertSqlSafe, Executor, SqliteConnection};

use crate::error::Failure;
use crate::schema::operation::Operation;
use crate::schema::snapshot::{ObjectKind, Snapshot};
use crate::schema::sql::quote;

/// Each view and trigger by what it is called in a message.
pub(super) type Uses = BTreeMap<String, Use>;

/// A view or a trigger, and how it does.
pub(super) struct Use {
    /// The table that a trigger is on.
    table: String,
    problem: Option<String>,
}

/// Tries all views and triggers of a database that looks like `snapshot`.
pub(super) async fn tried(connection: &mut SqliteConnection, snapshot: &Snapshot) -> Uses {
    let mut uses = Uses::new();
    for object in &snapshot.extras.objects {
        let name = &object.name;
        let (what, statements) = match object.kind {
            ObjectKind::Index => continue,
            ObjectKind::View => {
                let select = format!("SELECT * FROM {} LIMIT 0", quote(name));
                (format!("view `{name}`"), vec![select])
            }
            ObjectKind::Trigger => (
                format!("trigger `{name}`"),
                changes(&object.table, snapshot),
            ),
        };
        let mut problem = None;
        for statement in statements {
            let statement = AssertSqlSafe(format!("EXPLAIN {statement}"));
            if let Err(error) = connection.execute(statement).await {
                problem = Some(error.to_string());
            }
        }
        let table = object.table.clone();
        uses.insert(what, Use { table, problem });
    }
    uses
}

/// Statements that every trigger of `table` is a part of.
fn changes(table: &str, snapshot: &Snapshot) -> Vec<String> {
    let quoted = quote(table);
    let mut statements = vec![
        format!("INSERT INTO {quoted} DEFAULT VALUES"),
        format!("DELETE FROM {quoted}"),
    ];
    let columns = snapshot.table(table).columns;
    if !columns.is_empty() {
        let columns: Vec<_> = columns
            .keys()
            .map(|column| format!("{0} = {0}", quote(column)))
            .collect();
        statements.push(format!("UPDATE {quoted} SET {}", columns.join(", ")));
    }
    statements
}

/// Fails if something that worked works no longer, or is gone without its table.
pub(super) fn check(before: &Uses, after: &Uses, operations: &[&Operation]) -> Result<()> {
    for (what, old) in before.iter().filter(|(_, old)| old.problem.is_none()) {
        let went = |operation: &&Operation| matches!(operation, Operation::DropTable { table, .. } if *table == old.table);
        let problem = match after.get(what) {
            Some(Use { problem: None, .. }) => continue,
            None if operations.iter().any(went) => continue,
            None => "it is gone",
            Some(Use {
                problem: Some(problem),
                ..
            }) => problem,
        };
        return Err(Failure::new(format!(
            "after the new migrations {what} no longer works: {problem}"
        ))
        .hint("nothing was written; drop or change it first, in a migration of your own: backsmith makemigrations APP --empty")
        .into());
    }
    Ok(())
}
