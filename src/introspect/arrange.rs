//! The order of a table's columns.
//!
//! A model says the order of a key, or of an index over several columns, by the order of its fields.

use crate::schema::{Index, Table};

/// Moves columns so that those of the primary key, and of each index, are in its order, as far as
/// one order can be all of them.
pub(super) fn arrange(table: &mut Table) {
    let mut chains = vec![table.primary_key.clone()];
    chains.extend(table.indexes.values().filter_map(Index::plain_columns));
    let names: Vec<String> = table.columns.keys().cloned().collect();
    let mut kept: Vec<&[String]> = Vec::new();
    let mut order = names.clone();
    for chain in &chains {
        kept.push(chain);
        match sorted(&names, &kept) {
            Some(sorted) => order = sorted,
            None => drop(kept.pop()),
        }
    }
    let place = |name: &String| order.iter().position(|it| it == name);
    table
        .columns
        .sort_by(|one, _, other, _| place(one).cmp(&place(other)));
}

/// `names` in an order that keeps every chain, and changes as little else as possible.
fn sorted(names: &[String], chains: &[&[String]]) -> Option<Vec<String>> {
    let mut rest = names.to_vec();
    let mut sorted = Vec::new();
    while !rest.is_empty() {
        let is_free = |name: &String| {
            chains.iter().all(|chain| {
                let before = chain.iter().take_while(|it| *it != name);
                !chain.contains(name) || before.into_iter().all(|it| !rest.contains(it))
            })
        };
        let next = rest.iter().position(is_free)?;
        sorted.push(rest.remove(next));
    }
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_as_keys_and_indexes_want_them() {
        let names = |text: &str| -> Vec<String> { text.chars().map(String::from).collect() };
        let chains = [names("ba"), names("cd"), names("db")];
        let chains: Vec<_> = chains.iter().map(Vec::as_slice).collect();
        assert_eq!(sorted(&names("abcd"), &chains[..1]), Some(names("bacd")));
        assert_eq!(sorted(&names("abcd"), &chains), Some(names("cdba")));
        let circle = [names("ab"), names("ba")];
        let circle: Vec<_> = circle.iter().map(Vec::as_slice).collect();
        assert_eq!(sorted(&names("ab"), &circle), None);
    }
}
