//! What SQLite keeps only in the text of CREATE TABLE: comments, checks, AUTOINCREMENT.

use std::collections::BTreeMap;

use crate::schema::sql::note;
use crate::schema::sql::token::{Kind, Token, tokens};

/// The text of a CREATE TABLE, read.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub comment: Option<String>,
    pub columns: BTreeMap<String, ColumnText>,
    /// The name, if it has one, and the condition.
    pub checks: Vec<(Option<String>, String)>,
    /// Words that a table made anew from its schema would not have.
    pub unkept: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct ColumnText {
    pub auto_increment: bool,
    /// The comment after the type.
    pub hint: Option<String>,
    /// The comment at the end.
    pub comment: Option<String>,
}

/// What a generated definition never has, and what a rebuild would therefore lose.
const UNKEPT: &[&str] = &[
    "COLLATE",
    "GENERATED",
    "AS",
    "CONFLICT",
    "DEFERRABLE",
    "MATCH",
    "WITHOUT",
    "STRICT",
];

const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Words after which a comment is no longer about the type.
const AFTER_TYPE: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
];

/// Reads the statement `sql` that SQLite keeps for a table.
pub(super) fn read(sql: &str) -> Definition {
    let tokens = tokens(sql);
    let mut definition = Definition::default();
    let Some(open) = tokens.iter().position(|token| token.text == "(") else {
        definition.unkept.push("AS".to_owned());
        return definition;
    };
    definition.comment = tokens[..open].iter().find_map(comment);
    let close = closing(&tokens, open);
    for item in items(&tokens[open + 1..close]) {
        definition.read_item(sql, item);
    }
    definition.note_unkept(&tokens[close..]);
    definition
}

/// The items between the commas that are in no parentheses of their own.
fn items<'a, 'b>(tokens: &'b [Token<'a>]) -> Vec<&'b [Token<'a>]> {
    let mut depth = 0;
    tokens
        .split(|token| {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && token.text == ","
        })
        .collect()
}

/// Where the parenthesis at `open` is closed.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

/// A comment between the words; one that goes to the end of the line is a remark to the reader.
fn comment(token: &Token) -> Option<String> {
    match token.kind {
        Kind::Comment => note::read(token.text),
        _ => None,
    }
}

impl Definition {
    fn read_item(&mut self, sql: &str, item: &[Token]) {
        let Some(first) = item.iter().find(|token| token.kind != Kind::Comment) else {
            return;
        };
        self.read_checks(sql, item);
        self.note_unkept(item);
        let is_constraint = TABLE_CONSTRAINTS.iter().any(|word| first.is(word));
        if let (false, Some(name)) = (is_constraint, first.identifier()) {
            self.columns.insert(name, column(item));
        }
    }

    fn read_checks(&mut self, sql: &str, item: &[Token]) {
        for (at, _) in item
            .iter()
            .enumerate()
            .filter(|(_, token)| token.is("CHECK"))
        {
            let Some(open) = item.get(at + 1).filter(|token| token.text == "(") else {
                continue;
            };
            let close = closing(item, at + 1);
            let end = item.get(close).map_or(sql.len(), |token| token.start);
            let condition = sql[open.end()..end].trim().to_owned();
            let name = match at.checked_sub(2).map(|before| &item[before..at]) {
                Some([word, name]) if word.is("CONSTRAINT") => name.identifier(),
                _ => None,
            };
            self.checks.push((name, condition));
        }
    }

    /// Words inside parentheses are parts of expressions, which are kept as they are.
    fn note_unkept(&mut self, item: &[Token]) {
        let mut depth = 0;
        for token in item {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ if depth <= 0 && UNKEPT.iter().any(|word| token.is(word)) => {
                    self.unkept.push(token.text.to_ascii_uppercase());
                }
                _ => {}
            }
        }
    }
}

fn column(item: &[Token]) -> ColumnText {
    let auto_increment = item.iter().any(|token| token.is("AUTOINCREMENT"));
    let type_end = item
        .iter()
        .skip(1)
        .position(|token| AFTER_TYPE.iter().any(|word| token.is(word)))
        .map_or(item.len(), |at| at + 1);
    let is_enum = item.get(1).is_some_and(|word| word.is("ENUM_TEXT"));
    let hint = match auto_increment || is_enum {
        true => item[..type_end].iter().find_map(comment),
        false => None,
    };
    let comment = match item {
        [.., before, last]
            if type_end < item.len() || hint.is_none() || before.kind == Kind::Comment =>
        {
            comment(last)
        }
        _ => None,
    };
    ColumnText {
        auto_increment,
        hint,
        comment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_table_is_read() {
        let definition = read(
            "CREATE TABLE \"api_task\" /* What to do */ (\n    \
             \"id\" integer /* i32 */ NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \
             \"price\" real(10, 2) NOT NULL DEFAULT (1 + 2) /* In euros */,\n    \
             \"check\" text /* quoted */, b text CHECK (length(b) > 2),\n    \
             CONSTRAINT \"api_task_price_check\" CHECK (\"price\" > 0 AND (1)),\n    \
             FOREIGN KEY (b) REFERENCES x (y)\n)",
        );
        assert_eq!(definition.comment.as_deref(), Some("What to do"));
        let id = &definition.columns["id"];
        assert!(id.auto_increment);
        assert_eq!(id.hint.as_deref(), Some("i32"));
        assert_eq!(id.comment, None);
        assert_eq!(
            definition.columns["price"].comment.as_deref(),
            Some("In euros")
        );
        assert_eq!(
            definition.columns["check"].comment.as_deref(),
            Some("quoted")
        );
        assert_eq!(definition.columns.len(), 4);
        assert_eq!(
            definition.checks,
            [
                (None, "length(b) > 2".to_owned()),
                (
                    Some("api_task_price_check".to_owned()),
                    "\"price\" > 0 AND (1)".to_owned()
                ),
            ]
        );
        assert!(definition.unkept.is_empty());
    }

    #[test]
    fn what_a_rebuild_would_lose_is_noted() {
        let unkept = |sql| read(sql).unkept;
        assert_eq!(
            unkept("CREATE TABLE t (a text COLLATE NOCASE, b int) STRICT"),
            ["COLLATE", "STRICT"]
        );
        assert_eq!(
            unkept("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1))"),
            ["GENERATED", "AS"]
        );
        assert_eq!(
            unkept("CREATE TABLE t(a DEFAULT (CAST(1 AS text)))"),
            Vec::<String>::new()
        );
    }
}
