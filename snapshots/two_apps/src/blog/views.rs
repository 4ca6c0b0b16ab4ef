//! The API: each viewset decides who has access, which rows exist and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.

use restkit::prelude::*;

use super::models::blog::{self, Column};
use super::serializers::{BlogRequest, BlogResponse};

/// List, create, retrieve, update and delete blogs. To change what one of them does, write it here
/// as an `async fn` of the same name.
pub struct BlogViewSet;

impl ModelViewSet for BlogViewSet {
    type Entity = blog::Entity;
    type Request = BlogRequest;
    type Response = BlogResponse;

    /// Everyone may do everything; `IsAuthenticatedOrReadOnly` would let only members write.
    fn permission() -> Permission {
        Permission::AllowAny
    }

    /// Allows `?active=true`, `?title__icontains=x`, `?search=x` and `?ordering=-id`.
    fn filters() -> Filters<blog::Entity> {
        Filters::new()
            .exact([Column::Active])
            .lookups(Column::Title, [Lookup::Exact, Lookup::IContains])
            .search([Column::Title])
            .ordering([Column::Id, Column::Title])
    }
}
