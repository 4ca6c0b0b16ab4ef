//! The names of indexes and constraints: PostgreSQL's own scheme, on both databases.
//!
//! `api_task_title_key` is a unique index, `api_task_due_idx` a plain one, `api_task_owner_id_fkey`
//! a foreign key. A name follows from what it names, so nothing has to remember it; an index or a
//! check that is named otherwise was made by hand, and the generator leaves it alone.

/// PostgreSQL cuts longer names off, and two of them might then be the same.
const MAX_LENGTH: usize = 63;

/// The index of `what`: a column, or a group of columns under one name.
pub fn index(table: &str, what: &str, unique: bool) -> String {
    name(table, what, if unique { "key" } else { "idx" })
}

/// The constraint that makes `columns` refer to another table.
pub fn foreign_key(table: &str, columns: &[String]) -> String {
    name(table, &columns.join("_"), "fkey")
}

/// The condition on `column`.
pub fn check(table: &str, column: &str) -> String {
    name(table, column, "check")
}

/// The condition that keeps a column of SQLite to the values of its enum.
pub fn enumeration(table: &str, column: &str) -> String {
    name(table, column, "enum")
}

/// The primary key of `table`.
pub fn primary_key(table: &str) -> String {
    name(table, "", "pkey")
}

/// Returns whether the index `name` of `table` was named by this module.
pub fn is_own_index(table: &str, name: &str) -> bool {
    is_own(table, name, &["_key", "_idx"])
}

/// Returns whether the check `name` of `table` was named by this module.
pub fn is_own_check(table: &str, name: &str) -> bool {
    is_own(table, name, &["_check"])
}

fn is_own(table: &str, name: &str, suffixes: &[&str]) -> bool {
    let start: String = table.chars().take(MAX_LENGTH / 2).collect();
    name.starts_with(&start) && suffixes.iter().any(|suffix| name.ends_with(suffix))
}

fn name(table: &str, what: &str, suffix: &str) -> String {
    let parts = [table, what, suffix];
    let whole = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    if whole.len() <= MAX_LENGTH {
        return whole;
    }
    let hash = fnv(&whole);
    let room = MAX_LENGTH - suffix.len() - "_12345678_".len();
    let mut cut = room;
    while !whole.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}_{hash:08x}_{suffix}", &whole[..cut])
}

/// Fowler, Noll and Vo's hash: short, and the same on every machine and in every version.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are() {
        assert_eq!(index("api_task", "title", true), "api_task_title_key");
        assert_eq!(index("api_task", "due", false), "api_task_due_idx");
        assert_eq!(
            foreign_key("api_task", &["a".into(), "b".into()]),
            "api_task_a_b_fkey"
        );
        assert_eq!(primary_key("api_task"), "api_task_pkey");
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let column = "a_column_with_a_name_that_does_not_want_to_end_at_all_1";
        let other = "a_column_with_a_name_that_does_not_want_to_end_at_all_2";
        let (one, two) = (
            index("api_task", column, true),
            index("api_task", other, true),
        );
        assert!(one.len() <= MAX_LENGTH && two.len() <= MAX_LENGTH);
        assert_ne!(one, two);
        assert!(is_own_index("api_task", &one));
    }
}
