//! The declaration of a viewset: the same for all its requests, so it is asked once.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::model::ManyToMany;
use crate::query::{Filters, Pagination};
use crate::rest::permissions::Permission;
use crate::rest::viewset::ModelViewSet;
use crate::serializer::Nested;
use crate::serializer::form::Form;
use crate::serializer::notation::Notation;
use crate::serializer::request::Request;

/// The declarations of all viewsets that were asked, by their types.
static KNOWN: RwLock<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>> = RwLock::new(BTreeMap::new());

/// The declaration of a viewset.
pub(super) struct Declaration<V: ModelViewSet> {
    pub form: Arc<Form>,
    pub filters: Filters<V::Entity>,
    pub pagination: Pagination<V::Entity>,
    pub permission: Permission,
    pub lists: Vec<ManyToMany>,
    pub nested: Vec<Nested>,
    notation: OnceLock<Option<Arc<Notation>>>,
}

impl<V: ModelViewSet> Declaration<V> {
    /// Returns what `V` declares.
    pub fn of() -> Arc<Self> {
        let viewset = TypeId::of::<V>();
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&viewset).cloned();
        drop(known);
        if let Some(Ok(declaration)) = found.map(Arc::downcast) {
            return declaration;
        }
        let declaration = Arc::new(Self::new());
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(viewset, Arc::<Self>::clone(&declaration));
        declaration
    }

    fn new() -> Self {
        let mut form = <V::Request as Request<V::Entity>>::form();
        let lists = V::many_to_many();
        form.name_relations(lists.iter().map(|list| list.field).collect());
        for (column, values) in std::mem::take(&mut form.stored_choices) {
            form.columns.note_choices(column, values);
        }
        Self {
            form: Arc::new(form),
            filters: V::filters(),
            pagination: V::pagination(),
            permission: V::permission(),
            lists,
            nested: V::nested(),
            notation: OnceLock::new(),
        }
    }

    /// Returns how the values of an answer are written; it is known once the site has all its models.
    pub fn notation(&self) -> Option<&Notation> {
        let notation = || Notation::of::<V::Response>(Some(&self.form.columns));
        self.notation.get_or_init(notation).as_deref()
    }
}
