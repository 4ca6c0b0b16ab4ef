//! What the API does: each viewset decides who may ask, which rows there are and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.

use restkit::{ModelViewSet, Permission};

use super::models::task;
use super::serializers::{TaskRequest, TaskResponse};

/// List, create, retrieve, update and delete tasks. To change what one of them does, write it here
/// as an `async fn` of the same name.
pub struct TaskViewSet;

impl ModelViewSet for TaskViewSet {
    type Entity = task::Entity;
    type Request = TaskRequest;
    type Response = TaskResponse;

    /// Everybody may do everything; `IsAuthenticatedOrReadOnly` would let members alone write.
    fn permission() -> Permission {
        Permission::AllowAny
    }
}
