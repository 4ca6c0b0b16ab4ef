//! One thing that an index is over.

use crate::schema::default_value::dialect;
use crate::schema::sql::quote;
use crate::schema::syntax::token::{self, Kind, Token};
use crate::schema::{Collation, Dialect};

/// A column or an expression in SQL, and how it is sorted: `"created_at" DESC`.
///
/// Two are equal if they differ only in white space and in quotes around names.
#[derive(Clone, Debug)]
pub struct Key(pub String);

impl Key {
    /// The column `name` in its usual order.
    pub fn column(name: &str) -> Self {
        Self(quote(name))
    }

    /// A column, or an expression that is not known, in an order of PostgreSQL's.
    pub fn sorted(column: Option<&str>, is_descending: bool, nulls_first: bool) -> Self {
        let mut sql = column.map(quote).unwrap_or_default();
        sql += if is_descending { " DESC" } else { "" };
        // By itself PostgreSQL takes NULL for the greatest value.
        sql += match (is_descending, nulls_first) {
            (true, false) => " NULLS LAST",
            (false, true) => " NULLS FIRST",
            _ => "",
        };
        Self(sql)
    }

    /// Returns the key as far as PostgreSQL gives it back as it was written.
    pub fn without_expression(&self) -> Self {
        let tokens = token::tokens(&self.0);
        let order = &tokens[order_start(&tokens)..];
        let is_descending = order.iter().any(|token| token.is("DESC"));
        let nulls_first = match order {
            [.., nulls, place] if nulls.is("NULLS") => place.is("FIRST"),
            _ => is_descending,
        };
        Self::sorted(
            leading_column(&tokens).as_deref(),
            is_descending,
            nulls_first,
        )
    }

    /// Reads a key as a person writes it: a column needs no quotes.
    pub fn read(sql: &str) -> Self {
        let sql = without_comments(sql);
        let tokens = token::tokens(&sql);
        match (leading_column(&tokens), tokens.first()) {
            (Some(column), Some(first)) => {
                Self(format!("{}{}", quote(&column), &sql[first.end()..]))
            }
            _ => Self(sql),
        }
    }

    /// Returns it as a person writes it: a column has no quotes, unless it needs them.
    pub(super) fn as_written(&self) -> String {
        let tokens = token::tokens(&self.0);
        match (leading_column(&tokens), tokens.first()) {
            (Some(column), Some(first)) if is_word(&column) => {
                format!("{column}{}", &self.0[first.end()..])
            }
            _ => self.0.clone(),
        }
    }

    /// The expression `sql` and its order, with the parentheses that only SQLite does not require.
    pub fn of_expression(sql: &str) -> Self {
        let plain = Self::read(sql);
        if plain.is_well_formed() {
            return plain;
        }
        let tokens = token::tokens(&plain.0);
        let is_order = |token: &Token| token.is("ASC") || token.is("DESC");
        let mut end = tokens.len() - usize::from(tokens.last().is_some_and(is_order));
        if let Some([collate, _]) = end.checked_sub(2).and_then(|at| tokens.get(at..end))
            && collate.is("COLLATE")
        {
            end -= 2;
        }
        let (expression, order) = plain.0.split_at(tokens[..end].last().map_or(0, Token::end));
        Self(format!("({expression}){order}"))
    }

    /// Returns whether it is a column, a call of a function, or an expression in parentheses, as both
    /// databases require it, and whether only its order comes behind that.
    pub(super) fn is_well_formed(&self) -> bool {
        let tokens = token::tokens(&self.0);
        if leading_column(&tokens).is_some() {
            return true;
        }
        let is_name = |token: &Token| token.identifier().is_some() || token.text == ".";
        let begin = tokens.iter().position(|token| !is_name(token));
        let Some(begin) = begin.filter(|begin| tokens[*begin].text == "(") else {
            return false;
        };
        let end = token::closing(&tokens[begin..]);
        let order = end.and_then(|end| tokens.get(begin + end + 1));
        end.is_some() && order.is_none_or(|word| word.identifier().is_some())
    }

    /// Returns the column, if the key is one in its usual order.
    pub fn plain_column(&self) -> Option<String> {
        match token::tokens(&self.0).as_slice() {
            [column] => column.identifier(),
            _ => None,
        }
    }

    /// Returns the column that the key is, whatever its order; `None` for an expression.
    pub fn leading_column(&self) -> Option<String> {
        leading_column(&token::tokens(&self.0))
    }

    /// Returns whether `dialect` can have it as it is.
    pub(super) fn is_known_to(&self, dialect: Dialect) -> bool {
        let tokens = token::tokens(&self.0);
        let (subject, order) = tokens.split_at(order_start(&tokens));
        let is_of_sqlite = collation(order).is_some_and(|name| is_sqlite_collation(&name));
        let is_known = subject
            .last()
            .is_none_or(|last| dialect::knows(dialect, &self.0[..last.end()]));
        is_known
            && match dialect {
                Dialect::Sqlite => sqlite_order(order).1,
                Dialect::Postgres => !is_of_sqlite,
            }
    }

    /// Returns the key without what SQLite does not know of its order; `None` if SQLite lacks more.
    pub(super) fn sqlite(&self) -> Option<String> {
        let tokens = token::tokens(&self.0);
        let (subject, order) = tokens.split_at(order_start(&tokens));
        let subject = &self.0[..subject.last()?.end()];
        let (order, _) = sqlite_order(order);
        dialect::knows(Dialect::Sqlite, subject).then(|| format!("{subject}{order}"))
    }

    /// Returns the key with the column `from` under its new name `to`.
    pub(super) fn renamed(&self, from: &str, to: &str) -> Self {
        Self(token::renamed(&self.0, from, to))
    }

    /// Returns its names and words, for the name of an index.
    pub(super) fn words(&self) -> Vec<String> {
        let tokens = token::tokens(&self.0);
        let words = tokens.iter().filter_map(Token::identifier);
        words
            .map(|word| word.to_lowercase())
            .map(|word| word.replace(|c: char| !c.is_alphanumeric(), "_"))
            .collect()
    }
}

/// Returns the words of an order that SQLite knows, and whether these are all.
fn sqlite_order(order: &[Token<'_>]) -> (String, bool) {
    let (mut kept, mut is_all) = (String::new(), true);
    let mut rest = order;
    while let [word, others @ ..] = rest {
        rest = others;
        if word.is("ASC") || word.is("DESC") {
            kept += &format!(" {}", word.text);
        } else if let ([name, after @ ..], true) = (others, word.is("COLLATE")) {
            rest = after;
            match name.identifier().filter(|it| is_sqlite_collation(it)) {
                Some(_) => kept += &format!(" COLLATE {}", name.text),
                None => is_all = false,
            }
        } else {
            is_all = false;
        }
    }
    (kept, is_all)
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        token::is_same(&self.0, &other.0)
    }
}

impl Eq for Key {}

fn without_comments(sql: &str) -> String {
    let mut kept = String::with_capacity(sql.len());
    let mut copied = 0;
    let tokens = token::tokens(sql).into_iter();
    for comment in tokens.filter(|token| token.kind == Kind::Comment) {
        kept += &sql[copied..comment.start];
        copied = comment.end();
    }
    kept += &sql[copied..];
    kept.trim().to_owned()
}

fn is_word(name: &str) -> bool {
    matches!(token::tokens(name).as_slice(), [word] if word.kind == Kind::Word)
}

/// PostgreSQL does not even have SQLite's name for the usual collation.
fn is_sqlite_collation(name: &str) -> bool {
    let known = Collation::named(name).map(|it| it.is_known_to(Dialect::Sqlite));
    known.unwrap_or_else(|| name.eq_ignore_ascii_case("BINARY"))
}

fn collation(order: &[Token<'_>]) -> Option<String> {
    let at = order.iter().position(|token| token.is("COLLATE"))?;
    order.get(at + 1)?.identifier()
}

/// Returns where the words begin that say how a key is sorted: after a column, or after the last
/// parenthesis of an expression.
fn order_start(tokens: &[Token<'_>]) -> usize {
    match leading_column(tokens) {
        Some(_) => 1,
        None => {
            let closing = tokens.iter().rposition(|token| token.text == ")");
            closing.map_or(tokens.len(), |at| at + 1)
        }
    }
}

/// Returns the column that a key begins with, if nothing is done with its values.
fn leading_column(tokens: &[Token<'_>]) -> Option<String> {
    let [first, rest @ ..] = tokens else {
        return None;
    };
    let is_word = |token: &Token| matches!(token.kind, Kind::Word | Kind::Name);
    // An operator class may have parameters: `title gist_trgm_ops(siglen = 32)`.
    let is_order = rest.first().is_none_or(is_word);
    first.identifier().filter(|_| is_order)
}
