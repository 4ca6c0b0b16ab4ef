//! A column that no response shows: meant for some, forgotten for others.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Fields, Item};

use super::{Finding, Level};
use crate::schema::parse::Models;

const HINT: &str =
    "name it in the response, or say that it is meant: // backsmith: allow(hidden-column): why";

/// Compares each model with the response that is called after it: `Task` with `TaskResponse`.
pub(super) fn find(trees: &[&syn::File], models: &Models) -> Vec<Finding> {
    let mut responses = BTreeMap::<String, BTreeSet<String>>::new();
    for item in trees.iter().flat_map(|tree| &tree.items) {
        if let Item::Struct(item) = item
            && let Fields::Named(fields) = &item.fields
        {
            let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
            responses.insert(
                item.ident.to_string(),
                names.map(ToString::to_string).collect(),
            );
        }
    }
    let mut findings = Vec::new();
    for (table, model) in &models.models {
        let (Some(response), Some(table)) = (
            responses.get(&format!("{}Response", model.name)),
            models.schema.tables.get(table),
        ) else {
            continue;
        };
        let hidden: Vec<_> = table
            .columns
            .keys()
            .filter(|column| !response.contains(*column) && !is_shown_by_relation(column, response))
            .map(String::as_str)
            .collect();
        let Some((path, line)) = model.place.rsplit_once(':') else {
            continue;
        };
        if !hidden.is_empty() {
            findings.push(Finding {
                path: path.to_owned(),
                line: line.parse().unwrap_or(1),
                rule: "hidden-column",
                message: format!("clients do not see {} of {}", hidden.join(", "), model.name),
                hint: HINT,
                level: Level::Note,
            });
        }
    }
    findings
}

/// `owner` shows what `owner_id` refers to.
fn is_shown_by_relation(column: &str, response: &BTreeSet<String>) -> bool {
    column
        .strip_suffix("_id")
        .is_some_and(|relation| response.contains(relation))
}
