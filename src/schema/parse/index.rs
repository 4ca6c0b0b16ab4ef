//! The words `index` and `unique_index` of a field: what else SQL knows of indexes.

use std::collections::BTreeSet;

use proc_macro2::Span;

use super::attribute::Word;
use super::column::Field;
use super::entity::Entity;
use crate::schema::index::{Key, Named};
use crate::schema::{ColumnType, Dialect, Index, names};

/// An index as a field says it.
pub(super) struct IndexWord {
    pub span: Span,
    pub label: String,
    pub index: Index,
}

impl IndexWord {
    /// The name of the index in the database.
    pub fn name_in(&self, table: &str) -> String {
        names::index(table, &self.label, self.index.unique)
    }
}

/// Reads the indexes among the words of a field.
pub(super) fn read(words: &[Word]) -> syn::Result<Vec<IndexWord>> {
    let mut indexes = Vec::new();
    for word in words {
        let unique = match word.name.as_str() {
            "index" => false,
            "unique_index" => true,
            _ => continue,
        };
        let text = word.string()?.value();
        let Named { name, index } =
            Index::read(&text, unique).map_err(|message| word.error(message))?;
        if !index.is_enforced_alike() {
            let missing = Dialect::ALL
                .into_iter()
                .find(|dialect| !index.is_known_to(*dialect));
            let missing = missing.map_or_else(|| "one of them".to_owned(), |it| it.to_string());
            return Err(word.error(format!(
                "`{text}` would keep rows apart in one database only: {missing} does not know all of it; \
                 use what both know, or write it in a migration by hand"
            )));
        }
        indexes.push(IndexWord {
            span: word.span,
            label: name.unwrap_or_else(|| index.label()),
            index,
        });
    }
    Ok(indexes)
}

/// Refuses an index over what the entity does not have, and two of one name.
pub(super) fn check(entity: &Entity<'_>) -> syn::Result<()> {
    let mut names: BTreeSet<_> = entity
        .fields
        .iter()
        .flat_map(|field| of_fields(entity, field))
        .collect();
    for word in entity.fields.iter().flat_map(|field| &field.indexes) {
        let fail = |message| Err(syn::Error::new(word.span, message));
        let name = word.name_in(&entity.table);
        if !names.insert(name.clone()) {
            return fail(format!(
                "two indexes have the name `{name}`: give one of them another, as in \"open: {}\"",
                word.index.as_written()
            ));
        }
        let keys = word.index.keys.iter().filter_map(Key::leading_column);
        for column in keys.chain(word.index.include.iter().cloned()) {
            let field = entity.fields.iter().find(|field| field.name == column);
            let Some(field) = field else {
                let columns: Vec<_> = entity.fields.iter().map(|it| it.name.as_str()).collect();
                return fail(format!(
                    "`{}` has no column `{column}`; it has: {}",
                    entity.name,
                    columns.join(", ")
                ));
            };
            if field.column.column_type == ColumnType::Json && !word.index.include.contains(&column)
            {
                return fail(format!(
                    "PostgreSQL has no indexes over json: give `{}` the type column_type = \"JsonBinary\"",
                    field.rust
                ));
            }
        }
    }
    Ok(())
}

/// The names of the indexes that `field` says by itself, or with others.
fn of_fields(entity: &Entity<'_>, field: &Field) -> Vec<String> {
    let name = |label: &str, unique| names::index(&entity.table, label, unique);
    let single = (field.unique || field.indexed).then(|| name(&field.name, field.unique));
    let group = field.unique_key.iter().map(|group| name(group, true));
    let groups = field.index_keys.iter().map(|group| name(group, false));
    single.into_iter().chain(group).chain(groups).collect()
}
