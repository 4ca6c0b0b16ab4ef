//! The words `index` and `unique_index` of a field: what else SQL knows of indexes.

use proc_macro2::Span;

use super::attribute::Word;
use crate::schema::index::Named;
use crate::schema::{Dialect, Index, names};

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
