//! Reads the parts that SQLite keeps only in the text of CREATE TABLE: comments, checks, AUTOINCREMENT.

use std::collections::BTreeMap;

use crate::schema::clauses::{self, Clause};
use crate::schema::syntax::note;
use crate::schema::syntax::token::{Kind, Token, closing, tokens};
use crate::schema::{Collation, Generated};

/// The text of a CREATE TABLE, read.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub comment: Option<String>,
    pub columns: BTreeMap<String, ColumnText>,
    /// The name, if it has one, and the condition.
    pub checks: Vec<(Option<String>, String)>,
    /// Words that a table made again from its schema would not have.
    pub unkept: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct ColumnText {
    pub auto_increment: bool,
    pub collation: Option<Collation>,
    pub generated: Option<Generated>,
    /// The comment after the type.
    pub hint: Option<String>,
    /// The comment at the end.
    pub comment: Option<String>,
}

/// Words that a generated definition never has, so a rebuild would lose them.
const UNKEPT: &[&str] = &["CONFLICT", "DEFERRABLE", "MATCH", "WITHOUT", "STRICT"];

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
    let close = closing(&tokens[open..]).map_or(tokens.len(), |close| open + close);
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
            self.columns.insert(name, column(sql, item));
        }
    }

    fn read_checks(&mut self, sql: &str, item: &[Token]) {
        for (at, _) in item
            .iter()
            .enumerate()
            .filter(|(_, token)| token.is("CHECK"))
        {
            let rest = &item[at + 1..];
            let Some(open) = rest.first().filter(|token| token.text == "(") else {
                continue;
            };
            let end = closing(rest).map_or(sql.len(), |close| rest[close].start);
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

impl ColumnText {
    fn read_clauses(&mut self, sql: &str, tokens: &[Token]) {
        let (mut at, mut depth) = (0, 0);
        while let Some(token) = tokens.get(at) {
            // A default may be an expression with such words in it.
            let Some((clause, length)) = clauses::read(sql, &tokens[at..]).filter(|_| depth == 0)
            else {
                depth += i32::from(token.text == "(") - i32::from(token.text == ")");
                at += 1;
                continue;
            };
            match clause {
                Clause::Collation(collation) => self.collation = collation,
                Clause::Generated(generated) => self.generated = Some(generated),
                Clause::Check(_) => {}
            }
            at += length;
        }
    }
}

fn column(sql: &str, item: &[Token]) -> ColumnText {
    let auto_increment = item.iter().any(|token| token.is("AUTOINCREMENT"));
    let type_end = item
        .iter()
        .skip(1)
        .position(|token| AFTER_TYPE.iter().any(|word| token.is(word)))
        .map_or(item.len(), |at| at + 1);
    let is_enum = item.get(1).is_some_and(|word| word.is("ENUM_TEXT"));
    let hint = if auto_increment || is_enum {
        item[..type_end].iter().find_map(comment)
    } else {
        None
    };
    let comment = match item {
        [.., before, last] if before.is("BINARY") && clauses::noted_collation(last).is_some() => {
            None
        }
        [.., before, last]
            if type_end < item.len() || hint.is_none() || before.kind == Kind::Comment =>
        {
            comment(last)
        }
        _ => None,
    };
    let mut text = ColumnText {
        auto_increment,
        hint,
        comment,
        ..ColumnText::default()
    };
    text.read_clauses(sql, &item[type_end..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Dialect;

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
    fn clauses_of_columns_are_read() {
        let definition = read(
            "CREATE TABLE t (a text COLLATE NOCASE NOT NULL, b text COLLATE BINARY /* COLLATE \"C\" */,
             c text COLLATE BINARY /* COLLATE \"C\" */ /* Said */, d int AS (length(a)),
             e int NOT NULL GENERATED ALWAYS AS (length((a))) STORED /* Long */, f int DEFAULT (CAST(1 AS int)))",
        );
        let told: Vec<_> = definition
            .columns
            .values()
            .map(|text| {
                let collation = text.collation.as_ref().map(ToString::to_string);
                let generated = text.generated.as_ref().map(|it| it.sql(Dialect::Sqlite));
                let parts = [collation, generated, text.comment.clone()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            })
            .collect();
        assert_eq!(
            told,
            [
                "COLLATE NOCASE",
                "COLLATE \"C\"",
                "COLLATE \"C\", Said",
                "GENERATED ALWAYS AS (length(a)) VIRTUAL",
                "GENERATED ALWAYS AS (length((a))) STORED, Long",
                "",
            ]
        );
        assert!(definition.unkept.is_empty());
    }

    #[test]
    fn what_a_rebuild_would_lose_is_noted() {
        let unkept = |sql| read(sql).unkept;
        assert_eq!(
            unkept("CREATE TABLE t (a text, b int REFERENCES x DEFERRABLE) STRICT"),
            ["DEFERRABLE", "STRICT"]
        );
        assert_eq!(
            unkept("CREATE TABLE t(a DEFAULT (CAST(1 AS text)))"),
            Vec::<String>::new()
        );
    }
}
