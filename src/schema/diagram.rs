//! A picture of tables and of what they refer to, in the words of programs that draw.

mod dot;
mod json;
mod mermaid;
mod svg;

use std::collections::BTreeSet;

use crate::schema::{Column, Schema, Table};

/// A language that pictures are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For Markdown: code hosts draw it
    #[default]
    Mermaid,
    /// For Graphviz
    Dot,
    /// For pages, and whoever has no program that draws
    Svg,
    /// For programs
    Json,
}

/// The tables of a picture, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    pub tables: Vec<Entity>,
    pub references: Vec<Reference>,
}

/// A table. One that is only referred to has no columns here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub name: String,
    pub fields: Vec<Field>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// As PostgreSQL calls it.
    pub type_name: String,
    pub is_nullable: bool,
    pub is_key: bool,
    pub is_unique: bool,
    pub refers: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub from: String,
    pub to: String,
    pub columns: Vec<String>,
    /// Each row refers to one.
    pub is_required: bool,
    /// No two rows refer to the same one.
    pub is_unique: bool,
}

impl Diagram {
    /// The picture of those tables that `is_shown`, with the names of the others that they refer to.
    pub fn of(schema: &Schema, is_shown: impl Fn(&str) -> bool) -> Self {
        let shown = schema.tables.iter().filter(|(name, _)| is_shown(name));
        let mut diagram = Self::default();
        let mut referred = BTreeSet::new();
        for (name, table) in shown {
            diagram.tables.push(entity(name, table));
            for (columns, key) in &table.foreign_keys {
                referred.insert(&key.table);
                diagram.references.push(Reference {
                    from: name.clone(),
                    to: key.table.clone(),
                    columns: columns.clone(),
                    is_required: !columns.iter().any(|column| is_nullable(table, column)),
                    is_unique: is_unique(table, columns),
                });
            }
        }
        for name in referred {
            if !diagram.tables.iter().any(|table| table.name == *name) {
                diagram.tables.push(Entity {
                    name: name.clone(),
                    fields: Vec::new(),
                });
            }
        }
        diagram.tables.sort_by(|a, b| a.name.cmp(&b.name));
        diagram
    }

    /// Writes it.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Mermaid => mermaid::write(self),
            Format::Dot => dot::write(self),
            Format::Svg => svg::write(self),
            Format::Json => json::write(self),
        }
    }
}

fn entity(name: &str, table: &Table) -> Entity {
    let fields = table
        .columns
        .iter()
        .map(|(column, facts)| field(table, column, facts));
    Entity {
        name: name.to_owned(),
        fields: fields.collect(),
    }
}

fn field(table: &Table, name: &str, column: &Column) -> Field {
    let own = [name.to_owned()];
    let mut keys = table.foreign_keys.keys();
    Field {
        name: name.to_owned(),
        type_name: column.column_type.postgres().replace('"', ""),
        is_nullable: column.nullable,
        is_key: table.primary_key.iter().any(|key| key == name),
        is_unique: is_unique(table, &own),
        refers: keys.any(|columns| columns.iter().any(|column| column == name)),
    }
}

fn is_nullable(table: &Table, column: &str) -> bool {
    table
        .columns
        .get(column)
        .is_some_and(|column| column.nullable)
}

fn is_unique(table: &Table, columns: &[String]) -> bool {
    let mut indexes = table.indexes.values();
    table.primary_key == columns || indexes.any(|index| index.is_unique_over(columns))
}

#[cfg(test)]
mod tests;
