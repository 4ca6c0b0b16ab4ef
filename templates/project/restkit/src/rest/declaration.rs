//! The declaration of a viewset: the same for all its requests, so it is asked once.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::model::ManyToMany;
use crate::model::columns::Columns;
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
    pub plain: Arc<Declared>,
    pub filters: Filters<V::Entity>,
    pub pagination: Pagination<V::Entity>,
}

/// The declaration without its types: what is done with it is the same code for all viewsets.
pub(super) struct Declared {
    pub form: Arc<Form>,
    pub permission: Permission,
    pub lists: Vec<ManyToMany>,
    pub nested: Vec<Nested>,
    notation: OnceLock<Option<Arc<Notation>>>,
    notation_of: fn(Option<&Columns>) -> Option<Arc<Notation>>,
}

impl<V: ModelViewSet> Declaration<V> {
    /// Returns what `V` declares.
    pub fn of() -> Arc<Self> {
        let viewset = TypeId::of::<V>();
        if let Some(Ok(declaration)) = known(viewset).map(Arc::downcast) {
            return declaration;
        }
        let declaration = Arc::new(Self::new());
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(viewset, Arc::<Self>::clone(&declaration));
        declaration
    }

    fn new() -> Self {
        let lists = V::many_to_many();
        let form = <V::Request as Request<V::Entity>>::form();
        let plain = Declared {
            form: Arc::new(settle(form, &lists)),
            permission: V::permission(),
            lists,
            nested: V::nested(),
            notation: OnceLock::new(),
            notation_of: Notation::of::<V::Response>,
        };
        Self {
            plain: Arc::new(plain),
            filters: V::filters(),
            pagination: V::pagination(),
        }
    }
}

impl Declared {
    /// Returns how the values of an answer are written; it is known once the site has all its models.
    pub fn notation(&self) -> Option<&Notation> {
        let notation = || (self.notation_of)(Some(&self.form.columns));
        self.notation.get_or_init(notation).as_deref()
    }
}

/// Tells a form what the viewset says of its fields, and the model what the form says of its columns.
fn settle(mut form: Form, lists: &[ManyToMany]) -> Form {
    form.name_relations(lists.iter().map(|list| list.field).collect());
    for (column, values) in std::mem::take(&mut form.stored_choices) {
        form.columns.note_choices(column, values);
    }
    form
}

fn known(viewset: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.get(&viewset).cloned()
}
