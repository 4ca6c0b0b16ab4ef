//! The tables of a site's database, as they are.

use crate::drawing::layers::{self, Reference};
use crate::drawing::svg::{self, Node};
use crate::fixtures::{Column, Fixtures, Table};
use crate::{App, Result, Settings};

/// The app of accounts, which every project has: it is shown only if somebody asks for it.
const ACCOUNTS: &str = "auth";

/// The tables of a database, those first that others refer to.
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// Reads those of one app, or of all but that of accounts.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn read(settings: &Settings, apps: &[App], app: Option<&str>) -> Result<Self> {
        let database = crate::db::Database::from_url(&settings.database_url)?;
        let mut fixtures = Fixtures::connect(&database).await?;
        let mut tables = fixtures.tables(apps).await?;
        tables.retain(|table| match app {
            Some(app) => table.app() == app,
            None => table.app() != ACCOUNTS,
        });
        Ok(Self(tables))
    }

    /// The tables, for those who read them as text.
    pub fn list(&self) -> &[Table] {
        &self.0
    }

    /// Draws them, and the names of others that they refer to.
    pub fn svg(&self, title: &str) -> String {
        let mut nodes: Vec<_> = self.0.iter().map(node).collect();
        let mut references = Vec::new();
        for (from, table) in self.0.iter().enumerate() {
            for reference in &table.references {
                let place = nodes.iter().position(|node| node.title == reference.table);
                let to = place.unwrap_or(nodes.len());
                if place.is_none() {
                    nodes.push(Node {
                        title: reference.table.clone(),
                        class: "faint",
                        ..Node::default()
                    });
                }
                references.push(arrow(from, to, table, &reference.columns));
            }
        }
        let arrows = layers::arrange(&mut nodes, &references);
        svg::write(title, &nodes, &arrows)
    }
}

fn node(table: &Table) -> Node {
    let line = |column: &Column| {
        let key = if column.is_key { " key" } else { "" };
        let null = if column.is_nullable { "?" } else { "" };
        (
            column.name.clone(),
            format!("{}{null}{key}", type_words(column)),
        )
    };
    Node {
        title: table.name.clone(),
        lines: table.columns.iter().map(line).collect(),
        ..Node::default()
    }
}

fn arrow(from: usize, to: usize, table: &Table, columns: &[String]) -> Reference {
    let refers = |name: &str| columns.iter().any(|column| column == name);
    let line = table.columns.iter().position(|column| refers(&column.name));
    let nullable = table.columns.iter().filter(|column| column.is_nullable);
    Reference {
        from,
        line,
        to,
        is_required: !nullable.into_iter().any(|column| refers(&column.name)),
    }
}

/// The type of a column in few words: what SQLite keeps as a text says so by `_text`, which nobody needs to know here.
pub(super) fn type_words(column: &Column) -> String {
    let words = column.type_name.to_lowercase();
    words
        .trim_end_matches("_text")
        .replace("timestamp_with_timezone", "timestamptz")
}
