//! Indexes read from SQL: from the word of a model, and from the statement that a database keeps.

use super::{Index, Key};
use crate::schema::Condition;
use crate::schema::syntax::note;
use crate::schema::syntax::token::{Kind, Token, tokens, words};

/// An index as a model says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Name that the model gives it, if any.
    pub name: Option<String>,
    pub index: Index,
}

impl Index {
    /// Reads `[NAME:] [USING METHOD] (KEY, ...) [INCLUDE (COLUMN, ...)] [WHERE CONDITION]`.
    ///
    /// # Errors
    ///
    /// If it is written otherwise: what is wrong, and what is right.
    pub fn read(text: &str, unique: bool) -> Result<Named, String> {
        let tokens = tokens(text);
        let (name, start) = match tokens.as_slice() {
            [name, colon, ..] if colon.text == ":" => match name.identifier() {
                Some(name) => (Some(name), colon.end()),
                None => return Err(refuse(text)),
            },
            _ => (None, 0),
        };
        let index = definition(&text[start..], unique, Key::read).ok_or_else(|| refuse(text))?;
        Ok(Named { name, index })
    }

    /// Reads the statement CREATE INDEX; `None` if it says something that an index has no words for.
    pub fn from_statement(sql: &str) -> Option<Self> {
        let tokens = tokens(sql);
        let unique = tokens.get(1)?.is("UNIQUE");
        let on = tokens.iter().position(|token| token.is("ON"))?;
        let is_begin = |token: &&Token| token.text == "(" || token.is("USING");
        let begin = tokens[on + 1..].iter().find(is_begin)?;
        let note = tokens.iter().find(|token| token.kind == Kind::Comment);
        let noted = note
            .and_then(|token| note::read(token.text))
            .and_then(|text| definition(&text, unique, Key::read));
        noted.or_else(|| definition(&sql[begin.start..], unique, Key::of_expression))
    }
}

fn refuse(text: &str) -> String {
    format!(
        "`{text}` is not an index: write the columns or expressions in parentheses, as in \
         \"(owner_id, created_at DESC)\", \"(lower(email)) WHERE deleted_at IS NULL\", \"USING gin (tags)\" \
         or \"(email) INCLUDE (name)\"; a name may come first: \"live: (slug) WHERE ...\""
    )
}

/// Reads what comes after the name of the table.
fn definition(sql: &str, unique: bool, read_key: fn(&str) -> Key) -> Option<Index> {
    let tokens = words(sql);
    let (method, rest) = match tokens.as_slice() {
        [using, method, rest @ ..] if using.is("USING") => {
            let method = method.identifier()?.to_lowercase();
            (Some(method).filter(|it| it != "btree"), rest)
        }
        rest => (None, rest),
    };
    let (keys, rest) = parenthesized(sql, rest)?;
    let (include, rest) = match rest {
        [include, rest @ ..] if include.is("INCLUDE") => parenthesized(sql, rest)?,
        rest => (Vec::new(), rest),
    };
    let condition = match rest {
        [] => None,
        [word, first, ..] if word.is("WHERE") => {
            Some(Condition(sql[first.start..].trim_end().to_owned()))
        }
        _ => return None,
    };
    let include = include
        .iter()
        .map(|column| Key::read(column).plain_column());
    let keys: Vec<Key> = keys.into_iter().map(read_key).collect();
    keys.iter().all(Key::is_well_formed).then_some(Index {
        keys,
        unique,
        method,
        include: include.collect::<Option<_>>()?,
        condition,
    })
}

/// Returns the parts between the parenthesis that `tokens` begin with and the one that closes it, and
/// the tokens after that.
fn parenthesized<'s, 't>(
    sql: &'s str,
    tokens: &'t [Token<'s>],
) -> Option<(Vec<&'s str>, &'t [Token<'s>])> {
    let mut start = tokens.first().filter(|token| token.text == "(")?.end();
    let mut depth = 0;
    let mut parts = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 1 => {
                parts.push(&sql[start..token.start]);
                start = token.end();
            }
            _ => {}
        }
        if depth == 0 {
            parts.push(&sql[start..token.start]);
            return Some((parts, &tokens[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_model_is_read() {
        let read = |text| Index::read(text, false);
        let named = read("live: USING BTREE (slug, coalesce(a, 'x, y') DESC) WHERE (a)").unwrap();
        assert_eq!(named.name.as_deref(), Some("live"));
        assert_eq!(named.index.method, None);
        let keys: Vec<_> = named.index.keys.iter().map(|key| key.0.as_str()).collect();
        assert_eq!(keys, ["\"slug\"", "coalesce(a, 'x, y') DESC"]);
        assert_eq!(named.index.condition, Some(Condition("(a)".to_owned())));
        for wrong in [
            "",
            "slug",
            "lower(slug)",
            "()",
            "(slug,)",
            "(slug",
            "(slug) WHERE",
            "(slug) DESC",
            "USING gin tags",
            "(slug) INCLUDE (lower(a))",
            "(slug) NULLS NOT DISTINCT",
            "1 + 2: (slug)",
            "(a + b)",
            "(lower(a) || b)",
            "((a)::text)",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_statement_is_read() {
        let read = |sql: &str| Index::from_statement(sql).map(|it| it.whole_definition());
        for (sql, expected) in [
            (
                "CREATE INDEX i ON public.t USING btree (a, lower((b)::text) DESC) WHERE (c IS NULL)",
                Some("(\"a\", lower((b)::text) DESC) WHERE (c IS NULL)"),
            ),
            (
                "CREATE UNIQUE INDEX IF NOT EXISTS \"on\" ON [t](a)",
                Some("(\"a\")"),
            ),
            ("CREATE INDEX i ON t (a) WITH (fillfactor='70')", None),
            (
                "CREATE INDEX i ON t (a + 1 COLLATE NOCASE DESC, b->>'x', lower(c) || d ASC)",
                Some("((a + 1) COLLATE NOCASE DESC, (b->>'x'), (lower(c) || d) ASC)"),
            ),
            ("CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT", None),
            (
                "CREATE INDEX i ON t (a -- remark\n, b)",
                Some("(\"a\", \"b\")"),
            ),
        ] {
            assert_eq!(read(sql).as_deref(), expected, "{sql}");
        }
    }
}
