//! The migrations that a database remembers, held against their files: sqlx's table.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

/// The table in which sqlx records migrations.
pub const TABLE: &str = "_sqlx_migrations";

/// The checksum of a migration: the same whatever the line endings of its file are.
pub fn checksum(sql: &str) -> Cow<'static, [u8]> {
    sqlx_checksum(&sql.replace("\r\n", "\n"))
}

/// Returns whether `recorded` is the checksum of a migration, however the lines of its file ended where it
/// was applied.
pub fn is_same(sql: &str, recorded: &[u8]) -> bool {
    let plain = sql.replace("\r\n", "\n");
    *sqlx_checksum(&plain) == *recorded
        || *sqlx_checksum(&plain.replace('\n', "\r\n")) == *recorded
        || *sqlx_checksum(sql) == *recorded
}

fn sqlx_checksum(sql: &str) -> Cow<'static, [u8]> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    Migration::new(0, "".into(), MigrationType::ReversibleUp, sql, false).checksum
}

/// The records of a database by the numbers and checksums of the files.
#[derive(Debug, Default)]
pub struct Settled {
    pub records: Vec<(i64, Vec<u8>)>,
    /// Those that have another number in the files, as `makemigrations --merge` gives them: the number
    /// that the database has, and the new one.
    pub renumbered: Vec<(i64, i64)>,
}

/// Finds the files of `records`, which are numbers and checksums; `files` are numbers and scripts.
pub fn settle(records: Vec<(i64, Vec<u8>)>, files: &[(i64, &str)]) -> Settled {
    let of = |number: i64, sum: &[u8]| {
        let mut own = files.iter().filter(|(at, _)| *at == number);
        own.find(|(_, sql)| is_same(sql, sum))
    };
    let mut settled = Settled::default();
    let mut strays = Vec::new();
    for (number, sum) in records {
        match of(number, &sum) {
            Some((_, sql)) => settled.records.push((number, checksum(sql).into_owned())),
            None => strays.push((number, sum)),
        }
    }
    for (number, sum) in strays {
        let is_free = |new: i64| settled.records.iter().all(|(number, _)| *number != new);
        let mut others = files.iter();
        match others.find(|(at, sql)| is_free(*at) && is_same(sql, &sum)) {
            Some((new, sql)) => {
                settled.records.push((*new, checksum(sql).into_owned()));
                settled.renumbered.push((number, *new));
            }
            None => settled.records.push((number, sum)),
        }
    }
    settled.records.sort();
    settled
}

/// The statements that give records other numbers, each with its description.
pub fn renumber(changes: &[(i64, i64, String)]) -> String {
    // By way of negative numbers, since a new number may be the old one of another.
    let away = changes.iter().map(|(old, new, description)| {
        let description = description.replace('\'', "''");
        format!("UPDATE {TABLE} SET version = -{new}, description = '{description}' WHERE version = {old};\n")
    });
    let away: String = away.collect();
    format!("{away}UPDATE {TABLE} SET version = -version WHERE version < 0;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_change_nothing() {
        let (lf, crlf) = ("SELECT 1;\nSELECT 2;\n", "SELECT 1;\r\nSELECT 2;\r\n");
        assert_eq!(checksum(lf), checksum(crlf));
        for (file, applied) in [(lf, crlf), (crlf, lf), (lf, lf), (crlf, crlf)] {
            assert!(
                is_same(file, &sqlx_checksum(applied)),
                "{file:?} {applied:?}"
            );
        }
        assert!(!is_same(lf, &sqlx_checksum("SELECT 1;\nSELECT 3;\n")));
    }

    #[test]
    fn a_migration_is_known_by_its_checksum() {
        let files = [(1, "a"), (2, "x"), (3, "b"), (4, "c")];
        let renumbered = |records: &[(i64, &str)], files: &[(i64, &str)]| {
            let records = records
                .iter()
                .map(|(number, sql)| (*number, sqlx_checksum(sql).into_owned()));
            settle(records.collect(), files).renumbered
        };
        assert_eq!(renumbered(&[(1, "a"), (2, "b")], &files), [(2, 3)]);
        let both = [(1, "a"), (2, "b"), (3, "c")];
        assert_eq!(renumbered(&both, &files), [(2, 3), (3, 4)]);
        assert_eq!(renumbered(&[(1, "b")], &[(1, "a"), (2, "x")]), []);
        assert_eq!(renumbered(&[(1, "a"), (3, "b")], &files), []);
        // Two that are alike, such as empty ones, are not copies of each other.
        assert_eq!(renumbered(&[(1, "e"), (2, "e")], &[(1, "e"), (2, "e")]), []);
    }
}
