//! Asks the database at hand whether the values for existing rows refer to rows that exist.

use std::time::Duration;

use anyhow::Result;
use tokio::time::timeout;

use crate::error::{Exit, Failure};
use crate::migrations::Layout;
use crate::schema::operation::{Fill, Operation};
use crate::schema::parse::Models;
use crate::schema::{Column, ForeignKey};

/// How long a server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Refuses a value for a foreign key that no row has, where the table has rows. A database that does not
/// answer, or has no such tables yet, says nothing.
///
/// # Errors
///
/// With exit code 2, naming the column and the value.
pub(super) async fn check(
    layout: &Layout,
    models: &Models,
    operations: &[Operation],
) -> Result<()> {
    let Ok(database) = layout.database(None) else {
        return Ok(());
    };
    for operation in operations {
        let Some((table, name, column, fill, key)) = reference(operation, models) else {
            continue;
        };
        let value = fill.sql(&column.column_type, database.dialect());
        let referred = (key.table.as_str(), key.columns[0].as_str());
        let asked = timeout(ANSWER_TIMEOUT, database.lacks_row(table, referred, &value)).await;
        if let Ok(Some(true)) = asked {
            let message = format!(
                "`{table}.{name}` cannot be {value} for existing rows: `{}` has no row with this `{}`",
                referred.0, referred.1
            );
            let hint = format!("name a row that exists: --default {table}.{name}=VALUE");
            return Err(Failure::new(message).hint(hint).exit(Exit::Usage).into());
        }
    }
    Ok(())
}

/// A value that an operation gives to existing rows, if the column refers to another table.
fn reference<'o>(
    operation: &'o Operation,
    models: &'o Models,
) -> Option<(&'o str, &'o str, &'o Column, &'o Fill, &'o ForeignKey)> {
    let (table, name, column, fill) = match operation {
        Operation::AddColumn {
            table,
            name,
            column,
            fill,
        } => (table, name, column, fill),
        Operation::AlterColumn {
            table,
            name,
            after,
            fill,
            ..
        } => (table, name, after, fill),
        _ => return None,
    };
    let fill = fill
        .as_ref()
        .filter(|fill| matches!(fill, Fill::Value(_)))?;
    let keys = &models.schema.tables.get(table)?.foreign_keys;
    let key = keys.get(std::slice::from_ref(name))?;
    Some((table, name, column, fill, key))
}
