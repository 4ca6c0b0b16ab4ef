//! A viewset at its place in the site: its name, its form and the pages of its paths.

mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Method;
use sea_orm::Iterable;

use crate::model::entity::{Entity, capitalize};
use crate::rest::actions::{Action, Actions};
use crate::rest::declaration::Declaration;
use crate::rest::view::{Below, Kind, View};
use crate::rest::viewset::ModelViewSet;

/// A viewset at its place in the site: what is the same for all its requests.
pub(super) struct Resource<V: ModelViewSet> {
    /// In paths: `tasks`.
    pub name: String,
    pub declared: Arc<Declaration<V>>,
    /// The page of its rows, and the page of one of them.
    pub list: View,
    pub instance: View,
    pub parent: Option<ParentColumn>,
}

/// The column that refers to the row above, in a nested resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParentColumn {
    pub number: usize,
    pub name: &'static str,
}

/// The target of a path.
pub(super) enum Target<V: ModelViewSet> {
    List,
    Row,
    Actions(Vec<Action<V>>),
}

/// The parts of a path that are not fixed.
pub(super) type Params = BTreeMap<String, String>;

impl<V: ModelViewSet> Resource<V> {
    pub fn new(name: String, title: &str, parent: Option<ParentColumn>) -> Self {
        let declared = Declaration::<V>::of();
        let form = &declared.form;
        let methods = V::http_methods();
        let only = |wanted: &[Method]| {
            let methods = methods.iter().filter(|method| wanted.contains(method));
            methods.cloned().collect::<Vec<_>>()
        };
        let actions = V::actions(Actions::none()).into_vec();
        let below = |is_on_row: bool| {
            let actions = actions.iter().filter(|it| it.is_on_row == is_on_row);
            let below = actions.map(|action| Below {
                method: action.method.to_string(),
                name: action.name,
            });
            below.collect::<Vec<_>>()
        };
        let view = |kind, name, wanted: &[Method], write: Method| View {
            viewset: short_name::<V>(),
            permission: declared.permission.to_string(),
            actions: below(kind == Kind::Record),
            kind,
            name,
            description: V::description(),
            form: methods.contains(&write).then(|| (write, Arc::clone(form))),
            methods: only(wanted),
            ..View::default()
        };
        use Method as M;
        Self {
            list: View {
                filters: declared.filters.parameters(|column| form.choices(column)),
                pages: declared.pagination.parameters(),
                ..view(
                    Kind::List,
                    format!("{title} List"),
                    &[M::GET, M::POST],
                    M::POST,
                )
            },
            instance: view(
                Kind::Record,
                format!("{title} Instance"),
                &[M::GET, M::PUT, M::PATCH, M::DELETE],
                M::PUT,
            ),
            name,
            declared: Arc::clone(&declared),
            parent,
        }
    }

    /// The page of an extra action.
    pub fn action_view(&self, actions: &[Action<V>]) -> View {
        let name = actions
            .first()
            .map(|action| action.name)
            .unwrap_or_default();
        let words = name.replace('_', " ");
        View {
            kind: Kind::Action(name),
            name: words
                .split(' ')
                .map(capitalize)
                .collect::<Vec<_>>()
                .join(" "),
            methods: actions.iter().map(|action| action.method.clone()).collect(),
            viewset: short_name::<V>(),
            permission: self.declared.permission.to_string(),
            ..View::default()
        }
    }
}

/// `TaskViewSet` of its whole path.
pub(super) fn short_name<V>() -> &'static str {
    let path = std::any::type_name::<V>();
    path.rsplit("::").next().unwrap_or(path)
}

/// The column of an entity's own, by its number.
pub(super) fn parent_column<E: Entity>(column: E::Column) -> Option<ParentColumn> {
    let name = sea_orm::IdenStatic::as_str(&column);
    let mut names = E::Column::iter().map(|column| sea_orm::IdenStatic::as_str(&column));
    let number = names.position(|other| other == name)?;
    Some(ParentColumn { number, name })
}
