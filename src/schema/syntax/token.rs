//! SQL cut into words, and what the program does with them beyond restkit.

pub use crate::shared::sql::{Kind, Token, closing, mentions, statements, tokens, words};

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
    let in_one_form = |token: Token| match token.identifier() {
        Some(name) => (true, name),
        None => (false, token.text.to_owned()),
    };
    let [one, other] = [one, other].map(|sql| words(sql).into_iter().map(in_one_form));
    one.eq(other)
}

/// The condition of `sql`, if it is `CHECK (condition)` and nothing else.
pub fn check(sql: &str) -> Option<&str> {
    let tokens = tokens(sql);
    let [check, open, .., close] = tokens.as_slice() else {
        return None;
    };
    let is_whole =
        check.is("CHECK") && open.text == "(" && closing(&tokens[1..]) == Some(tokens.len() - 2);
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
