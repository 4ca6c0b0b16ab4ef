//! The types behind columns that are enums: they come before the first column and go after the last.
//!
//! New values are added to a type in place. Where values go or change places, there is another type
//! of the same name, and the columns are converted.

use std::collections::BTreeMap;

use super::super::enumeration::list;
use super::super::quote;
use super::alter;
use super::column::default_action;
use crate::schema::default_value::quoted;
use crate::schema::enums::{self, Lists};
use crate::schema::operation::{Fill, Operation};
use crate::schema::{Column, ColumnType, Condition, DefaultValue, Schema, Table};

/// The types that are there before an operation; nothing if it is about no enum.
pub(super) struct Types(Option<Before>);

struct Before {
    types: Lists,
    /// The values of each column, by table, column and enum.
    columns: BTreeMap<(String, String, String), Vec<String>>,
}

/// The statements about types before and after those of an operation.
#[derive(Default)]
pub(super) struct Around {
    first: Vec<String>,
    last: Vec<String>,
    /// Whether the operation's own column has the type already that it is to have.
    pub own_stays: bool,
}

impl Types {
    pub(super) fn of(operation: &Operation, schema: &Schema) -> Self {
        Self(is_about_enums(operation).then(|| Before {
            types: enums::types(schema),
            columns: columns(schema).collect(),
        }))
    }

    /// Returns the statements that lead to the types of `schema`, which `operation` makes; `all` are the
    /// operations of the same transaction.
    pub(super) fn around(
        self,
        operation: &Operation,
        schema: &Schema,
        all: &[Operation],
    ) -> Around {
        let mut around = Around::default();
        let Some(before) = self.0 else {
            return around;
        };
        let types = enums::types(schema);
        let (old, new) = (&before.types, &types);
        let names = old
            .keys()
            .chain(new.keys().filter(|name| !old.contains_key(*name)));
        let mut grown = Vec::new();
        for name in names {
            let none = Vec::new();
            let (old, new) = (
                old.get(name).unwrap_or(&none),
                new.get(name).unwrap_or(&none),
            );
            match (old.as_slice(), new.as_slice()) {
                (old, new) if old == new => {}
                ([old], [new]) if enums::holds(new, old) && !is_used(name, old, new, all) => {
                    around.first.extend(add_values(name, old, new));
                    grown.push(name);
                }
                (old, new) => {
                    around.replace(name, old, new);
                    let others = before.others(operation, schema, &types, name);
                    around.first.extend(others);
                }
            }
        }
        around.own_stays = before.is_kept(operation, &types, &grown);
        around
    }
}

impl Around {
    pub(super) fn statements(self, own: Vec<String>) -> Vec<String> {
        self.first.into_iter().chain(own).chain(self.last).collect()
    }

    /// New types under the name, and the old one out of the way.
    fn replace(&mut self, name: &str, old: &[Vec<String>], new: &[Vec<String>]) {
        let aside = quote(&format!("_old_{name}"));
        for values in new.iter().filter(|values| !old.contains(values)) {
            if !old.is_empty() {
                let rename = format!("ALTER TYPE {} RENAME TO {aside};", quote(name));
                self.first.push(rename);
            }
            let values = list(values);
            let create = format!("CREATE TYPE {} AS ENUM ({values});", quote(name));
            self.first.push(create);
        }
        if old.iter().any(|values| !new.contains(values)) {
            let gone = if new.is_empty() { quote(name) } else { aside };
            self.last.push(format!("DROP TYPE {gone};"));
        }
    }
}

impl Before {
    /// Converts the columns of the enum `name` that get another type without being asked for.
    fn others(
        &self,
        operation: &Operation,
        schema: &Schema,
        types: &Lists,
        name: &str,
    ) -> Vec<String> {
        let own = match operation {
            Operation::AlterColumn { table, name, .. } => Some((table, name)),
            _ => None,
        };
        let changes = columns(schema).filter(|((table, column, of), values)| {
            let before = self
                .columns
                .get(&(table.clone(), column.clone(), of.clone()));
            let before = before.and_then(|values| enums::type_of(&self.types, name, values));
            let is_other = of == name && own != Some((table, column));
            is_other && before.is_some() && before != enums::type_of(types, name, values)
        });
        changes
            .filter_map(|((table, column, _), _)| {
                let definition = schema.tables.get(&table)?.columns.get(&column)?;
                Some(convert(&table, &column, definition))
            })
            .collect()
    }

    /// Returns whether the column that `operation` alters is of the same type before and after, even if that
    /// is one of those that have `grown`.
    fn is_kept(&self, operation: &Operation, types: &Lists, grown: &[&String]) -> bool {
        let Operation::AlterColumn { before, after, .. } = operation else {
            return false;
        };
        match (&before.column_type, &after.column_type) {
            (
                ColumnType::Enum { name, values },
                ColumnType::Enum {
                    name: other,
                    values: new,
                },
            ) if name == other => {
                let (old, new) = (
                    enums::type_of(&self.types, name, values),
                    enums::type_of(types, name, new),
                );
                old == new || grown.contains(&name)
            }
            _ => false,
        }
    }
}

fn convert(table: &str, name: &str, column: &Column) -> String {
    let to = column.column_type.postgres();
    let column_name = quote(name);
    let retype = format!("ALTER COLUMN {column_name} TYPE {to} USING {column_name}::text::{to}");
    match column.default {
        None => alter(table, &[retype]),
        // The old default is of the old type.
        Some(_) => alter(
            table,
            &[
                format!("ALTER COLUMN {column_name} DROP DEFAULT"),
                retype,
                default_action(name, column),
            ],
        ),
    }
}

/// The values that `new` has more than `old`, each put in its place.
fn add_values(name: &str, old: &[String], new: &[String]) -> Vec<String> {
    let place = |at: usize| match (at, new[at..].iter().find(|value| old.contains(value))) {
        (_, None) => String::new(),
        (0, Some(next)) => format!(" BEFORE {}", quoted(next)),
        (at, Some(_)) => format!(" AFTER {}", quoted(&new[at - 1])),
    };
    let added = new
        .iter()
        .enumerate()
        .filter(|(_, value)| !old.contains(value));
    added
        .map(|(at, value)| {
            let (name, value) = (quote(name), quoted(value));
            format!("ALTER TYPE {name} ADD VALUE {value}{};", place(at))
        })
        .collect()
}

/// Returns whether an operation needs one of the values that `new` has more than `old`: PostgreSQL does
/// not let the transaction that adds a value use it.
fn is_used(name: &str, old: &[String], new: &[String], operations: &[Operation]) -> bool {
    let added: Vec<&String> = new.iter().filter(|value| !old.contains(value)).collect();
    let in_sql = |sql: &str| added.iter().any(|value| sql.contains(&quoted(value)));
    let in_value = |value: &DefaultValue, column: &Column| match value {
        DefaultValue::Text(text) => {
            let is_own =
                matches!(&column.column_type, ColumnType::Enum { name: of, .. } if of == name);
            is_own && added.contains(&text)
        }
        DefaultValue::Expression(sql) => in_sql(sql),
        _ => false,
    };
    let in_default = |column: &Column| {
        let default = column.default.as_ref();
        default.is_some_and(|value| in_value(value, column))
    };
    let in_fill = |fill: &Option<Fill>, column: &Column| {
        let fill = fill.as_ref().map(|fill| fill.value(&column.column_type));
        fill.is_some_and(|value| in_value(&value, column))
    };
    let in_check = |condition: &Condition| in_sql(&condition.0);
    operations.iter().any(|operation| match operation {
        Operation::CreateTable { definition, .. } => {
            definition.columns.values().any(in_default) || definition.checks.values().any(in_check)
        }
        Operation::AddColumn { column, fill, .. }
        | Operation::AlterColumn {
            after: column,
            fill,
            ..
        } => in_default(column) || in_fill(fill, column),
        Operation::AddCheck { condition, .. } => in_check(condition),
        _ => false,
    })
}

fn is_about_enums(operation: &Operation) -> bool {
    let is_enum = |column_type: &ColumnType| matches!(column_type, ColumnType::Enum { .. });
    let any = |table: &Table| table.columns.values().any(|it| is_enum(&it.column_type));
    match operation {
        Operation::CreateTable { definition, .. } | Operation::DropTable { definition, .. } => {
            any(definition)
        }
        Operation::AddColumn { column, .. } | Operation::DropColumn { column, .. } => {
            is_enum(&column.column_type)
        }
        Operation::AlterColumn { before, after, .. } => {
            is_enum(&before.column_type) || is_enum(&after.column_type)
        }
        _ => false,
    }
}

/// The columns that are enums: table, column and enum, and the values.
fn columns(schema: &Schema) -> impl Iterator<Item = ((String, String, String), Vec<String>)> + '_ {
    schema.tables.iter().flat_map(|(table, definition)| {
        definition
            .columns
            .iter()
            .filter_map(move |(name, column)| match &column.column_type {
                ColumnType::Enum { name: of, values } => {
                    Some(((table.clone(), name.clone(), of.clone()), values.clone()))
                }
                _ => None,
            })
    })
}
