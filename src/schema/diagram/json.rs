//! The picture as data.

use serde_json::{Value, json};

use super::Diagram;

pub(super) fn write(diagram: &Diagram) -> String {
    let tables = diagram.tables.iter().map(|table| {
        let columns = table.fields.iter().map(|field| {
            json!({
                "name": field.name,
                "type": field.type_name,
                "null": field.is_nullable,
                "primary_key": field.is_key,
                "unique": field.is_unique,
            })
        });
        json!({ "name": table.name, "columns": columns.collect::<Value>() })
    });
    let references = diagram.references.iter().map(|reference| {
        json!({
            "from": reference.from,
            "columns": reference.columns,
            "to": reference.to,
            "required": reference.is_required,
            "unique": reference.is_unique,
        })
    });
    let all =
        json!({ "tables": tables.collect::<Value>(), "references": references.collect::<Value>() });
    format!("{all:#}\n")
}
