//! The parts of a table of SQLite beyond names and types of columns: what is lost first when somebody
//! makes it again from less than all of it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;

use super::sql::{Kind, Token, closing, words};

/// Something that a table has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Particular {
    /// The column that it goes with.
    pub column: Option<String>,
    /// As it was written: `CHECK (b > a)`, `name COLLATE NOCASE`.
    pub shown: String,
}

/// All that a table has, by words that are the same whoever wrote it.
pub(super) type Particulars = BTreeMap<String, Particular>;

const COLUMNS: &str = "SELECT name, hidden, dflt_value, pk > 0 FROM pragma_table_xinfo(?)";

const UNIQUE: &str = "
    SELECT i.name, c.name
    FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c
    WHERE i.\"unique\" AND NOT i.partial";

const FOREIGN_KEYS: &str = "
    SELECT id, \"table\", \"from\", on_delete, on_update
    FROM pragma_foreign_key_list(?)
    ORDER BY id, seq";

/// Finds all that the table `name` has; nothing, if there is none.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) async fn find(db: &mut SqliteConnection, name: &str) -> sqlx::Result<Particulars> {
    let mut found = Particulars::new();
    let sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE";
    let sql: Option<String> = sqlx::query_scalar(sql)
        .bind(name)
        .fetch_optional(&mut *db)
        .await?;
    read(&sql.unwrap_or_default(), &mut found);
    let columns: Vec<(String, i64, Option<String>, bool)> = sqlx::query_as(COLUMNS)
        .bind(name)
        .fetch_all(&mut *db)
        .await?;
    // Of a key that is the row's own number there is no index.
    let key = columns.iter().filter(|(.., is_key)| *is_key);
    let key: BTreeSet<_> = key.map(|(column, ..)| column.to_lowercase()).collect();
    for (column, hidden, default, _) in columns {
        let lower = column.to_lowercase();
        match hidden {
            0 => note(
                &mut found,
                None,
                format!("column {lower}"),
                format!("the column `{column}`"),
            ),
            _ => {
                let shown = format!("the generated column `{column}`");
                note(&mut found, None, format!("generated {lower}"), shown);
            }
        }
        let default = default.filter(|it| hidden == 0 && !it.eq_ignore_ascii_case("null"));
        if let Some(default) = default {
            // Models write the same value otherwise: that there is one is what counts.
            let shown = format!("{column} DEFAULT {default}");
            note(&mut found, Some(&column), format!("default {lower}"), shown);
        }
    }
    let unique: Vec<(String, Option<String>)> = sqlx::query_as(UNIQUE)
        .bind(name)
        .fetch_all(&mut *db)
        .await?;
    let mut indexes: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    for (index, column) in unique {
        let columns = indexes
            .entry(index)
            .or_insert_with(|| Some(BTreeSet::new()));
        match column {
            Some(column) => columns.iter_mut().for_each(|all| {
                all.insert(column.to_lowercase());
            }),
            None => *columns = None, // over an expression: an index with a statement of its own
        }
    }
    let key = Some(key).filter(|key| !key.is_empty());
    for columns in indexes.into_values().flatten().chain(key) {
        let shown = format!(
            "UNIQUE ({})",
            Vec::from_iter(columns.iter().cloned()).join(", ")
        );
        let first = columns.first().cloned();
        note(&mut found, first.as_deref(), shown.to_lowercase(), shown);
    }
    let keys: Vec<(i64, String, String, String, String)> = sqlx::query_as(FOREIGN_KEYS)
        .bind(name)
        .fetch_all(&mut *db)
        .await?;
    for key in keys.chunk_by(|one, other| one.0 == other.0) {
        let [(_, table, first, on_delete, on_update), ..] = key else {
            continue;
        };
        let columns: Vec<_> = key
            .iter()
            .map(|(_, _, column, ..)| column.as_str())
            .collect();
        let mut shown = format!("FOREIGN KEY ({}) REFERENCES {table}", columns.join(", "));
        for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
            if action != "NO ACTION" {
                shown += &format!(" ON {event} {action}");
            }
        }
        note(&mut found, Some(first), shown.to_lowercase(), shown);
    }
    Ok(found)
}

fn note(found: &mut Particulars, column: Option<&str>, key: String, shown: String) {
    let column = column.map(str::to_lowercase);
    found.insert(key, Particular { column, shown });
}

/// Reads what SQLite keeps only in the text of CREATE TABLE.
fn read(sql: &str, found: &mut Particulars) {
    let tokens = words(sql);
    let mut depth = 0;
    let mut subject = None;
    let mut begins = false;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if depth == 1 && begins => subject = subject_of(token),
            _ => {}
        }
        let rest = &tokens[at..];
        match depth {
            1 => read_clause(sql, rest, subject.as_deref(), found),
            0 if token.is("STRICT") => note(found, None, "strict".to_owned(), "STRICT".to_owned()),
            0 if token.is("WITHOUT") => {
                let shown = "WITHOUT ROWID".to_owned();
                note(found, None, shown.to_lowercase(), shown);
            }
            _ => {}
        }
        begins = depth == 1 && matches!(token.text, "(" | ",");
    }
}

/// The column that a part of CREATE TABLE is about, unless it is about the table.
fn subject_of(first: &Token) -> Option<String> {
    let constraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
    if constraints.iter().any(|word| first.is(word)) {
        None
    } else {
        first.identifier()
    }
}

/// Notes the clause that `rest` begins with, if it is one that may be lost.
fn read_clause(sql: &str, rest: &[Token], subject: Option<&str>, found: &mut Particulars) {
    let [first, others @ ..] = rest else { return };
    let about = subject
        .map(|subject| format!("{subject} "))
        .unwrap_or_default();
    let shown = match others {
        [name, ..] if first.is("COLLATE") => match name.identifier() {
            Some(name) if !name.eq_ignore_ascii_case("binary") => format!("{about}COLLATE {name}"),
            _ => return,
        },
        [way, ..] if first.is("CONFLICT") => format!("{about}ON CONFLICT {}", way.text),
        [initially, deferred, ..]
            if first.is("DEFERRABLE") && initially.is("INITIALLY") && deferred.is("DEFERRED") =>
        {
            format!("{about}DEFERRABLE INITIALLY DEFERRED")
        }
        [open, ..] if first.is("CHECK") && open.text == "(" => {
            let close = closing(others);
            let end = close.map_or(sql.len(), |close| others[close].end());
            let condition = &others[..=close.unwrap_or(others.len() - 1)];
            let key = format!("check {}", in_one_form(condition));
            let shown = format!("CHECK {}", &sql[open.start..end]);
            return note(found, None, key, shown);
        }
        _ => return,
    };
    note(found, subject, shown.to_lowercase(), shown);
}

/// A condition without the freedom that its writer had: quotes of names, capitals, space, and
/// parentheses around all of it.
fn in_one_form(mut tokens: &[Token]) -> String {
    while let [open, inner @ .., _] = tokens
        && open.text == "("
        && closing(tokens) == Some(tokens.len() - 1)
    {
        tokens = inner;
    }
    let forms = tokens.iter().map(|token| match token.kind {
        Kind::Word | Kind::Name => token.identifier().unwrap_or_default().to_lowercase(),
        _ => token.text.to_owned(),
    });
    forms.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        let mut found = Particulars::new();
        read(sql, &mut found);
        let shown: Vec<_> = found.values().map(|it| it.shown.as_str()).collect();
        assert_eq!(shown, expected, "{sql}");
    }

    #[test]
    fn what_only_the_text_of_a_table_says() {
        check(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, CHECK (b > a)) STRICT",
            &["a COLLATE NOCASE", "CHECK (b > a)", "STRICT"],
        );
        check(
            "CREATE TABLE t(a INT UNIQUE ON CONFLICT REPLACE, b DEFAULT (x COLLATE NOCASE), \
             PRIMARY KEY (a)) WITHOUT ROWID",
            &["a ON CONFLICT REPLACE", "WITHOUT ROWID"],
        );
        check(
            "CREATE TABLE t(a INT REFERENCES u DEFERRABLE INITIALLY DEFERRED, \"check\" int)",
            &["a DEFERRABLE INITIALLY DEFERRED"],
        );
        check("CREATE TABLE t(a CHECK (", &["CHECK ("]);
        check("CREATE TABLE t AS SELECT 1", &[]);
    }

    #[test]
    fn conditions_are_alike_however_they_are_written() {
        let key = |sql| {
            let mut found = Particulars::new();
            read(sql, &mut found);
            found.into_keys().next().unwrap()
        };
        assert_eq!(
            key("CREATE TABLE t (a int CHECK ((\"A\" > 0)))"),
            key("CREATE TABLE t (a int, CONSTRAINT x CHECK (a>0))"),
        );
        assert_ne!(
            key("CREATE TABLE t (a int CHECK (a = 'X'))"),
            key("CREATE TABLE t (a int CHECK (a = 'x'))"),
        );
    }
}
