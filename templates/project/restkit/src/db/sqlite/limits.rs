//! Limits as SQLite wants them.
//!
//! SQLite plans a statement again at each run if its `LIMIT` is bound, since the best plan may depend
//! on the number: that takes longer than reading a row. A number in the text is planned once.

use sea_orm::{DbBackend, Statement, Value, Values};

/// Writes the bound limits of a statement for SQLite into its text.
pub(super) fn write(statement: &mut Statement) {
    if statement.db_backend != DbBackend::Sqlite {
        return;
    }
    let values = statement.values.as_ref().map(|values| &values.0);
    if let Some((sql, values)) = values.and_then(|values| written(&statement.sql, values)) {
        statement.sql = sql;
        statement.values = Some(Values(values));
    }
}

/// The statement with its limits written out, and the values that are left to bind; nothing if
/// there are none, or if its placeholders are not plain ones.
fn written(sql: &str, values: &[Value]) -> Option<(String, Vec<Value>)> {
    if !sql.contains(" LIMIT ?") {
        return None;
    }
    let mut text = String::with_capacity(sql.len());
    let (mut left, mut all) = (Vec::new(), values.iter());
    let mut quote = None;
    for (at, letter) in sql.char_indices() {
        match (quote, letter) {
            (None, '?') => {
                let value = all.next()?;
                match limit(value).filter(|_| text.ends_with(" LIMIT ")) {
                    Some(number) => text.push_str(&number.to_string()),
                    None => {
                        left.push(value.clone());
                        text.push('?');
                    }
                }
                let is_numbered = sql[at + 1..].starts_with(|next: char| next.is_ascii_digit());
                if is_numbered {
                    return None;
                }
                continue;
            }
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        text.push(letter);
    }
    all.next().is_none().then_some((text, left))
}

fn limit(value: &Value) -> Option<u64> {
    match value {
        Value::BigUnsigned(Some(number)) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, values: impl IntoIterator<Item = Value>, expected: Option<(&str, usize)>) {
        let values: Vec<_> = values.into_iter().collect();
        let written = written(sql, &values);
        let written = written
            .as_ref()
            .map(|(sql, left)| (sql.as_str(), left.len()));
        assert_eq!(written, expected, "{sql}");
    }

    #[test]
    fn limits_are_written_and_all_else_is_bound() {
        check(
            "SELECT a FROM t WHERE a = ? LIMIT ? OFFSET ?",
            [1_i64.into(), 100_u64.into(), 200_u64.into()],
            Some(("SELECT a FROM t WHERE a = ? LIMIT 100 OFFSET ?", 2)),
        );
        check(
            "SELECT (SELECT b FROM u LIMIT ?) FROM t LIMIT ?",
            [1_u64.into(), 2_u64.into()],
            Some(("SELECT (SELECT b FROM u LIMIT 1) FROM t LIMIT 2", 0)),
        );
    }

    #[test]
    fn what_is_quoted_is_no_placeholder() {
        check(
            r#"SELECT "a?", 'it''s LIMIT ?', `?` FROM t WHERE b = ? LIMIT ?"#,
            ["x".into(), 7_u64.into()],
            Some((
                r#"SELECT "a?", 'it''s LIMIT ?', `?` FROM t WHERE b = ? LIMIT 7"#,
                1,
            )),
        );
    }

    #[test]
    fn what_is_written_otherwise_stays_as_it_is() {
        check("SELECT 1", [], None);
        check("SELECT 1 LIMIT ?1", [1_u64.into()], None);
        check("SELECT 1 LIMIT ? -- ?", [1_u64.into()], None);
        check("SELECT 1 LIMIT ?", [1_u64.into(), 2_u64.into()], None);
    }
}
