//! The API: each viewset decides who has access, which rows exist and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.
