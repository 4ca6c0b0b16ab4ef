//! A `Cargo.toml` made of three, key by key: the order of keys and the comments are the project's.

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use super::conflict::{Choice, Place};
use super::merge;

/// A manifest with both changes, or the keys that both have changed.
pub(super) fn merge(
    base: &str,
    own: &str,
    new: &str,
    choice: Option<Choice>,
) -> Result<String, Vec<Place>> {
    let parsed = |text: &str| text.parse::<DocumentMut>().ok();
    let documents = (parsed(base), parsed(own), parsed(new));
    let (Some(base_document), Some(mut merged), Some(new_document)) = documents else {
        return merge::merge(base, own, new, choice);
    };
    let mut keys = Keys {
        choice,
        text: own,
        disputed: Vec::new(),
    };
    keys.merge_tables(
        Some(base_document.as_table()),
        merged.as_table_mut(),
        new_document.as_table(),
    );
    match (keys.disputed.is_empty(), choice) {
        (true, _) => Ok(merged.to_string()),
        (false, Some(Choice::Markers)) => merge::merge(base, own, new, choice),
        (false, _) => Err(keys.disputed),
    }
}

struct Keys<'t> {
    choice: Option<Choice>,
    text: &'t str,
    disputed: Vec<Place>,
}

impl Keys<'_> {
    /// Brings what `new` has changed since `base` into `own`.
    fn merge_tables(
        &mut self,
        base: Option<&dyn TableLike>,
        own: &mut dyn TableLike,
        new: &dyn TableLike,
    ) {
        let mut names: Vec<String> = new.iter().map(|(name, _)| name.to_owned()).collect();
        let before = base.into_iter().flat_map(|base| base.iter());
        for (name, _) in before {
            if !names.iter().any(|other| other == name) {
                names.push(name.to_owned());
            }
        }
        for name in names {
            let base = base.and_then(|base| base.get(&name));
            self.merge_key(&name, base, own, new.get(&name));
        }
    }

    fn merge_key(
        &mut self,
        name: &str,
        base: Option<&Item>,
        own: &mut dyn TableLike,
        new: Option<&Item>,
    ) {
        let (before, after) = (base.map(plain), new.map(plain));
        let here = own.get(name).map(plain);
        if before == after || here == after {
            return;
        }
        match (own.get_mut(name), new) {
            // Whoever took it out does not get it back; what nobody has had comes.
            (None, Some(new)) if base.is_none() => drop(own.insert(name, new.clone())),
            (None, _) => {}
            (Some(_), None) if here == before => drop(own.remove(name)),
            (Some(item), Some(new)) if here == before => replace(item, new),
            (Some(item), Some(new)) => self.merge_items(name, base, item, new),
            (Some(_), None) => self.dispute(name, None, own),
        }
    }

    /// Both have changed it: tables and lists are looked into.
    fn merge_items(&mut self, name: &str, base: Option<&Item>, own: &mut Item, new: &Item) {
        if let (Some(table), Some(new)) = (own.as_table_like_mut(), new.as_table_like()) {
            let base = base.and_then(Item::as_table_like);
            return self.merge_tables(base, table, new);
        }
        if let (Some(list), Some(new)) = (own.as_array_mut(), new.as_array()) {
            return merge_lists(base.and_then(Item::as_array), list, new);
        }
        // A dependency that is a version here and a table there, for example.
        match self.choice {
            Some(Choice::Mine) => {}
            Some(Choice::Theirs) => replace(own, new),
            _ => self.note(name, plain(own), plain(new)),
        }
    }

    /// The new version has taken out what was changed here.
    fn dispute(&mut self, name: &str, new: Option<&Item>, own: &mut dyn TableLike) {
        match self.choice {
            Some(Choice::Mine) => {}
            Some(Choice::Theirs) => drop(own.remove(name)),
            _ => {
                let here = own.get(name).map(plain).unwrap_or_default();
                self.note(name, here, new.map(plain).unwrap_or_default());
            }
        }
    }

    fn note(&mut self, name: &str, own: String, new: String) {
        let begins = |line: &str| line.trim_start().starts_with(name);
        let line = self.text.lines().position(begins).map_or(1, |at| at + 1);
        let shown = |text: String| format!("{name} = {}\n", text.trim());
        self.disputed.push(Place {
            line,
            own: shown(own),
            new: shown(new),
        });
    }
}

/// Adds what has come to a list and takes out what has gone.
fn merge_lists(base: Option<&Array>, own: &mut Array, new: &Array) {
    let texts = |list: &Array| list.iter().map(value).collect::<Vec<_>>();
    let before = base.map(texts).unwrap_or_default();
    let after = texts(new);
    own.retain(|item| !before.contains(&value(item)) || after.contains(&value(item)));
    let here = texts(own);
    for item in new.iter() {
        let text = value(item);
        if !before.contains(&text) && !here.contains(&text) {
            own.push(item.clone());
        }
    }
}

/// Gives a key another value; the space around it stays.
fn replace(own: &mut Item, new: &Item) {
    let mut new = new.clone();
    if let (Some(own), Some(new)) = (own.as_value(), new.as_value_mut()) {
        *new.decor_mut() = own.decor().clone();
    }
    *own = new;
}

/// A value without the space and the comments around it.
fn plain(item: &Item) -> String {
    let words = item.to_string();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn value(value: &Value) -> String {
    value.to_string().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str =
        "[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"x\"] }\nc = \"1\"\n";

    #[test]
    fn both_changes_are_kept() {
        let own = "# mine\n[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"x\", \"mine\"] } # note\nd = \"2\"\n";
        let new = "[dependencies]\na = \"2\"\nb = { version = \"2\", features = [\"x\", \"new\"] }\nc = \"1\"\ne = \"3\"\n\n[lints]\nworkspace = true\n";
        let merged = merge(BASE, own, new, None).unwrap();
        assert_eq!(
            merged,
            "# mine\n[dependencies]\na = \"2\"\nb = { version = \"2\", features = [\"x\", \"mine\", \"new\"] } # note\nd = \"2\"\ne = \"3\"\n\n[lints]\nworkspace = true\n"
        );
    }

    #[test]
    fn a_key_that_both_have_changed_is_told_with_its_line() {
        let own = BASE.replace("a = \"1\"", "a = \"9\"");
        let new = BASE.replace("a = \"1\"", "a = \"2\"");
        let places = merge(BASE, &own, &new, None).unwrap_err();
        assert_eq!(places.len(), 1);
        assert_eq!((places[0].line, places[0].own.as_str()), (2, "a = \"9\"\n"));
        assert_eq!(merge(BASE, &own, &new, Some(Choice::Mine)).unwrap(), own);
        assert_eq!(merge(BASE, &own, &new, Some(Choice::Theirs)).unwrap(), new);
        let marked = merge(BASE, &own, &new, Some(Choice::Markers)).unwrap();
        assert!(marked.contains("<<<<<<< yours\na = \"9\"\n"), "{marked}");
    }

    #[test]
    fn what_was_taken_out_stays_out() {
        let own = BASE.replace("c = \"1\"\n", "");
        let new = BASE.replace("c = \"1\"", "c = \"2\"");
        assert_eq!(merge(BASE, &own, &new, None).unwrap(), own);
    }
}
