//! Applies an operation to a schema in memory, the state that SQL is written against.

use indexmap::IndexMap;

use super::Operation;
use crate::schema::{Schema, Table};

impl Operation {
    /// Does to `schema` what its SQL does to a database.
    pub fn apply(&self, schema: &mut Schema) {
        match self {
            Self::CreateTable {
                table, definition, ..
            } => {
                schema.tables.insert(table.clone(), definition.clone());
            }
            Self::DropTable { table, .. } => {
                schema.tables.remove(table);
            }
            Self::RenameTable { from, to } => rename_table(schema, from, to),
            Self::RenameColumn { table, from, to } => rename_column(schema, table, from, to),
            other => {
                if let Some(table) = schema.tables.get_mut(other.table()) {
                    other.apply_to(table);
                }
            }
        }
    }

    fn apply_to(&self, table: &mut Table) {
        match self {
            Self::AddColumn { name, column, .. }
            | Self::AlterColumn {
                name,
                after: column,
                ..
            } => {
                table.columns.insert(name.clone(), column.clone());
            }
            Self::DropColumn { name, .. } => {
                table.columns.shift_remove(name);
            }
            Self::AlterPrimaryKey { after, .. } => table.primary_key.clone_from(after),
            Self::AddIndex { name, index, .. } => {
                table.indexes.insert(name.clone(), index.clone());
            }
            Self::DropIndex { name, .. } => {
                table.indexes.remove(name);
            }
            Self::RenameIndex { from, to, .. } => {
                if let Some(index) = table.indexes.remove(from) {
                    table.indexes.insert(to.clone(), index);
                }
            }
            Self::AddForeignKey {
                columns,
                key,
                deferred: false,
                ..
            } => {
                table.foreign_keys.insert(columns.clone(), key.clone());
            }
            Self::DropForeignKey {
                columns,
                deferred: false,
                ..
            } => {
                table.foreign_keys.remove(columns);
            }
            Self::AddCheck {
                name, condition, ..
            } => {
                table.checks.insert(name.clone(), condition.clone());
            }
            Self::DropCheck { name, .. } => {
                table.checks.remove(name);
            }
            Self::AlterComment { after, .. } => table.comment.clone_from(after),
            _ => {}
        }
    }
}

fn rename_table(schema: &mut Schema, from: &str, to: &str) {
    if let Some(table) = schema.tables.remove(from) {
        schema.tables.insert(to.to_owned(), table);
    }
    let keys = schema
        .tables
        .values_mut()
        .flat_map(|table| table.foreign_keys.values_mut());
    for key in keys.filter(|key| key.table == from) {
        to.clone_into(&mut key.table);
    }
}

fn rename_column(schema: &mut Schema, table: &str, from: &str, to: &str) {
    let rename = |columns: &mut Vec<String>| {
        for column in columns.iter_mut().filter(|column| *column == from) {
            to.clone_into(column);
        }
    };
    for key in schema
        .tables
        .values_mut()
        .flat_map(|other| other.foreign_keys.values_mut())
        .filter(|key| key.table == table)
    {
        rename(&mut key.columns);
    }
    let Some(table) = schema.tables.get_mut(table) else {
        return;
    };
    table.columns = std::mem::take(&mut table.columns)
        .into_iter()
        .map(|(name, column)| (if name == from { to.to_owned() } else { name }, column))
        .collect::<IndexMap<_, _>>();
    rename(&mut table.primary_key);
    for index in table.indexes.values_mut() {
        index.rename_column(from, to);
    }
    table.foreign_keys = std::mem::take(&mut table.foreign_keys)
        .into_iter()
        .map(|(mut columns, key)| {
            rename(&mut columns);
            (columns, key)
        })
        .collect();
    for column in table.columns.values_mut() {
        if let Some(generated) = &mut column.generated {
            *generated = generated.renamed(from, to);
        }
    }
    for condition in table.checks.values_mut() {
        *condition = condition.renamed(from, to);
    }
}
