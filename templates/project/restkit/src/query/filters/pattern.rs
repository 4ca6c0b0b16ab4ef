//! Parts of texts: the patterns that find them, with what would be a wildcard taken as it is.

use sea_orm::DbBackend;
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::extension::sqlite::SqliteExpr;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};

/// The part of a text to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Start,
    End,
    Anywhere,
}

/// Returns whether `text` occurs in `column`, small and capital letters being the same.
///
/// PostgreSQL knows the letters of its database's locale. SQLite's LIKE knows those of ASCII only,
/// so a text with others is looked for by a pattern that names both forms of every letter.
pub(crate) fn ignoring_case(column: Expr, text: &str, part: Part, backend: DbBackend) -> Expr {
    match backend {
        DbBackend::Postgres => column.ilike(escaped(text, part)),
        _ if text.is_ascii() => column.like(LikeExpr::new(escaped(text, part)).escape('\\')),
        _ => column.glob(around("*", &both_cases(text), part)),
    }
}

/// Returns whether `text` occurs in `column` exactly.
pub(super) fn minding_case(column: Expr, text: &str, part: Part, backend: DbBackend) -> Expr {
    match backend {
        DbBackend::Postgres => column.like(escaped(text, part)),
        _ => column.glob(around("*", &globbed(text), part)),
    }
}

/// With backslashes, which PostgreSQL takes as such unless told otherwise and SQLite if told so.
fn escaped(text: &str, part: Part) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    around("%", &escaped, part)
}

fn around(any: &str, text: &str, part: Part) -> String {
    let (before, after) = match part {
        Part::Whole => ("", ""),
        Part::Start => ("", any),
        Part::End => (any, ""),
        Part::Anywhere => (any, any),
    };
    format!("{before}{text}{after}")
}

fn globbed(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        push_one_of(&mut pattern, &[letter]);
    }
    pattern
}

fn both_cases(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() * 4);
    for letter in text.chars() {
        let mut forms = vec![letter];
        forms.extend(single(letter.to_lowercase()));
        forms.extend(single(letter.to_uppercase()));
        forms.sort_unstable();
        forms.dedup();
        push_one_of(&mut pattern, &forms);
    }
    pattern
}

/// `ß` is `SS` in capitals: that is no longer one letter.
fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

fn push_one_of(pattern: &mut String, forms: &[char]) {
    match forms {
        [letter] if !matches!(letter, '*' | '?' | '[') => pattern.push(*letter),
        forms => {
            pattern.push('[');
            pattern.extend(forms);
            pattern.push(']');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_letters() {
        assert_eq!(globbed("a*b?c[d]"), "a[*]b[?]c[[]d]");
        let column = || Expr::cust("c");
        for (text, backend, expected) in [
            ("50%_\\", DbBackend::Postgres, r"ILIKE E'%50\\%\\_\\\\%'"),
            ("50%_\\", DbBackend::Sqlite, r"LIKE '%50\%\_\\%'"),
        ] {
            let expr = ignoring_case(column(), text, Part::Anywhere, backend);
            let mut select = sea_orm::sea_query::Query::select();
            let sql = backend.build(select.expr(expr)).to_string();
            assert!(str::contains(&sql, expected), "{sql}");
        }
    }

    #[test]
    fn letters_beyond_ascii_have_both_cases_too() {
        assert_eq!(both_cases("Éa1ß*"), "[Éé][Aa]1ß[*]");
    }
}
