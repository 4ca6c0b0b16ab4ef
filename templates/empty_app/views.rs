//! What the API does: each viewset decides who may ask, which rows there are and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.
