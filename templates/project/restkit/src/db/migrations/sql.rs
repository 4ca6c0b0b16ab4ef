//! SQL cut into words and statements, to read what a database keeps only as text.

/// A piece of SQL; white space is between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    /// As it is in the text, quotes included.
    pub text: &'a str,
    /// The position of its first byte.
    pub start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// A name in double quotes, backticks or brackets.
    Name,
    Text,
    Comment,
    Symbol,
}

impl<'a> Token<'a> {
    /// The position after its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns whether it is the keyword `word`, which is written in capitals here.
    pub fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// The identifier that it names, without quotes.
    pub fn identifier(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_owned()),
            Kind::Name => {
                let quote = &self.text[..1];
                let inner = &self.text[1..self.text.len() - 1];
                Some(inner.replace(&quote.repeat(2), quote))
            }
            _ => None,
        }
    }

    /// Returns the text of a comment.
    pub fn comment(&self) -> Option<&'a str> {
        let text = (self.kind == Kind::Comment).then_some(self.text)?;
        let inner = match text.strip_prefix("--") {
            Some(line) => line,
            None => text.strip_prefix("/*")?.strip_suffix("*/")?,
        };
        Some(inner.trim())
    }
}

/// Cuts `sql` into tokens; what is not closed goes to the end.
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = sql[start..].chars().next() {
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        let (kind, length) = next(&sql[start..], first);
        tokens.push(Token {
            kind,
            text: &sql[start..start + length],
            start,
        });
        start += length;
    }
    tokens
}

/// Cuts `sql` into tokens, without its comments.
pub fn words(sql: &str) -> Vec<Token<'_>> {
    let mut words = tokens(sql);
    words.retain(|token| token.kind != Kind::Comment);
    words
}

/// Finds the token that closes the parenthesis which `tokens` begin with.
pub fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    tokens.iter().position(|token| {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        depth == 0
    })
}

/// The kind and the length of the token that `rest` begins with.
fn next(rest: &str, first: char) -> (Kind, usize) {
    match first {
        '-' if rest.starts_with("--") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => {
            let length = rest[2..].find("*/").map_or(rest.len(), |at| at + 4);
            (Kind::Comment, length)
        }
        '\'' => (Kind::Text, quoted(rest, '\'')),
        '"' | '`' => closed(Kind::Name, rest, quoted(rest, first)),
        '[' => closed(
            Kind::Name,
            rest,
            rest.find(']').map_or(rest.len(), |at| at + 1),
        ),
        '$' => match dollar_quoted(rest) {
            Some(length) => (Kind::Text, length),
            None => (Kind::Symbol, 1),
        },
        word if is_word(word) => {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (Kind::Word, length)
        }
        symbol => (Kind::Symbol, symbol.len_utf8()),
    }
}

/// A name has two quotes; a lone one, in text that is not SQL, is a symbol.
fn closed(kind: Kind, rest: &str, length: usize) -> (Kind, usize) {
    let pair = match &rest[..1] {
        "[" => "]",
        quote => quote,
    };
    if length > 1 && rest[..length].ends_with(pair) {
        (kind, length)
    } else {
        (Kind::Symbol, 1)
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote && characters.next_if(|&(_, next)| next == quote).is_none() {
            return at + 1;
        }
    }
    rest.len()
}

/// PostgreSQL's `$tag$ ... $tag$`.
fn dollar_quoted(rest: &str) -> Option<usize> {
    let tag_end = rest[1..].find('$')? + 2;
    let tag = &rest[..tag_end];
    let inside = &tag[1..tag.len() - 1];
    if !inside.chars().all(is_word) || inside.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let close = rest[tag_end..].find(tag)?;
    Some(tag_end + close + tag.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// The statements of a script, each from its first word to its semicolon, which is left out: what a
/// comment says behind the last word may be that of a column.
pub fn statements(sql: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut depth = 0;
    for token in tokens(sql) {
        if token.kind == Kind::Comment {
            continue;
        }
        if is_trigger(&current) {
            // Only a trigger has statements in it, and CASE has an END of its own.
            depth += i32::from(token.is("BEGIN") || token.is("CASE")) - i32::from(token.is("END"));
        }
        if token.text == ";" && depth <= 0 {
            statements.extend(whole(sql, &current, token.start));
            current.clear();
            depth = 0;
        } else {
            current.push(token);
        }
    }
    statements.extend(whole(sql, &current, sql.len()));
    statements
}

fn is_trigger(statement: &[Token]) -> bool {
    let mut words = statement.iter();
    words.next().is_some_and(|first| first.is("CREATE"))
        && words.take(2).any(|word| word.is("TRIGGER"))
}

fn whole<'a>(sql: &'a str, tokens: &[Token], end: usize) -> Option<&'a str> {
    Some(sql[tokens.first()?.start..end].trim_end())
}

/// Returns whether `sql` mentions the name `identifier`.
pub fn mentions(sql: &str, identifier: &str) -> bool {
    sql.contains(identifier)
        && tokens(sql).iter().any(|token| {
            token
                .identifier()
                .is_some_and(|name| name.eq_ignore_ascii_case(identifier))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_cut_into_statements() {
        let script = "-- one; two\nSELECT 'a;''b' /* ; */;\n\n\
            CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  \
            UPDATE x SET a = CASE WHEN 1 THEN 2 END;\n  DELETE FROM y;\nEND;\n\
            DO $body$ BEGIN; END $body$; SELECT \"a;b\"";
        assert_eq!(
            statements(script),
            [
                "SELECT 'a;''b' /* ; */",
                "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  \
                 UPDATE x SET a = CASE WHEN 1 THEN 2 END;\n  DELETE FROM y;\nEND",
                "DO $body$ BEGIN; END $body$",
                "SELECT \"a;b\"",
            ]
        );
    }

    #[test]
    fn any_text_is_cut_without_a_panic() {
        for text in [
            "\"", "'", "[", "$", "$a", "/*", "--", "`é", "é'ü", "$1$", "\"\"",
        ] {
            tokens(text);
            statements(text);
        }
    }
}
