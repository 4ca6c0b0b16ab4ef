//! Which entity a path in the source means.

use syn::Path;

use super::entity::Entity;
use super::walk::{Found, plain};

/// The entity that `path` (`super::user::Entity`) means where `from` is written.
pub(super) fn entity<'e, 'a>(
    from: &Entity<'_>,
    path: &Path,
    entities: &'e [Entity<'a>],
    found: &Found<'_>,
) -> Option<&'e Entity<'a>> {
    let mut words: Vec<String> = path
        .segments
        .iter()
        .map(|segment| plain(&segment.ident))
        .collect();
    if words == ["Entity"] || words == ["Self"] {
        return entities.iter().find(|entity| entity.module == from.module);
    }
    if let Some(import) = words
        .first()
        .and_then(|first| found.imports.get(&from.module)?.get(first))
    {
        words.splice(..1, import.iter().cloned());
    }
    words.pop(); // `Entity` itself
    let module = absolute(&from.module, &words);
    let exact = entities.iter().find(|entity| entity.module == module);
    exact.or_else(|| only_named(words.last()?, entities))
}

/// A path as seen from the crate's root.
fn absolute(module: &[String], words: &[String]) -> Vec<String> {
    let mut place = module.to_vec();
    for word in words {
        match word.as_str() {
            "crate" => place.truncate(1),
            "self" => {}
            "super" => drop(place.pop()),
            word => place.push(word.to_owned()),
        }
    }
    // `restkit::auth::models::user` names another crate from its root.
    let is_relative = words
        .first()
        .is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()));
    if is_relative { place } else { words.to_vec() }
}

/// Re-exports hide where an entity is; its module's name is enough if it is the only one.
fn only_named<'e, 'a>(name: &str, entities: &'e [Entity<'a>]) -> Option<&'e Entity<'a>> {
    let mut named = entities
        .iter()
        .filter(|entity| entity.module.last().is_some_and(|last| last == name));
    named.next().filter(|_| named.next().is_none())
}
