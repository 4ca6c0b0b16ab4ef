//! PostgreSQL's way to write a condition, in words that SQLite has, too.

use crate::schema::Table;
use crate::schema::syntax::token::{self, Kind, Token};

/// Words of types after the first one: `character varying`, `timestamp without time zone`.
const TYPE_WORDS: &[&str] = &["VARYING", "PRECISION", "WITHOUT", "WITH", "TIME", "ZONE"];

/// The words that both databases read in the same way.
const WORDS: &[&str] = &[
    "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "TRUE", "FALSE", "LENGTH", "LOWER", "UPPER",
    "ABS", "COALESCE",
];

/// Says SQL of PostgreSQL's in words that both databases have, as far as there are such words.
pub(super) fn common_words(sql: &str, table: &Table) -> String {
    let said = match portable(sql, table) {
        Some((said, _)) => said,
        None => {
            let plain = without_number_casts(&without_text_casts(sql), table);
            unwrapped(&with_common_names(&plain)).to_owned()
        }
    };
    without_needless_parentheses(&said)
}

/// `condition` without types and arrays, if nothing else in it is known only to PostgreSQL; and the only
/// column of `table` that it is about.
fn portable<'t>(condition: &str, table: &'t Table) -> Option<(String, &'t str)> {
    let plain = with_common_names(&without_types(&without_arrays(condition)));
    let tokens = token::tokens(&plain);
    let mut columns = Vec::new();
    for token in &tokens {
        let name = token.identifier();
        let column = name.and_then(|name| table.columns.get_key_value(&name));
        match (token.kind, column) {
            (Kind::Word | Kind::Name, Some((name, _))) => columns.push(name.as_str()),
            _ if is_portable(token) => {}
            _ => return None,
        }
    }
    columns.dedup();
    match columns.as_slice() {
        [column] => Some((unwrapped(&plain).to_owned(), column)),
        _ => None,
    }
}

fn is_portable(token: &Token) -> bool {
    match token.kind {
        Kind::Text => true,
        Kind::Word => {
            token.text.starts_with(|c: char| c.is_ascii_digit())
                || WORDS.iter().any(|word| token.is(word))
        }
        Kind::Symbol => "()<>=!+-*/%,".contains(token.text),
        Kind::Name | Kind::Comment => false,
    }
}

/// `x = ANY (ARRAY['a', 'b'])` is how PostgreSQL keeps `x IN ('a', 'b')`.
fn without_arrays(condition: &str) -> String {
    let Some((before, rest)) = condition.split_once("ARRAY[") else {
        return condition.to_owned();
    };
    let bare = before.trim_end_matches(['(', ' ']);
    let opened = before[bare.len()..].matches('(').count();
    let (Some(bare), Some(end)) = (bare.strip_suffix("= ANY"), closing(rest)) else {
        return condition.to_owned();
    };
    let mut after = &rest[end + 1..];
    for _ in 0..opened {
        match after.split_once(')') {
            Some((_, rest)) => after = rest,
            None => return condition.to_owned(),
        }
    }
    format!("{bare}IN ({}){}", &rest[..end], without_arrays(after))
}

/// Finds the end of the bracket that `text` is in.
fn closing(text: &str) -> Option<usize> {
    let mut in_quotes = false;
    text.char_indices().find_map(|(at, letter)| {
        in_quotes ^= letter == '\'';
        (letter == ']' && !in_quotes).then_some(at)
    })
}

pub(super) fn without_types(condition: &str) -> String {
    let tokens = token::tokens(condition);
    let mut plain = String::with_capacity(condition.len());
    let (mut copied, mut at) = (0, 0);
    while at + 2 < tokens.len() {
        if tokens[at].text != ":" || tokens[at + 1].text != ":" {
            at += 1;
            continue;
        }
        plain.push_str(&condition[copied..tokens[at].start]);
        at = type_end(&tokens, at + 3);
        copied = tokens[at - 1].end();
    }
    plain.push_str(&condition[copied..]);
    plain
}

/// `sql` without the casts that turn a literal text into a text.
pub(super) fn without_text_casts(sql: &str) -> String {
    const TEXT: &[&str] = &["text", "character", "bpchar", "varchar"];
    let tokens = token::tokens(sql);
    let mut plain = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, literal) in tokens.iter().enumerate() {
        let is_cast = matches!(tokens.get(at + 1..at + 4), Some([one, two, word])
            if one.text == ":" && two.text == ":" && TEXT.contains(&word.text));
        if literal.kind == Kind::Text && is_cast {
            plain.push_str(&sql[copied..literal.end()]);
            let end = type_end(&tokens, at + 4);
            copied = tokens[end - 1].end();
        }
    }
    plain.push_str(&sql[copied..]);
    plain
}

/// `sql` without the casts that turn a number into another kind of number, which PostgreSQL makes by itself;
/// where numbers are divided, their kind counts.
fn without_number_casts(sql: &str, table: &Table) -> String {
    const NUMBERS: &[&str] = &["numeric", "smallint", "integer", "bigint", "real", "double"];
    let tokens = token::tokens(sql);
    if tokens.iter().any(|token| matches!(token.text, "/" | "%")) {
        return sql.to_owned();
    }
    let is_number = |token: &Token| {
        let column = token.identifier().and_then(|name| table.columns.get(&name));
        let is_literal = token.text.starts_with(|c: char| c.is_ascii_digit());
        column.map_or(is_literal, |column| {
            column.column_type.is_integer() || column.column_type.is_fraction()
        })
    };
    let mut plain = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, value) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| is_number(token))
    {
        let around = at
            .checked_sub(1)
            .and_then(|before| tokens.get(before..at + 5));
        let Some([open, _, close, one, two, name]) = around else {
            continue;
        };
        let end = type_end(&tokens, at + 5);
        let is_sized = tokens[end - 1].text == ")";
        let is_cast = open.text == "(" && close.text == ")" && one.text == ":" && two.text == ":";
        if is_cast && NUMBERS.contains(&name.text) && !is_sized {
            plain.push_str(&sql[copied..open.start]);
            plain.push_str(value.text);
            copied = tokens[end - 1].end();
        }
    }
    plain.push_str(&sql[copied..]);
    plain
}

/// `sql` without the parentheses around one word, unless they are those of a function or behind a keyword.
fn without_needless_parentheses(sql: &str) -> String {
    let tokens = token::tokens(sql);
    let mut plain = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, open) in tokens.iter().enumerate() {
        let Some([_, value, close]) = tokens.get(at..at + 3).filter(|_| open.text == "(") else {
            continue;
        };
        let before = at.checked_sub(1).map(|before| tokens[before]);
        let is_called = before.is_some_and(|it| it.identifier().is_some() || it.text == ")");
        let is_value = value.identifier().is_some() || value.kind == Kind::Text;
        if close.text == ")" && is_value && !is_called {
            plain.push_str(&sql[copied..open.start]);
            plain.push_str(value.text);
            copied = close.end();
        }
    }
    plain.push_str(&sql[copied..]);
    plain
}

/// `sql` with the functions that have a name in both databases called by that.
fn with_common_names(sql: &str) -> String {
    let mut common = String::with_capacity(sql.len());
    let mut copied = 0;
    for token in token::tokens(sql) {
        if token.is("CHAR_LENGTH") || token.is("CHARACTER_LENGTH") {
            common.push_str(&sql[copied..token.start]);
            common.push_str("length");
            copied = token.end();
        }
    }
    common.push_str(&sql[copied..]);
    common
}

/// Finds the end of the type whose first word is before `at`.
fn type_end(tokens: &[Token], mut at: usize) -> usize {
    let is_more = |token: &Token| TYPE_WORDS.iter().any(|word| token.is(word));
    while tokens.get(at).is_some_and(is_more) {
        at += 1;
    }
    if tokens.get(at).is_some_and(|token| token.text == "(") {
        let close = tokens[at..].iter().position(|token| token.text == ")");
        at += close.map_or(0, |close| close + 1);
    }
    at + usize::from(tokens.get(at).is_some_and(|token| token.text == "[]"))
}

/// Without the one pair of parentheses around all of it.
pub(super) fn unwrapped(condition: &str) -> &str {
    let whole = format!("CHECK {condition}");
    match token::check(&whole) {
        Some(inner) => &condition[condition.find(inner).unwrap_or(0)..][..inner.len()],
        None => condition,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ColumnType};

    #[test]
    fn conditions_lose_what_is_postgresqls_alone() {
        let mut table = Table::default();
        for name in ["price", "state", "odd name"] {
            let column = Column::new(ColumnType::Text);
            table.columns.insert(name.to_owned(), column);
        }
        for (kept, plain) in [
            ("(price > (0)::numeric)", Some("price > (0)")),
            (
                "((price >= 0) AND (price < 10.5))",
                Some("(price >= 0) AND (price < 10.5)"),
            ),
            (
                "((state)::text = ANY ((ARRAY['a]'::character varying, 'it''s'::character varying(5)])::text[]))",
                Some("(state) IN ('a]', 'it''s')"),
            ),
            ("(\"odd name\" <> ''::text)", Some("\"odd name\" <> ''")),
            ("(price > (state)::numeric)", None),
            ("(state ~ '^a'::text)", None),
            ("(now() > '2026-01-01'::date)", None),
        ] {
            let found = portable(kept, &table).map(|(condition, _)| condition);
            assert_eq!(found.as_deref(), plain, "{kept}");
        }
    }

    #[test]
    fn sql_is_said_in_common_words() {
        let mut table = Table::default();
        for (name, column_type) in [
            ("price", ColumnType::Decimal(None)),
            ("pieces", ColumnType::Integer),
            ("state", ColumnType::Text),
        ] {
            table
                .columns
                .insert(name.to_owned(), Column::new(column_type));
        }
        for (kept, said) in [
            ("(price * (pieces)::numeric)", "price * pieces"),
            (
                "((price > (0)::numeric) AND (pieces < 3))",
                "(price > 0) AND (pieces < 3)",
            ),
            ("(price / (pieces)::numeric)", "price / pieces::numeric"),
            ("(price > (state)::numeric)", "price > state::numeric"),
            (
                "(price * (pieces)::numeric(4,1))",
                "price * pieces::numeric(4,1)",
            ),
            ("lower((state)::text)", "lower(state)"),
            ("(NOT (price > (1)::numeric))", "NOT (price > 1)"),
            ("((state)::text = ANY (ARRAY['a'::text]))", "state IN ('a')"),
            ("COALESCE(state, ''::text)", "COALESCE(state, '')"),
        ] {
            assert_eq!(common_words(kept, &table), said, "{kept}");
        }
    }
}
