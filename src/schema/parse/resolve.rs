//! Resolves paths to entities.

use syn::Path;

use super::belongs_to::BelongsTo;
use super::body::names;
use super::entity::Entity;
use super::items::Found;
use super::paths::{imported, places};
use crate::nearest::nearest;

/// The entity that `path` (`super::user::Entity`) means where `from` is written.
pub(super) fn entity<'e, 'a>(
    from: &Entity<'_>,
    path: &Path,
    entities: &'e [Entity<'a>],
    found: &Found<'_>,
) -> Option<&'e Entity<'a>> {
    let words = names(path);
    if words == [from.rust.as_str()] || words == ["Self"] {
        return entities
            .iter()
            .find(|entity| entity.module == from.module && entity.rust == from.rust);
    }
    let words = imported(&words, &from.module, found);
    let (_, module) = words.split_last()?;
    reachable(&words, &from.module, entities, found, 0).or_else(|| {
        let hides = !is_read(module, &from.module, entities, found);
        only_named(module.last()?, entities).filter(|_| hides)
    })
}

/// Returns whether all of a module was read, so that what is not found there does not exist. Behind others
/// there may be a re-export; restkit has none.
fn is_read(module: &[String], from: &[String], entities: &[Entity<'_>], found: &Found<'_>) -> bool {
    let of_kit = module.first().is_some_and(|first| first == "restkit");
    of_kit
        || places(module, from).iter().any(|place| {
            entities.iter().any(|entity| {
                let file = &entity.source.module;
                let has_globs = found.globs.get(file).is_some_and(|globs| !globs.is_empty());
                place.starts_with(file) && !has_globs
            })
        })
}

/// The error about a relation to an entity that does not exist, with the nearest one that does.
pub(super) fn unknown(relation: &BelongsTo, entities: &[Entity<'_>]) -> syn::Error {
    let path = names(&relation.target).join("::");
    let known = entities.iter().map(|entity| {
        let mut module = entity.module.clone();
        if module
            .first()
            .is_some_and(|first| first != "crate" && first != "restkit")
        {
            module.insert(0, "crate".to_owned());
        }
        format!("{}::{}", module.join("::"), entity.rust)
    });
    let message = match nearest(&path, known) {
        Some(nearest) => {
            format!("`{path}` names no entity of an installed app; did you mean `{nearest}`?")
        }
        None => format!("`{path}` names no entity of an installed app"),
    };
    syn::Error::new(relation.span, message)
}

/// The entity at `words`, seen from `module`, also where a module only passes it on by `pub use`.
fn reachable<'e, 'a>(
    words: &[String],
    module: &[String],
    entities: &'e [Entity<'a>],
    found: &Found<'_>,
    depth: u8,
) -> Option<&'e Entity<'a>> {
    const DEEPEST: u8 = 16;
    let (name, path) = words.split_last()?;
    let places = places(path, module);
    let exact = entities
        .iter()
        .find(|entity| places.contains(&entity.module) && entity.rust == *name);
    exact.or_else(|| {
        places.iter().filter(|_| depth < DEEPEST).find_map(|place| {
            let import = found.imports.get(place)?.get(name)?;
            reachable(import, place, entities, found, depth + 1)
        })
    })
}

/// Re-exports hide where an entity is; its module's name is enough if it is the only one.
fn only_named<'e, 'a>(module: &str, entities: &'e [Entity<'a>]) -> Option<&'e Entity<'a>> {
    let mut named = entities
        .iter()
        .filter(|entity| entity.module.last().is_some_and(|last| last == module));
    named.next().filter(|_| named.next().is_none())
}
