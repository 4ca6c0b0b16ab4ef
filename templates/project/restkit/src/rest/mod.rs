//! The API of a model: viewsets and their routes, from a request to an answer, in Django REST framework's words.

pub(crate) mod actions;
mod answer;
mod browsable;
pub(crate) mod constraints;
mod declaration;
mod dispatch;
mod exchange;
pub(crate) mod guard;
mod lists;
pub(crate) mod obtain;
mod operations;
pub(crate) mod outline;
pub mod permissions;
mod present;
pub(crate) mod representation;
mod resource;
mod respond;
pub(crate) mod router;
mod rows;
pub(crate) mod shown;
mod validate;
mod view;
pub(crate) mod viewset;

pub use actions::Actions;
pub use guard::Guard;
pub use lists::page;
pub use obtain::obtain_auth_token;
pub use permissions::Permission;
pub use representation::Representation;
pub use router::DefaultRouter;
pub use rows::{get, visible};
pub use shown::Shown;
pub use viewset::{ModelViewSet, NewRow, Row, delete, represent, represent_all, save};

pub use crate::model::{Entity, ManyToMany};
pub use crate::query::{Filters, Lookup, Page, Pagination, Parameter};
pub use crate::serializer::{Body, Nested, ReadOnly, Request, Valid};
pub use crate::settings::{Authentication, Parser, Throttle, ThrottleStore};
