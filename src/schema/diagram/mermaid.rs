//! Mermaid's entity relationship diagrams (<https://mermaid.js.org/syntax/entityRelationshipDiagram.html>).

use super::{Diagram, Field, Reference};

pub(super) fn write(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    for table in &diagram.tables {
        let name = quoted(&table.name);
        if table.fields.is_empty() {
            text.push_str(&format!("    {name}\n"));
            continue;
        }
        text.push_str(&format!("    {name} {{\n"));
        for field in &table.fields {
            text.push_str(&format!("        {}\n", line(field)));
        }
        text.push_str("    }\n");
    }
    for reference in &diagram.references {
        text.push_str(&format!("    {}\n", relation(reference)));
    }
    text
}

fn line(field: &Field) -> String {
    let keys = [
        (field.is_key, "PK"),
        (field.refers, "FK"),
        (field.is_unique && !field.is_key, "UK"),
    ];
    let keys: Vec<_> = keys
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, key)| *key)
        .collect();
    let mut words = vec![word(&field.type_name), word(&field.name)];
    if !keys.is_empty() {
        words.push(keys.join(", "));
    }
    if field.is_nullable {
        words.push("\"null\"".to_owned());
    }
    words.join(" ")
}

/// Many rows of the one on the left refer to one of the right.
fn relation(reference: &Reference) -> String {
    let many = if reference.is_unique { "|o" } else { "}o" };
    let one = if reference.is_required { "||" } else { "o|" };
    let (from, to) = (quoted(&reference.from), quoted(&reference.to));
    format!(
        "{from} {many}--{one} {to} : \"{}\"",
        reference.columns.join(", ")
    )
}

/// A type or a name: letters, digits, `_`, `-` and round brackets.
fn word(text: &str) -> String {
    let text = text.replace(", ", "-").replace(',', "-");
    let letters = text.chars().map(|c| match c {
        _ if c.is_alphanumeric() || "_-()".contains(c) => c,
        _ => '_',
    });
    letters.collect()
}

/// The name of a table, in quotes if it is not a plain word.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if is_plain && begins {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "'"))
    }
}
