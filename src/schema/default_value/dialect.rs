//! Tells which expressions a database knows: some functions exist only in SQLite, some only elsewhere.

use crate::schema::Dialect;
use crate::schema::syntax::token::{Kind, Token, words};

/// Functions of SQLite (<https://sqlite.org/lang_corefunc.html>, lang_datefunc.html,
/// lang_mathfunc.html and json1.html) that PostgreSQL has too.
const OF_BOTH: &[&str] = &[
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "ceil",
    "ceiling",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "date",
    "degrees",
    "exp",
    "floor",
    "format",
    "json_object",
    "length",
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
    "pi",
    "pow",
    "power",
    "radians",
    "random",
    "replace",
    "round",
    "rtrim",
    "sign",
    "sin",
    "sqrt",
    "substr",
    "substring",
    "tan",
    "time",
    "trim",
    "trunc",
    "upper",
];

/// Functions of SQLite that PostgreSQL lacks, or does not have for all values.
const ONLY_SQLITE: &[&str] = &[
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
    "json_array_length",
    "json_extract",
    "json_insert",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "julianday",
    "last_insert_rowid",
    "likelihood",
    "likely",
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
    "unlikely",
    "zeroblob",
];

/// Words that have a parenthesis behind them and are not functions.
const NO_FUNCTIONS: &[&str] = &[
    "and", "between", "case", "cast", "distinct", "else", "exists", "from", "in", "is", "like",
    "not", "null", "or", "then", "values", "when",
];

/// Operators that only SQLite has.
const OPERATORS_OF_SQLITE: &[&str] = &["glob", "match", "regexp"];

/// Words that only PostgreSQL takes for values or operators.
const ONLY_POSTGRES: &[&str] = &[
    "any",
    "array",
    "current_catalog",
    "current_role",
    "current_schema",
    "current_user",
    "extract",
    "ilike",
    "localtime",
    "localtimestamp",
    "overlaps",
    "session_user",
    "similar",
];

/// Types that PostgreSQL accepts before a text, to say what it is.
const BEFORE_TEXTS: &[&str] = &["date", "interval", "time", "timestamp", "timestamptz"];

/// How a database keeps what it does not know: in a comment behind something that says nothing.
const COMMENT: (&str, &str) = (" /* ", " */");

/// Returns whether `dialect` has everything that the expression or condition `sql` is made of.
pub fn knows(dialect: Dialect, sql: &str) -> bool {
    let tokens = words(sql);
    let mut pairs = tokens
        .iter()
        .zip(tokens.iter().skip(1).map(Some).chain([None]));
    pairs.all(|(token, next)| is_known(dialect, token, next))
}

fn is_known(dialect: Dialect, token: &Token, next: Option<&Token>) -> bool {
    let word = token.text.to_ascii_lowercase();
    let is_one_of = |words: &[&str]| words.contains(&word.as_str());
    let is_called = next.is_some_and(|next| next.text == "(");
    let is_before = |kind| next.is_some_and(|next| next.kind == kind);
    match (dialect, token.kind) {
        (Dialect::Sqlite, Kind::Symbol) => !matches!(token.text, ":" | "[" | "~" | "^"),
        (Dialect::Sqlite, Kind::Word | Kind::Name) if is_called => {
            is_one_of(OF_BOTH) || is_one_of(ONLY_SQLITE) || is_one_of(NO_FUNCTIONS)
        }
        (Dialect::Sqlite, Kind::Word) => {
            let is_typed = is_one_of(BEFORE_TEXTS) && is_before(Kind::Text);
            !is_typed && !is_one_of(ONLY_POSTGRES)
        }
        (Dialect::Postgres, Kind::Symbol) => {
            !(token.text == "=" && next.is_some_and(|next| next.text == "="))
        }
        (Dialect::Postgres, Kind::Word) if is_called => !is_one_of(ONLY_SQLITE),
        (Dialect::Postgres, Kind::Word) => !is_one_of(OPERATORS_OF_SQLITE),
        _ => true,
    }
}

/// `sql`, or `instead` of it with `sql` in a comment, if `dialect` does not know it.
pub fn written(dialect: Dialect, sql: &str, instead: &str) -> String {
    if knows(dialect, sql) {
        return sql.to_owned();
    }
    let (begin, end) = COMMENT;
    format!("{instead}{begin}{}{end}", sql.replace("*/", "* /"))
}

/// Returns the text in the comment behind `instead`.
pub fn kept<'s>(sql: &'s str, instead: &str) -> Option<&'s str> {
    let (begin, end) = COMMENT;
    sql.strip_prefix(instead)?
        .strip_prefix(begin)?
        .strip_suffix(end)
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
            ("date > '2026-01-01'", true, true),
            ("due > DATE '2026-01-01'", false, true),
            ("v ~ '^[a-z]+$'", false, true),
            ("v LIKE ('a%')", true, true),
            ("v GLOB 'a*'", true, false),
            ("a == 1", true, false),
        ] {
            assert_eq!(knows(Dialect::Sqlite, sql), sqlite, "{sql}");
            assert_eq!(knows(Dialect::Postgres, sql), postgres, "{sql}");
        }
        let written = written(Dialect::Sqlite, "answer()", "NULL");
        assert_eq!(written, "NULL /* answer() */");
        assert_eq!(kept(&written, "NULL"), Some("answer()"));
    }
}
