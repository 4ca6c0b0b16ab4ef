//! ALTER TABLE for one column.

use super::conversion::convert;
use super::{alter, comment_on_column};
use crate::schema::default_value::quoted;
use crate::schema::operation::Fill;
use crate::schema::sql::table::{check, column_definition};
use crate::schema::sql::{Impossible, create_index, quote};
use crate::schema::{Column, Dialect, Generated, Table};

/// A column that becomes another one under the same name.
pub(super) struct Alteration<'a> {
    pub table: &'a str,
    /// The table as it was.
    pub definition: &'a Table,
    pub name: &'a str,
    pub before: &'a Column,
    pub after: &'a Column,
    pub fill: Option<&'a Fill>,
}

pub(super) fn add_column(
    table: &str,
    name: &str,
    column: &Column,
    fill: Option<&Fill>,
) -> Vec<String> {
    let mut first = column.clone();
    if let Some(fill) = fill {
        first.default = Some(fill.value(&column.column_type));
    }
    let definition = column_definition(name, &first, Dialect::Postgres, false);
    let mut statements = vec![alter(table, &[format!("ADD COLUMN {definition}")])];
    if first.default != column.default {
        // Existing rows have it now; new ones must bring their own.
        statements.push(alter(table, &[default_action(name, column)]));
    }
    if column.comment.is_some() {
        statements.push(comment_on_column(table, name, column));
    }
    statements
}

pub(super) fn default_action(name: &str, column: &Column) -> String {
    let action = match &column.default {
        Some(default) => {
            let sql = default.sql(&column.column_type, Dialect::Postgres);
            format!("SET DEFAULT {sql}")
        }
        None => "DROP DEFAULT".to_owned(),
    };
    format!("ALTER COLUMN {} {action}", quote(name))
}

impl Alteration<'_> {
    /// The statements that alter the column.
    ///
    /// # Errors
    ///
    /// If PostgreSQL knows no way from the values before to those after.
    pub fn statements(&self) -> Result<Vec<String>, Impossible> {
        let Self {
            table,
            name,
            before,
            after,
            ..
        } = self;
        if after.generated.is_some() && self.is_computed_anew() {
            let mut statements = vec![drop_column(table, name)];
            statements.extend(self.add_computed(&[(name, after)]));
            return Ok(statements);
        }
        let mut statements = Vec::new();
        if before.generated.is_some() && after.generated.is_none() {
            let action = format!("ALTER COLUMN {} DROP EXPRESSION", quote(name));
            statements.push(alter(table, &[action]));
        }
        // PostgreSQL changes no type that another column is computed from.
        let needs_it = |(_, column): &(&str, &Column)| {
            let generated = column.generated.as_ref();
            self.is_retyped() && generated.is_some_and(|it| it.mentions(name))
        };
        let columns = self.definition.columns.iter();
        let columns = columns.map(|(name, column)| (name.as_str(), column));
        let computed: Vec<_> = columns.filter(needs_it).collect();
        statements.extend(computed.iter().map(|(name, _)| drop_column(table, name)));
        statements.extend(self.own_statements()?);
        statements.extend(self.add_computed(&computed));
        Ok(statements)
    }

    /// Returns whether the values change, or how they are compared.
    fn is_retyped(&self) -> bool {
        let collation = |column: &Column| {
            column
                .collation
                .as_ref()
                .and_then(|it| it.sql(Dialect::Postgres))
        };
        self.before
            .column_type
            .differs_on_postgres(&self.after.column_type)
            || collation(self.before) != collation(self.after)
    }

    fn is_computed_anew(&self) -> bool {
        let computed = |column: &Column| column.generated.as_ref().map(Generated::as_stored);
        self.is_retyped() || computed(self.before) != computed(self.after)
    }

    /// Adds columns that are computed, with the indexes and conditions that have gone with them.
    fn add_computed(&self, columns: &[(&str, &Column)]) -> Vec<String> {
        let table = self.table;
        let added = columns
            .iter()
            .map(|(name, column)| add_column(table, name, column, None));
        let mut statements: Vec<_> = added.flatten().collect();
        let indexes = self.definition.indexes.iter();
        let indexes =
            indexes.filter(|(_, index)| columns.iter().any(|(name, _)| index.mentions(name)));
        statements.extend(
            indexes.filter_map(|(name, index)| create_index(table, name, index, Dialect::Postgres)),
        );
        let checks = self.definition.checks.iter();
        let checks =
            checks.filter(|(_, check)| columns.iter().any(|(name, _)| check.mentions(name)));
        statements.extend(checks.map(|(name, condition)| {
            alter(
                table,
                &[format!("ADD {}", check(name, condition, Dialect::Postgres))],
            )
        }));
        statements
    }

    fn own_statements(&self) -> Result<Vec<String>, Impossible> {
        let Self {
            table,
            name,
            before,
            after,
            fill,
            ..
        } = *self;
        let on = |action: &str| format!("ALTER COLUMN {} {action}", quote(name));
        let retyped = self.is_retyped();
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
            first.push(self.retype()?);
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

    fn retype(&self) -> Result<String, Impossible> {
        let Self {
            name,
            before,
            after,
            ..
        } = self;
        let to = after.column_type.postgres();
        let converted =
            convert(name, &before.column_type, &after.column_type).ok_or_else(|| {
                Impossible::Convert {
                    table: self.table.to_owned(),
                    column: (*name).to_owned(),
                    from: before.column_type.postgres().into_owned(),
                    to: to.clone().into_owned(),
                }
            })?;
        let collation = after
            .collation
            .as_ref()
            .and_then(|it| it.sql(Dialect::Postgres));
        let collation = collation.map(|it| format!(" {it}")).unwrap_or_default();
        Ok(format!(
            "ALTER COLUMN {} TYPE {to}{collation} USING {converted}",
            quote(name)
        ))
    }
}

fn drop_column(table: &str, name: &str) -> String {
    alter(table, &[format!("DROP COLUMN {}", quote(name))])
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
