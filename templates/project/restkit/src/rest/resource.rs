//! A viewset at its place in the site: its name, its form and the pages of its paths.

mod schema;

use std::any::type_name;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Method;
use sea_orm::IdenStatic;

use crate::Settings;
use crate::model::columns::Columns;
use crate::model::entity::{Entity, capitalize};
use crate::query::Shape;
use crate::rest::actions::Facts;
use crate::rest::declaration::{Declaration, Declared};
use crate::rest::operations::{Operations, Typed};
use crate::rest::view::{Below, Kind, View};
use crate::rest::viewset::ModelViewSet;
use crate::settings::{Authentication, Parser, Throttle};

/// A viewset at its place in the site: what is the same for all its requests.
pub(super) struct Resource {
    /// In paths: `tasks`.
    pub name: String,
    pub profile: Profile,
    pub declared: Arc<Declared>,
    pub operations: Box<dyn Operations>,
    /// The fields around the rows of its list.
    pub shape: Shape,
    /// The page of its rows, and the page of one of them.
    pub list: View,
    pub instance: View,
    pub actions: Vec<Facts>,
    pub parent: Option<ParentColumn>,
}

/// The names of a viewset and its types, and what it makes of the settings.
#[derive(Clone, Copy)]
pub(crate) struct Profile {
    /// The types with their modules, as Rust names them.
    pub viewset: &'static str,
    pub request: &'static str,
    pub response: &'static str,
    pub description: &'static str,
    pub methods: &'static [Method],
    pub authentication: fn(&Settings) -> Vec<Authentication>,
    pub parsers: fn(&Settings) -> Vec<Parser>,
    pub throttle: fn(&Settings) -> Vec<Throttle>,
}

/// The column that refers to the row above, in a nested resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParentColumn {
    pub number: usize,
    pub name: &'static str,
}

/// The target of a path.
pub(super) enum Target {
    List,
    Row,
    Actions(Vec<Facts>),
}

/// The parts of a path that are not fixed.
pub(super) type Params = BTreeMap<String, String>;

impl Profile {
    pub(super) fn of<V: ModelViewSet>() -> Self {
        Self {
            viewset: type_name::<V>(),
            request: type_name::<V::Request>(),
            response: type_name::<V::Response>(),
            description: V::description(),
            methods: V::http_methods(),
            authentication: V::authentication,
            parsers: V::parsers,
            throttle: V::throttle,
        }
    }

    /// `TaskViewSet` of its whole path.
    pub(super) fn short_name(&self) -> &'static str {
        let path = self.viewset;
        path.rsplit("::").next().unwrap_or(path)
    }

    /// `TaskViewSet` is titled `Task`.
    fn title(&self) -> String {
        let name = self.short_name();
        let name = name.strip_suffix("ViewSet").unwrap_or(name);
        let mut title = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !title.is_empty() {
                title.push(' ');
            }
            title.push(letter);
        }
        title
    }
}

impl Resource {
    pub fn new<V: ModelViewSet>(name: String, parent: Option<ParentColumn>) -> Self {
        let typed = Typed::<V>::new();
        let declaration = Declaration::<V>::of();
        let declared = Arc::clone(&declaration.plain);
        let profile = Profile::of::<V>();
        let actions = typed.actions();
        let (list, instance) = views(&profile, &declared, &actions);
        let choices = |column: &str| declared.form.choices(column);
        Self {
            name,
            profile,
            operations: Box::new(typed),
            shape: declaration.pagination.shape(),
            list: View {
                filters: declaration.filters.parameters(choices),
                pages: declaration.pagination.parameters(),
                ..list
            },
            instance,
            actions,
            parent,
            declared,
        }
    }

    /// The page of an extra action.
    pub fn action_view(&self, actions: &[Facts]) -> View {
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
            viewset: self.profile.short_name(),
            permission: self.declared.permission.to_string(),
            ..View::default()
        }
    }
}

/// The page of the rows of a viewset, and the page of one of them.
fn views(profile: &Profile, declared: &Declared, actions: &[Facts]) -> (View, View) {
    use Method as M;
    let title = profile.title();
    let view = |kind, name, wanted: &[Method], write: Method| {
        let methods = profile.methods.iter();
        let own = actions
            .iter()
            .filter(|it| it.is_on_row == (kind == Kind::Record));
        let below = own.map(|action| Below {
            method: action.method.to_string(),
            name: action.name,
        });
        let has_form = profile.methods.contains(&write);
        View {
            name,
            viewset: profile.short_name(),
            permission: declared.permission.to_string(),
            actions: below.collect(),
            kind,
            description: profile.description,
            form: has_form.then(|| (write, Arc::clone(&declared.form))),
            methods: methods
                .filter(|method| wanted.contains(method))
                .cloned()
                .collect(),
            ..View::default()
        }
    };
    let many = [M::GET, M::POST];
    let one = [M::GET, M::PUT, M::PATCH, M::DELETE];
    (
        view(Kind::List, format!("{title} List"), &many, M::POST),
        view(Kind::Record, format!("{title} Instance"), &one, M::PUT),
    )
}

/// The column of an entity's own, by its number.
pub(super) fn parent_column<E: Entity>(column: E::Column) -> Option<ParentColumn> {
    let name = column.as_str();
    let number = Columns::of::<E>().position(name)?;
    Some(ParentColumn { number, name })
}
