//! Paths as `use` and modules spell them out.

use super::items::Found;

/// A path with the name that it begins with as `use` in `module` spells it out.
pub(super) fn imported(words: &[String], module: &[String], found: &Found<'_>) -> Vec<String> {
    let import = words
        .first()
        .and_then(|first| found.imports.get(module)?.get(first));
    match import {
        Some(import) => [import, &words[1..]].concat(),
        None => words.to_vec(),
    }
}

/// The modules that a path may mean, seen from `module`: the crate's root comes first, `self` last.
pub(super) fn places(path: &[String], module: &[String]) -> Vec<Vec<String>> {
    let mut place = module.to_vec();
    for word in path {
        match word.as_str() {
            "crate" => place.truncate(1),
            "self" => {}
            "super" => drop(place.pop()),
            word => place.push(word.to_owned()),
        }
    }
    // `restkit::auth::models::user` names another crate, `list` a module beside this one's items.
    let is_relative = path
        .first()
        .is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()));
    if is_relative || path.is_empty() {
        vec![place]
    } else {
        vec![path.to_vec(), place]
    }
}
