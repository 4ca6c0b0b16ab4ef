//! The data that the API accepts and shows. It is never the table itself: a new column stays hidden until
//! it is named here.
//!
//! Rules about single values are here, beside their fields; how long a text may be is known from
//! the model. What needs the database or the user belongs in `views.rs`.

use restkit::prelude::*;

use super::models::blog;

/// The fields that a client may send.
#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[garde(allow_unvalidated)]
#[sea_orm(active_model = "blog::ActiveModel")]
pub struct BlogRequest {
    #[garde(length(chars, min = 1))]
    pub title: String,
    #[serde(default)]
    pub active: bool,
}

/// The fields that a client sees.
#[derive(Debug, JsonSchema, Serialize)]
pub struct BlogResponse {
    pub id: i64,
    pub title: String,
    pub active: bool,
}

impl From<blog::Model> for BlogResponse {
    fn from(blog: blog::Model) -> Self {
        Self {
            id: blog.id,
            title: blog.title,
            active: blog.active,
        }
    }
}
