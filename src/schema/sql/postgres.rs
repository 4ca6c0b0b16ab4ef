//! Operations as SQL for PostgreSQL.

mod types;

use super::table::{Creation, check, column_definition, create, foreign_key, primary_key};
use super::{Impossible, create_index, quote, warn};
use crate::schema::default_value::quoted;
use crate::schema::introspect::Snapshot;
use crate::schema::operation::{Fill, Operation};
use crate::schema::{Column, ColumnType, Dialect, Table, names};

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

/// The statements of one operation; `has_type` if a column has its new type already.
fn of(operation: &Operation, before: &Table, has_type: bool) -> Result<Vec<String>, Impossible> {
    Ok(match operation {
        Operation::CreateTable {
            table,
            definition,
            deferred,
        } => create_table(&Creation {
            name: table,
            table,
            definition,
            without: deferred,
            extra: &[],
        }),
        Operation::DropTable { table, .. } => {
            vec![warn(operation, format!("DROP TABLE {};", quote(table)))]
        }
        Operation::RenameTable { from, to } => rename_table(from, to, before),
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
        Operation::RenameColumn { table, from, to } => rename_column(table, from, to, before),
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
            let mut statements = alter_column(table, name, &typed, after, fill.as_ref())?;
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

fn add_column(table: &str, name: &str, column: &Column, fill: Option<&Fill>) -> Vec<String> {
    let mut first = column.clone();
    if let Some(fill) = fill {
        first.default = Some(fill.value(&column.column_type));
    }
    let definition = column_definition(name, &first, Dialect::Postgres, false);
    let mut statements = vec![alter(table, &[format!("ADD COLUMN {definition}")])];
    if first.default != column.default {
        // The rows that exist have it now; new ones are to bring their own.
        statements.push(alter(table, &[default_action(name, column)]));
    }
    if column.comment.is_some() {
        statements.push(comment_on_column(table, name, column));
    }
    statements
}

fn default_action(name: &str, column: &Column) -> String {
    let action = match &column.default {
        Some(default) => {
            let sql = default.sql(&column.column_type, Dialect::Postgres);
            format!("SET DEFAULT {sql}")
        }
        None => "DROP DEFAULT".to_owned(),
    };
    format!("ALTER COLUMN {} {action}", quote(name))
}

fn alter_column(
    table: &str,
    name: &str,
    before: &Column,
    after: &Column,
    fill: Option<&Fill>,
) -> Result<Vec<String>, Impossible> {
    let on = |action: &str| format!("ALTER COLUMN {} {action}", quote(name));
    let retyped = before.column_type.differs_on_postgres(&after.column_type);
    let new_default = before.default != after.default;
    let mut statements = Vec::new();
    let mut first = Vec::new();
    if before.auto_increment && !after.auto_increment {
        // A statement of its own where the type changes: PostgreSQL takes the type first.
        let actions = [on("DROP IDENTITY")];
        if retyped {
            statements.push(alter(table, &actions));
        } else {
            first.extend(actions);
        }
    }
    if !before.nullable && after.nullable {
        first.push(on("DROP NOT NULL"));
    }
    if retyped {
        // The old default may have no cast to the new type.
        first.extend(before.default.as_ref().map(|_| on("DROP DEFAULT")));
        first.push(retype(table, name, before, after)?);
    }
    let mut last = Vec::new();
    if new_default || (retyped && before.default.is_some()) {
        last.push(default_action(name, after));
    }
    if before.nullable && !after.nullable {
        last.push(on("SET NOT NULL"));
    }
    if !before.auto_increment && after.auto_increment {
        last.push(on("ADD GENERATED BY DEFAULT AS IDENTITY"));
    }
    match fill {
        Some(fill) => {
            statements.extend((!first.is_empty()).then(|| alter(table, &first)));
            statements.push(format!(
                "UPDATE {table} SET {name} = {} WHERE {name} IS NULL;",
                fill.sql(&after.column_type, Dialect::Postgres),
                table = quote(table),
                name = quote(name),
            ));
        }
        None => last.splice(0..0, first).for_each(drop),
    }
    statements.extend((!last.is_empty()).then(|| alter(table, &last)));
    if !before.auto_increment && after.auto_increment {
        statements.push(count_on(table, name));
    }
    if before.comment != after.comment {
        statements.push(comment_on_column(table, name, after));
    }
    Ok(statements)
}

/// The new sequence goes on after the greatest number in use.
fn count_on(table: &str, name: &str) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence({}, {}), COALESCE(MAX({column}), 0) + 1, FALSE) FROM {};",
        quoted(&quote(table)),
        quoted(name),
        quote(table),
        column = quote(name),
    )
}

fn retype(table: &str, name: &str, before: &Column, after: &Column) -> Result<String, Impossible> {
    let to = after.column_type.postgres();
    let converted = conversion(name, &before.column_type, &after.column_type).ok_or_else(|| {
        Impossible::Convert {
            table: table.to_owned(),
            column: name.to_owned(),
            from: before.column_type.postgres().into_owned(),
            to: to.clone().into_owned(),
        }
    })?;
    Ok(format!(
        "ALTER COLUMN {} TYPE {to} USING {converted}",
        quote(name)
    ))
}

/// The old value as one of the new type, if PostgreSQL knows a way.
fn conversion(name: &str, from: &ColumnType, to: &ColumnType) -> Option<String> {
    // PostgreSQL converts money to and from exact numbers alone.
    let is_money = |column_type: &ColumnType| *column_type == ColumnType::Money(None);
    let exact = match is_money(from) != is_money(to) && Kind::of(to) != Kind::Text {
        true if Kind::of(from) == Kind::Boolean => "::integer::numeric",
        true if Kind::of(from) == Kind::Number => "::numeric",
        _ => "",
    };
    let column = format!("{}{exact}", quote(name));
    let cast = match (from, to) {
        (ColumnType::Enum { .. }, ColumnType::Enum { .. }) => {
            format!("{column}::text::{}", to.postgres())
        }
        _ => format!("{column}::{}", to.postgres()),
    };
    match (Kind::of(from), Kind::of(to)) {
        (Kind::Number, Kind::Boolean) => Some(format!("{column} <> 0")),
        (Kind::Boolean, Kind::Number) if exact.is_empty() => {
            Some(format!("{column}::integer::{}", to.postgres()))
        }
        (Kind::Boolean, Kind::Number) => Some(cast),
        // A cast would cut a text off that is too long: this refuses it.
        (Kind::Text, Kind::Text) if to.postgres().starts_with("varchar(") => {
            Some(format!("{column}::text"))
        }
        (Kind::Text, _) | (_, Kind::Text) => Some(cast),
        (Kind::Moment, Kind::Time) => Some(cast),
        (from, to) => (from == to).then_some(cast),
    }
}

/// Types between which PostgreSQL converts.
#[derive(PartialEq)]
enum Kind {
    Number,
    Boolean,
    Text,
    Moment,
    Time,
    Bytes,
    Json,
    Uuid,
    Enum,
}

impl Kind {
    fn of(column_type: &ColumnType) -> Self {
        match column_type {
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date
            | ColumnType::DateTime
            | ColumnType::Timestamp
            | ColumnType::TimestampWithTimeZone => Self::Moment,
            ColumnType::Time => Self::Time,
            ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => Self::Bytes,
            ColumnType::Json | ColumnType::JsonBinary => Self::Json,
            ColumnType::Uuid => Self::Uuid,
            ColumnType::Enum { .. } => Self::Enum,
            number if number.is_integer() || number.is_fraction() => Self::Number,
            _ => Self::Text,
        }
    }
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
