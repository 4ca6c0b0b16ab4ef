//! The causes of an error, for people.

/// Returns what an error says, without the line of PostgreSQL's own source that sqlx adds.
pub fn without_source(words: &str) -> &str {
    match words.rsplit_once(" at line ") {
        Some((before, line)) if line.bytes().all(|byte| byte.is_ascii_digit()) => before,
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresqls_own_source_is_nobodys_business() {
        assert_eq!(without_source("no such thing at line 232"), "no such thing");
        assert_eq!(
            without_source("syntax error at line x"),
            "syntax error at line x"
        );
    }
}
