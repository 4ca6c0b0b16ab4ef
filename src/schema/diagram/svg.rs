//! The picture itself, drawn as restkit draws it.

use super::{Diagram, Entity};
use crate::shared::layers::{self, Reference};
use crate::shared::svg::{self, Node};

pub(super) fn write(diagram: &Diagram) -> String {
    let mut nodes: Vec<_> = diagram.tables.iter().map(node).collect();
    let place = |name: &str| diagram.tables.iter().position(|table| table.name == name);
    let references = diagram.references.iter().filter_map(|reference| {
        let from = place(&reference.from)?;
        let mut fields = diagram.tables[from].fields.iter();
        Some(Reference {
            from,
            line: fields.position(|field| reference.columns.contains(&field.name)),
            to: place(&reference.to)?,
            is_required: reference.is_required,
        })
    });
    let references: Vec<_> = references.collect();
    let arrows = layers::arrange(&mut nodes, &references);
    svg::write("The tables and what they refer to", &nodes, &arrows)
}

fn node(table: &Entity) -> Node {
    let lines = table.fields.iter().map(|field| {
        let null = if field.is_nullable { "?" } else { "" };
        let key = match (field.is_key, field.is_unique) {
            (true, _) => " key",
            (false, true) => " unique",
            (false, false) => "",
        };
        (
            field.name.clone(),
            format!("{}{null}{key}", field.type_name),
        )
    });
    Node {
        title: table.name.clone(),
        lines: lines.collect(),
        class: if table.fields.is_empty() { "faint" } else { "" },
        ..Node::default()
    }
}
