//! Where backsmith means to differ from SeaORM, and why; everything else is a mistake.

use std::collections::BTreeSet;

use backsmith::schema::Dialect;

/// Types of SQLite's that backsmith spells so that the replayed history can tell them apart.
/// sqlx decodes both spellings alike.
const SQLITE_TYPES: [(&str, &str); 5] = [
    ("bigint", "integer"),
    ("tinyintunsigned", "tinyint"),
    ("smallintunsigned", "smallint"),
    ("integerunsigned", "integer"),
    ("bigintunsigned", "integer"),
];

/// `facts` without what may differ.
pub fn evened(facts: BTreeSet<String>, dialect: Dialect) -> BTreeSet<String> {
    facts
        .into_iter()
        .filter_map(|fact| even(fact, dialect))
        .collect()
}

fn even(fact: String, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::Postgres {
        return Some(fact);
    }
    // SQLite has no enums; SeaORM believes whatever text is there.
    if fact.contains(" checks ") && fact.contains(" IN (") {
        return None;
    }
    let Some((column, declared)) = fact.split_once(": ") else {
        return Some(fact);
    };
    let spelled = SQLITE_TYPES.iter().find(|(ours, _)| *ours == declared);
    Some(match spelled {
        Some((_, theirs)) => format!("{column}: {theirs}"),
        None => fact,
    })
}
