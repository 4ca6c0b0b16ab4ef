//! SQL cut into words, and what the program does with them beyond restkit.

pub use crate::shared::sql::{Kind, Token, mentions, statements, tokens};

/// `sql` with the column `from` under its new name `to`.
pub fn renamed(sql: &str, from: &str, to: &str) -> String {
    let mut renamed = String::with_capacity(sql.len());
    let mut copied = 0;
    for token in tokens(sql) {
        if token.identifier().as_deref() == Some(from) {
            renamed.push_str(&sql[copied..token.start]);
            renamed.push_str(&super::quote(to));
            copied = token.end();
        }
    }
    renamed.push_str(&sql[copied..]);
    renamed
}

/// Returns whether two texts differ only in white space, in comments and in quotes around names, which
/// SQLite adds when it renames a column.
pub fn is_same(one: &str, other: &str) -> bool {
    let words = |sql: &str| -> Vec<(bool, String)> {
        let tokens = tokens(sql).into_iter();
        tokens
            .filter(|token| token.kind != Kind::Comment)
            .map(|token| match token.identifier() {
                Some(name) => (true, name),
                None => (false, token.text.to_owned()),
            })
            .collect()
    };
    words(one) == words(other)
}

/// The condition of `sql`, if it is `CHECK (condition)` and nothing else.
pub fn check(sql: &str) -> Option<&str> {
    let tokens = tokens(sql);
    let [check, open, .., close] = tokens.as_slice() else {
        return None;
    };
    let mut depth = 0;
    let closes = tokens.iter().position(|token| {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        depth == 0 && token.text == ")"
    });
    let is_whole = check.is("CHECK") && open.text == "(" && closes == Some(tokens.len() - 1);
    is_whole.then(|| sql[open.end()..close.start].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_renamed_as_words() {
        assert_eq!(
            renamed("\"price\" > 0 AND price <> 'price'", "price", "cost"),
            "\"cost\" > 0 AND \"cost\" <> 'price'"
        );
    }
}
