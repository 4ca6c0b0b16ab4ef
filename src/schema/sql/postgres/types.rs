//! The types behind columns that are enums: they come before the first column and go after the last.

use std::collections::{BTreeMap, BTreeSet};

use super::super::enumeration::list;
use super::super::quote;
use crate::schema::operation::Operation;
use crate::schema::{ColumnType, Schema, Table};

/// The lists of values of each enum: two, while some columns have the new one already.
type Lists = BTreeMap<String, BTreeSet<Vec<String>>>;

/// The types that are there before an operation; nothing if it is about no enum.
pub(super) struct Types(Option<Lists>);

impl Types {
    pub(super) fn of(operation: &Operation, schema: &Schema) -> Self {
        Self(is_about_enums(operation).then(|| lists(schema)))
    }

    /// `statements`, with what must happen to types before and after them; `schema` is what they
    /// lead to.
    pub(super) fn around(self, statements: Vec<String>, schema: &Schema) -> Vec<String> {
        let Some(before) = self.0 else {
            return statements;
        };
        let after = lists(schema);
        let none = BTreeSet::new();
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for name in names {
            let old = before.get(name).unwrap_or(&none);
            let new = after.get(name).unwrap_or(&none);
            let aside = quote(&format!("_old_{name}"));
            for values in new.difference(old) {
                if !old.is_empty() {
                    first.push(format!("ALTER TYPE {} RENAME TO {aside};", quote(name)));
                }
                first.push(format!(
                    "CREATE TYPE {} AS ENUM ({});",
                    quote(name),
                    list(values)
                ));
            }
            if old.difference(new).next().is_some() {
                let gone = if new.is_empty() { quote(name) } else { aside };
                last.push(format!("DROP TYPE {gone};"));
            }
        }
        first.into_iter().chain(statements).chain(last).collect()
    }
}

fn is_about_enums(operation: &Operation) -> bool {
    let is_enum = |column_type: &ColumnType| matches!(column_type, ColumnType::Enum { .. });
    match operation {
        Operation::CreateTable { definition, .. } | Operation::DropTable { definition, .. } => {
            types(definition).any(is_enum)
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

fn types(table: &Table) -> impl Iterator<Item = &ColumnType> {
    table.columns.values().map(|column| &column.column_type)
}

fn lists(schema: &Schema) -> Lists {
    let mut lists = Lists::new();
    for column_type in schema.tables.values().flat_map(types) {
        if let ColumnType::Enum { name, values } = column_type {
            lists
                .entry(name.clone())
                .or_default()
                .insert(values.clone());
        }
    }
    lists
}
