//! The clauses behind a column's type, as models (`extra`) and SQLite write them.

use super::syntax::note;
use super::syntax::token::{Kind, Token, closing};
use super::{Collation, Generated};

/// A clause, and how many tokens it has.
pub enum Clause {
    /// `COLLATE name`; the usual collation is `None`.
    Collation(Option<Collation>),
    /// `GENERATED ALWAYS AS (expression) STORED`
    Generated(Generated),
    /// `CHECK (condition)`
    Check(String),
}

/// Reads the clause that `tokens` begin with, and how many of them it has; `None` for any other.
pub fn read(sql: &str, tokens: &[Token<'_>]) -> Option<(Clause, usize)> {
    match tokens {
        [collate, name, rest @ ..] if collate.is("COLLATE") => {
            let noted = rest.first().and_then(noted_collation);
            let length = 2 + usize::from(noted.is_some());
            let collation = noted.or_else(|| Collation::named(&name.identifier()?));
            Some((Clause::Collation(collation), length))
        }
        [check, ..] if check.is("CHECK") => {
            let (condition, length) = parenthesized(sql, &tokens[1..])?;
            Some((Clause::Check(condition), 1 + length))
        }
        [generated, always, word, ..]
            if generated.is("GENERATED") && always.is("ALWAYS") && word.is("AS") =>
        {
            generated_as(sql, &tokens[3..]).map(|(clause, length)| (clause, 3 + length))
        }
        [word, ..] if word.is("AS") => {
            generated_as(sql, &tokens[1..]).map(|(clause, length)| (clause, 1 + length))
        }
        _ => None,
    }
}

/// The collation in the comment behind `COLLATE BINARY`, which PostgreSQL has.
pub fn noted_collation(token: &Token<'_>) -> Option<Collation> {
    let text = note::read(Some(token).filter(|it| it.kind == Kind::Comment)?.text)?;
    let name = text.strip_prefix("COLLATE ")?;
    let name = super::syntax::token::tokens(name).first()?.identifier()?;
    Collation::named(&name)
}

fn generated_as(sql: &str, tokens: &[Token<'_>]) -> Option<(Clause, usize)> {
    let (expression, length) = parenthesized(sql, tokens)?;
    let (stored, words) = match tokens.get(length) {
        Some(word) if word.is("STORED") => (true, 1),
        Some(word) if word.is("VIRTUAL") => (false, 1),
        _ => (false, 0),
    };
    let generated = Generated { expression, stored };
    Some((Clause::Generated(generated), length + words))
}

/// The text between a parenthesis and the one that closes it, and the number of tokens with both.
fn parenthesized(sql: &str, tokens: &[Token<'_>]) -> Option<(String, usize)> {
    let open = tokens.first().filter(|token| token.text == "(")?;
    let close = closing(tokens)?;
    let inner = sql[open.end()..tokens[close].start].trim();
    Some((inner.to_owned(), close + 1))
}
