//! Comments on tables and columns, which SQLite keeps as they are in CREATE TABLE.

/// `text` as a comment inside a statement.
pub fn note(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace("*/", "*\\/")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    format!("/* {text} */")
}

/// Returns the text of such a comment; nothing if `sql` is something else.
pub fn read(sql: &str) -> Option<String> {
    let inner = sql.strip_prefix("/*")?.strip_suffix("*/")?;
    let inner = inner.strip_prefix(' ').unwrap_or(inner);
    let mut letters = inner.strip_suffix(' ').unwrap_or(inner).chars();
    let mut text = String::with_capacity(inner.len());
    while let Some(letter) = letters.next() {
        match (letter, letters.as_str().chars().next()) {
            ('\\', Some(escaped @ ('\\' | '/'))) => text.push(escaped),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            _ => {
                text.push(letter);
                continue;
            }
        }
        letters.next();
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_comment_is_read_back() {
        for text in [
            "plain",
            "",
            " ",
            "a */ b",
            "*/",
            "\\",
            "\\n",
            "two\nlines\r",
            "*\\/",
            "ends in *",
        ] {
            let note = note(text);
            assert_eq!(read(&note).as_deref(), Some(text), "{note}");
            assert_eq!(note.matches("*/").count(), 1, "{note}");
        }
        assert_eq!(read("/*by hand*/").as_deref(), Some("by hand"));
        assert_eq!(read("/* C:\\dir */").as_deref(), Some("C:\\dir"));
        assert_eq!(read("-- no"), None);
    }
}
