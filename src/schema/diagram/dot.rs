//! Graphviz's language (<https://graphviz.org/doc/info/lang.html>): each table is a box with a line for each column.

use super::{Diagram, Entity};

pub(super) fn write(diagram: &Diagram) -> String {
    let mut text = "digraph models {\n    graph [rankdir=LR]\n    node [shape=plaintext, fontname=\"sans-serif\"]\n".to_owned();
    for table in &diagram.tables {
        text.push_str(&format!(
            "    {} [label=<{}>]\n",
            quoted(&table.name),
            label(table)
        ));
    }
    for reference in &diagram.references {
        let tail = if reference.is_unique { "none" } else { "crow" };
        let head = if reference.is_required { "tee" } else { "odot" };
        text.push_str(&format!(
            "    {} -> {} [dir=both, arrowtail={tail}, arrowhead={head}, label={}]\n",
            quoted(&reference.from),
            quoted(&reference.to),
            quoted(&reference.columns.join(", "))
        ));
    }
    text.push_str("}\n");
    text
}

fn label(table: &Entity) -> String {
    let mut rows = format!(
        "<tr><td bgcolor=\"#eeeeee\"><b>{}</b></td></tr>",
        escaped(&table.name)
    );
    for field in &table.fields {
        let name = escaped(&field.name);
        let name = if field.is_key {
            format!("<u>{name}</u>")
        } else {
            name
        };
        let null = if field.is_nullable { "?" } else { "" };
        let type_name = escaped(&field.type_name);
        rows.push_str(&format!(
            "<tr><td align=\"left\">{name} {type_name}{null}</td></tr>"
        ));
    }
    format!(
        "<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">{rows}</table>"
    )
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
