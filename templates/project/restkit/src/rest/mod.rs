//! REST: from a request to an answer, in Django REST framework's words.

pub mod authentication;
pub mod body;
mod browsable;
mod deserializer;
pub mod metadata;
pub mod negotiation;
pub mod pagination;
pub mod permissions;
mod probe;
mod respond;
pub mod router;
pub mod serializer;
pub mod throttling;
pub mod viewset;

pub use authentication::Authentication;
pub use body::Body;
pub use pagination::Page;
pub use permissions::Permission;
pub use router::DefaultRouter;
pub use throttling::{Throttle, ThrottleStore};
pub use viewset::{Entity, ModelViewSet, Request};
