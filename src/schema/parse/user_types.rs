//! Types of the user's own: enums, wrappers and aliases, found where a field names them.

use syn::{Path, Type};

use super::body::{names, written};
use super::items::{Definition, Found, OwnType};
use super::paths::{imported, places};
use super::{builtin_types, column_types};
use crate::schema::ColumnType;

/// How deep wrappers may wrap each other; a deeper one wraps itself.
const DEEPEST: u8 = 16;

/// A place in the source from which types are seen.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'a> {
    module: &'s [String],
    found: &'s Found<'a>,
    depth: u8,
}

impl<'s, 'a> Scope<'s, 'a> {
    /// Types as they are seen from within `module`.
    pub fn new(module: &'s [String], found: &'s Found<'a>) -> Self {
        Self {
            module,
            found,
            depth: 0,
        }
    }

    /// The column type of the type that `path` names, one of the user's own or one that SeaORM
    /// knows; nothing if it is neither.
    ///
    /// # Errors
    ///
    /// If it is not clear which type is meant, or if it cannot be kept.
    pub fn column_type(&self, path: &Path) -> Result<Option<ColumnType>, String> {
        let path = imported(&names(path), self.module, self.found);
        let Some(name) = path.last() else {
            return Ok(None);
        };
        let types = self.types_called(name);
        if let Some(own) = self.exact(&path, types) {
            return self.definition(name, own).map(Some);
        }
        if let Some(known) = builtin_types::known(name, &path) {
            return Ok(Some(known));
        }
        // Re-exports hide where a type is; its name is enough if all of that name are kept alike.
        let mut kept = types.iter().map(|own| self.definition(name, own));
        let Some(first) = kept.next().transpose()? else {
            return Ok(None);
        };
        for other in kept {
            if other? != first {
                return Err(format!(
                    "there are several types `{name}`: name the one that is meant, as in `crate::api::models::{name}`"
                ));
            }
        }
        Ok(Some(first))
    }

    /// Returns the possible values of a field of the type that `path` names, if they are only a few.
    pub fn choices(&self, path: &Path) -> Vec<String> {
        let path = imported(&names(path), self.module, self.found);
        let types = path.last().map_or(&[][..], |name| self.types_called(name));
        let own = match (self.exact(&path, types), types) {
            (Some(own), _) => Some(own),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        own.map(|own| own.choices.clone()).unwrap_or_default()
    }

    fn types_called(&self, name: &str) -> &'s [OwnType<'a>] {
        let types = self.found.own_types.get(name);
        types.map_or(&[][..], Vec::as_slice)
    }

    /// The type among `types` that `path` means here, without a guess.
    fn exact<'t>(&self, path: &[String], types: &'t [OwnType<'a>]) -> Option<&'t OwnType<'a>> {
        let places = places(&path[..path.len() - 1], self.module);
        let exact = types.iter().find(|own| places.contains(&own.module));
        exact.or_else(|| self.through_glob(path, types))
    }

    /// The type among `types` that `use module::*` brings here.
    fn through_glob<'t>(
        &self,
        path: &[String],
        types: &'t [OwnType<'a>],
    ) -> Option<&'t OwnType<'a>> {
        let globs = self
            .found
            .globs
            .get(self.module)
            .filter(|_| path.len() == 1)?;
        let places: Vec<_> = globs
            .iter()
            .flat_map(|glob| places(glob, self.module))
            .collect();
        types.iter().find(|own| places.contains(&own.module))
    }

    fn definition(&self, name: &str, own: &OwnType<'a>) -> Result<ColumnType, String> {
        let within = Scope {
            module: &own.module,
            found: self.found,
            depth: self.depth + 1,
        };
        if within.depth > DEEPEST {
            return Err(format!("`{name}` is defined by itself"));
        }
        let of_type = |inner: &Type| {
            let inner = builtin_types::optional_type(inner).unwrap_or(inner);
            builtin_types::column_type(inner, &within)
        };
        match &own.is {
            Definition::Kept(column_type) => Ok(column_type.clone()),
            Definition::As(inner) => {
                of_type(inner).map_err(|why| format!("`{name}` is `{}`: {why}", written(*inner)))
            }
            Definition::Says(value) => column_types::from_expression(value, &of_type)
                .map_err(|why| format!("what `{name}` is kept as cannot be read: {why}")),
        }
    }
}
