//! The API: each viewset decides who has access, which rows exist and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.

use restkit::prelude::*;

use super::models::task::{self, Column};
use super::serializers::{TaskRequest, TaskResponse};

/// List, create, retrieve, update and delete tasks. To change what one of them does, write it here
/// as an `async fn` of the same name.
pub struct TaskViewSet;

impl ModelViewSet for TaskViewSet {
    type Entity = task::Entity;
    type Request = TaskRequest;
    type Response = TaskResponse;

    /// Everyone may do everything; `IsAuthenticatedOrReadOnly` would let only members write.
    fn permission() -> Permission {
        Permission::AllowAny
    }

    /// Allows `?completed=true`, `?title__icontains=x`, `?search=x` and `?ordering=-id`.
    fn filters() -> Filters<task::Entity> {
        Filters::new()
            .exact([Column::Completed])
            .lookups(Column::Title, [Lookup::Exact, Lookup::IContains])
            .search([Column::Title])
            .ordering([Column::Id, Column::Title])
    }
}
