//! REST: from a request to an answer, in Django REST framework's words.

pub mod actions;
pub mod body;
mod browsable;
pub mod columns;
mod constraints;
mod deserializer;
mod dispatch;
pub mod etag;
pub mod metadata;
mod moment;
pub mod negotiation;
pub mod openapi;
pub mod pagination;
pub mod permissions;
mod probe;
pub mod related;
pub mod representation;
pub mod request;
mod respond;
pub mod router;
mod rows;
pub mod serializer;
pub mod viewset;

pub use actions::Actions;
pub use body::Body;
pub use pagination::Page;
pub use permissions::Permission;
pub use related::ManyToMany;
pub use representation::Representation;
pub use request::{ReadOnly, Request, Valid};
pub use router::DefaultRouter;
pub use rows::{get, visible};
pub use viewset::{Entity, ModelViewSet, NewRow, Row, delete, represent, save};
