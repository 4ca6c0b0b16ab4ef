//! Values by their types: what a site, an app or a route holds without knowing the room that it belongs to.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// At most one value of each type; a clone shares them.
#[derive(Clone, Default)]
pub(crate) struct Parts(BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Parts {
    /// Adds `part`, in place of another one of its type.
    pub fn with<T: Any + Send + Sync>(mut self, part: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Arc::new(part));
        self
    }

    /// Returns the part of the type `T`.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}
