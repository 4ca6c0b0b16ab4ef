//! Which expressions a database knows: some functions are SQLite's alone, some are not its own.

use crate::schema::Dialect;
use crate::schema::sql::token::{Kind, tokens};

/// SQLite's own functions (<https://sqlite.org/lang_corefunc.html>, lang_datefunc.html,
/// lang_mathfunc.html and json1.html).
const OF_SQLITE: &[&str] = &[
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "ceil",
    "ceiling",
    "changes",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "date",
    "datetime",
    "degrees",
    "exp",
    "floor",
    "format",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_object",
    "json_quote",
    "julianday",
    "last_insert_rowid",
    "length",
    "like",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "nullif",
    "octet_length",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "randomblob",
    "replace",
    "round",
    "rtrim",
    "sign",
    "sin",
    "sqrt",
    "strftime",
    "substr",
    "substring",
    "tan",
    "time",
    "timediff",
    "total_changes",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unistr",
    "unixepoch",
    "upper",
    "zeroblob",
];

/// Those of them that PostgreSQL has not.
const OF_SQLITE_ALONE: &[&str] = &[
    "changes",
    "char",
    "datetime",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_quote",
    "julianday",
    "last_insert_rowid",
    "like",
    "octet_length",
    "printf",
    "quote",
    "randomblob",
    "strftime",
    "timediff",
    "total_changes",
    "typeof",
    "unhex",
    "unicode",
    "unistr",
    "unixepoch",
    "zeroblob",
];

/// Words of expressions that have a parenthesis behind them and are no functions.
const NO_FUNCTIONS: &[&str] = &[
    "and", "case", "cast", "else", "exists", "in", "not", "or", "then", "when",
];

/// Words that PostgreSQL alone takes for values, or that begin a value.
const OF_POSTGRES_ALONE: &[&str] = &[
    "array",
    "current_catalog",
    "current_role",
    "current_schema",
    "current_user",
    "date",
    "extract",
    "interval",
    "localtime",
    "localtimestamp",
    "row",
    "session_user",
    "time",
    "timestamp",
    "timestamptz",
    "user",
];

/// How SQLite keeps a default that it does not know: the expression stands in a comment.
const UNKNOWN: (&str, &str) = ("NULL /* ", " */");

/// Whether `dialect` has everything that the expression `sql` is made of.
pub(super) fn knows(dialect: Dialect, sql: &str) -> bool {
    let tokens = tokens(sql);
    let mut tokens = tokens
        .iter()
        .filter(|token| token.kind != Kind::Comment)
        .peekable();
    while let Some(token) = tokens.next() {
        let is_called = tokens.peek().is_some_and(|next| next.text == "(");
        let word = token.text.to_ascii_lowercase();
        let is_one_of = |words: &[&str]| words.contains(&word.as_str());
        let is_known = match (dialect, token.kind) {
            (_, Kind::Text) => true,
            (Dialect::Sqlite, Kind::Symbol) => !matches!(token.text, ":" | "[" | "~" | "^"),
            (Dialect::Sqlite, Kind::Word | Kind::Name) if is_called => {
                is_one_of(OF_SQLITE) || is_one_of(NO_FUNCTIONS)
            }
            (Dialect::Sqlite, Kind::Word) => !is_one_of(OF_POSTGRES_ALONE),
            (Dialect::Postgres, Kind::Word) if is_called => !is_one_of(OF_SQLITE_ALONE),
            _ => true,
        };
        if !is_known {
            return false;
        }
    }
    true
}

/// The default in SQL; one that the database does not know is none.
pub(super) fn written(dialect: Dialect, sql: &str) -> String {
    match (knows(dialect, sql), dialect) {
        (true, _) => format!("({sql})"),
        (false, Dialect::Postgres) => "NULL".to_owned(),
        (false, Dialect::Sqlite) => {
            let (before, after) = UNKNOWN;
            format!("({before}{}{after})", sql.replace("*/", "* /"))
        }
    }
}

/// The expression that SQLite keeps without knowing it.
pub(super) fn kept(sql: &str) -> Option<&str> {
    let (before, after) = UNKNOWN;
    sql.strip_prefix(before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_known_to_one_database_or_to_both() {
        for (sql, sqlite, postgres) in [
            ("lower('ABC')", true, true),
            ("1 + 2", true, true),
            ("'a' || 'b'", true, true),
            ("CAST(1 AS text)", true, true),
            ("CASE WHEN 1 IN (1) THEN 2 ELSE 3 END", true, true),
            ("datetime('now')", true, false),
            ("lower(hex(randomblob(16)))", true, false),
            ("gen_random_uuid()", false, true),
            ("md5((random())::text)", false, true),
            ("now() + '72:00:00'::interval", false, true),
            ("EXTRACT(epoch FROM now())::integer", false, true),
            ("CURRENT_USER", false, true),
            ("ARRAY[1, 2]", false, true),
            ("shop.answer()", false, true),
        ] {
            assert_eq!(knows(Dialect::Sqlite, sql), sqlite, "{sql}");
            assert_eq!(knows(Dialect::Postgres, sql), postgres, "{sql}");
        }
        let written = written(Dialect::Sqlite, "answer()");
        assert_eq!(written, "(NULL /* answer() */)");
        assert_eq!(kept("NULL /* answer() */"), Some("answer()"));
    }
}
