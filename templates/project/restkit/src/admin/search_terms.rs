//! The words that are searched for.

use sea_orm::sea_query::extension::sqlite::SqliteExpr;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::Result;
use crate::admin::bounded_count::{COUNTED, Count, count};
use crate::admin::model::{Column, RegisteredModel};
use crate::admin::store::never;
use crate::db::Connection;
use crate::model::value;
use crate::model::value::Kind;
use crate::query::filters::pattern::{Part, ignoring_case};

/// The index knows pieces of so many letters.
const TRIGRAM: usize = 3;

/// Words, and whether the model's index is the quicker way to their rows.
pub(super) struct Words(Vec<(String, bool)>);

impl Words {
    /// Takes a text apart. Rows with a word that many have are found without the index: the first
    /// ones of the list have it, and the index would name all of them.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn read(db: &Connection, model: &RegisteredModel, text: &str) -> Result<Self> {
        let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let index = model.options.search_index.filter(|_| is_sqlite);
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let is_known = word.chars().count() >= TRIGRAM && !word.contains('\0');
            let is_rare = match index.filter(|_| is_known) {
                Some(index) => {
                    let has_word = Condition::all().add(is_in(index, word));
                    count(db, index, (has_word, COUNTED)).await? != Count::MoreThan(COUNTED)
                }
                None => false,
            };
            words.push((word.to_owned(), is_rare));
        }
        Ok(Self(words))
    }

    /// Every word must be found in one of the columns.
    pub fn condition(&self, model: &RegisteredModel, backend: DbBackend) -> Condition {
        let words = self.0.iter().map(|(word, is_rare)| {
            let index = model.options.search_index.filter(|_| *is_rare);
            let columns = model.options.search.iter();
            let columns = columns.map(|number| &model.columns[*number]);
            let columns = columns.filter(|it| index.is_none() || it.kind != Kind::Text);
            let columns = columns.filter_map(|it| contains(model, it, word, backend));
            let columns = columns.chain(index.map(|index| by_index(model, index, word)));
            let any = columns.fold(Condition::any(), Condition::add);
            // An empty condition would be true of all rows.
            if any.is_empty() { never() } else { any }
        });
        words.fold(Condition::all(), Condition::add)
    }
}

fn contains(
    model: &RegisteredModel,
    column: &Column,
    word: &str,
    backend: DbBackend,
) -> Option<Expr> {
    // No text has such a letter, and PostgreSQL refuses it.
    if word.contains('\0') {
        return None;
    }
    if column.kind != Kind::Text {
        let own = Expr::col((Alias::new(&model.table), Alias::new(column.name)));
        let value = value::parse(&column.null, word).ok();
        return value.map(|value| own.eq(value));
    }
    let own = column.as_text();
    Some(ignoring_case(own, word, Part::Anywhere, backend))
}

fn by_index(model: &RegisteredModel, index: &'static str, word: &str) -> Expr {
    let mut found = SelectStatement::new();
    found
        .column(Alias::new("rowid"))
        .from(Alias::new(index))
        .and_where(is_in(index, word));
    let key = Expr::col((Alias::new(&model.table), Alias::new(model.key().name)));
    key.in_subquery(found)
}

/// As FTS5 asks for a piece of a text: in quotes, so that nothing in it is an operator.
fn is_in(index: &'static str, word: &str) -> Expr {
    let quoted = format!("\"{}\"", word.replace('"', "\"\""));
    SqliteExpr::matches(Expr::col(Alias::new(index)), quoted)
}
