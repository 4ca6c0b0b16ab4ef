//! The word `extra` of a field: SQL that SeaORM puts behind the column's type.

use syn::LitStr;

use super::attribute::{Word, find, find_string};
use crate::schema::clauses::{self, Clause};
use crate::schema::syntax::token::tokens;
use crate::schema::{Collation, ColumnType, Generated};

/// Clauses in the word `extra`.
#[derive(Default)]
pub(super) struct Extra {
    /// A condition of the table.
    pub check: Option<String>,
    pub collation: Option<Collation>,
    pub generated: Option<Generated>,
}

/// Reads `extra` among the words of a field.
pub(super) fn read(words: &[Word], column_type: &ColumnType) -> syn::Result<Extra> {
    let Some(text) = find_string(words, "extra")? else {
        return Ok(Extra::default());
    };
    let extra = clauses_of(&text)?;
    let fail = |message: &str| Err(syn::Error::new(text.span(), message));
    let is_text = column_type.is_text() || matches!(column_type, ColumnType::Custom(_));
    if extra.collation.is_some() && !is_text {
        return fail("only a text has a collation");
    }
    let Some(generated) = &extra.generated else {
        return Ok(extra);
    };
    let others = ["primary_key", "default_value", "default_expr"];
    if let Some(word) = others.iter().find_map(|word| find(words, word)) {
        return Err(word.error("the database computes this column: leave this out"));
    }
    if matches!(column_type, ColumnType::Enum { .. }) {
        return fail("PostgreSQL does not compute a text as a value of an enum");
    }
    if !generated.is_portable() {
        return fail(
            "one of the databases does not know all of this expression: use what SQLite and PostgreSQL both \
             know, or compute the value in Rust",
        );
    }
    Ok(extra)
}

fn clauses_of(text: &LitStr) -> syn::Result<Extra> {
    let sql = text.value();
    let tokens = tokens(&sql);
    let mut extra = Extra::default();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let unread = match clauses::read(&sql, rest) {
            Some((Clause::Collation(collation), length)) if extra.collation.is_none() => {
                extra.collation = collation;
                length
            }
            Some((Clause::Generated(generated), length)) if extra.generated.is_none() => {
                extra.generated = Some(generated);
                length
            }
            Some((Clause::Check(condition), length)) if extra.check.is_none() => {
                extra.check = Some(condition);
                length
            }
            _ => {
                let message = format!(
                    "`{sql}` is not supported as `extra`; supported: CHECK (condition), COLLATE name, \
                     GENERATED ALWAYS AS (expression) STORED, each once"
                );
                return Err(syn::Error::new(text.span(), message));
            }
        };
        rest = &rest[unread..];
    }
    Ok(extra)
}
