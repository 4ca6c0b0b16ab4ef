//! Operations as SQL for PostgreSQL.

mod column;
mod conversion;
mod types;

use super::table::{Creation, check, create, foreign_key, primary_key};
use super::{Impossible, create_index, quote, warn};
use crate::schema::default_value::quoted;
use crate::schema::operation::Operation;
use crate::schema::snapshot::Snapshot;
use crate::schema::{Column, Dialect, Table, names};
use column::{Alteration, add_column};

/// The statements that do `operations` to `state`, which is brought up to date.
pub(super) fn statements(
    operations: &[Operation],
    state: &mut Snapshot,
) -> Result<Vec<String>, Impossible> {
    let mut statements = Vec::new();
    for operation in operations {
        let before = state.table(match operation {
            Operation::RenameTable { from, .. } => from,
            other => other.table(),
        });
        let types = types::Types::of(operation, &state.schema);
        state.apply(operation);
        let around = types.around(operation, &state.schema, operations);
        let own = of(operation, &before, around.own_stays)?;
        statements.extend(around.statements(own));
    }
    Ok(statements)
}

/// The statements of one operation on the table `definition`; `has_type` if a column has its new type
/// already.
fn of(
    operation: &Operation,
    definition: &Table,
    has_type: bool,
) -> Result<Vec<String>, Impossible> {
    Ok(match operation {
        Operation::CreateTable {
            table,
            definition: created,
            deferred,
        } => create_table(&Creation {
            name: table,
            table,
            definition: created,
            without: deferred,
            extra: &[],
        }),
        Operation::DropTable { table, .. } => {
            vec![warn(operation, format!("DROP TABLE {};", quote(table)))]
        }
        Operation::RenameTable { from, to } => rename_table(from, to, definition),
        Operation::AddColumn {
            table,
            name,
            column,
            fill,
        } => add_column(table, name, column, fill.as_ref()),
        Operation::DropColumn { table, name, .. } => {
            let drop = alter(table, &[format!("DROP COLUMN {}", quote(name))]);
            vec![warn(operation, drop)]
        }
        Operation::RenameColumn { table, from, to } => rename_column(table, from, to, definition),
        Operation::AlterColumn {
            table,
            name,
            before,
            after,
            fill,
        } => {
            let mut typed = before.clone();
            if has_type {
                typed.column_type = after.column_type.clone();
            }
            let alteration = Alteration {
                table,
                definition,
                name,
                before: &typed,
                after,
                fill: fill.as_ref(),
            };
            let mut statements = alteration.statements()?;
            if let Some(first) = statements.first_mut() {
                *first = warn(operation, std::mem::take(first));
            }
            statements
        }
        Operation::AlterPrimaryKey {
            table,
            before,
            after,
        } => vec![alter_primary_key(table, before, after)],
        constraint => of_constraint(constraint),
    })
}

fn of_constraint(operation: &Operation) -> Vec<String> {
    let statement = match operation {
        Operation::AddIndex { table, name, index } => {
            return Vec::from_iter(create_index(table, name, index, Dialect::Postgres));
        }
        Operation::DropIndex { index, .. } | Operation::RenameIndex { index, .. }
            if !index.is_known_to(Dialect::Postgres) =>
        {
            return Vec::new();
        }
        Operation::DropIndex { name, .. } => format!("DROP INDEX {};", quote(name)),
        Operation::RenameIndex { from, to, .. } => {
            format!("ALTER INDEX {} RENAME TO {};", quote(from), quote(to))
        }
        Operation::AddForeignKey {
            table,
            columns,
            key,
            ..
        } => alter(
            table,
            &[format!("ADD {}", foreign_key(table, columns, key))],
        ),
        Operation::DropForeignKey { table, columns, .. } => {
            drop_constraint(table, &names::foreign_key(table, columns))
        }
        Operation::AddCheck {
            table,
            name,
            condition,
        } => alter(
            table,
            &[format!("ADD {}", check(name, condition, Dialect::Postgres))],
        ),
        Operation::DropCheck { table, name, .. } => drop_constraint(table, name),
        Operation::AlterComment { table, after, .. } => comment_on_table(table, after.as_deref()),
        _ => return Vec::new(),
    };
    vec![statement]
}

/// ALTER TABLE with one or more actions.
fn alter(table: &str, actions: &[String]) -> String {
    let separator = if actions.len() > 1 { "\n    " } else { " " };
    format!(
        "ALTER TABLE {}{separator}{};",
        quote(table),
        actions.join(&format!(",{separator}"))
    )
}

fn drop_constraint(table: &str, name: &str) -> String {
    alter(table, &[format!("DROP CONSTRAINT {}", quote(name))])
}

fn create_table(creation: &Creation) -> Vec<String> {
    let Creation {
        table, definition, ..
    } = creation;
    let mut statements = vec![create(creation, Dialect::Postgres)];
    statements.extend(
        definition
            .indexes
            .iter()
            .filter_map(|(name, index)| create_index(table, name, index, Dialect::Postgres)),
    );
    if definition.comment.is_some() {
        statements.push(comment_on_table(table, definition.comment.as_deref()));
    }
    statements.extend(
        definition
            .columns
            .iter()
            .filter(|(_, column)| column.comment.is_some())
            .map(|(name, column)| comment_on_column(table, name, column)),
    );
    statements
}

fn comment_on_table(table: &str, comment: Option<&str>) -> String {
    let comment = comment.map_or("NULL".to_owned(), quoted);
    format!("COMMENT ON TABLE {} IS {comment};", quote(table))
}

fn comment_on_column(table: &str, name: &str, column: &Column) -> String {
    let comment = column.comment.as_deref().map_or("NULL".to_owned(), quoted);
    format!(
        "COMMENT ON COLUMN {}.{} IS {comment};",
        quote(table),
        quote(name)
    )
}

/// Constraints are called after their table, so they are renamed with it.
fn rename_table(from: &str, to: &str, definition: &Table) -> Vec<String> {
    let mut statements = vec![alter(from, &[format!("RENAME TO {}", quote(to))])];
    if !definition.primary_key.is_empty() {
        let (old, new) = (names::primary_key(from), names::primary_key(to));
        statements.push(rename_constraint(to, &old, &new));
    }
    statements.extend(definition.foreign_keys.keys().map(|columns| {
        let old = names::foreign_key(from, columns);
        rename_constraint(to, &old, &names::foreign_key(to, columns))
    }));
    statements
}

fn rename_column(table: &str, from: &str, to: &str, definition: &Table) -> Vec<String> {
    let rename = format!("RENAME COLUMN {} TO {}", quote(from), quote(to));
    let mut statements = vec![alter(table, &[rename])];
    let renamed = definition
        .foreign_keys
        .keys()
        .filter(|columns| columns.iter().any(|column| column == from));
    for columns in renamed {
        let new: Vec<String> = columns
            .iter()
            .map(|column| if column == from { to } else { column }.to_owned())
            .collect();
        let old = names::foreign_key(table, columns);
        statements.push(rename_constraint(
            table,
            &old,
            &names::foreign_key(table, &new),
        ));
    }
    statements
}

fn rename_constraint(table: &str, from: &str, to: &str) -> String {
    let rename = format!("RENAME CONSTRAINT {} TO {}", quote(from), quote(to));
    alter(table, &[rename])
}

fn alter_primary_key(table: &str, before: &[String], after: &[String]) -> String {
    let mut actions = Vec::new();
    if !before.is_empty() {
        let name = names::primary_key(table);
        actions.push(format!("DROP CONSTRAINT {}", quote(&name)));
    }
    if !after.is_empty() {
        actions.push(format!("ADD {}", primary_key(table, after)));
    }
    alter(table, &actions)
}
