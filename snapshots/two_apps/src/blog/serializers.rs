//! What the API accepts and what it shows, never the table itself: a new column stays hidden until
//! it is named here.
//!
//! Rules about single values stand here, beside their fields. What needs the database or the user
//! belongs in `views.rs`.

use garde::Validate;
use schemars::JsonSchema;
use sea_orm::DeriveIntoActiveModel;
use serde::{Deserialize, Serialize};

use super::models::task;

/// What a client may send.
#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "task::ActiveModel")]
pub struct TaskRequest {
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    #[garde(skip)]
    #[serde(default)]
    pub completed: bool,
}

/// What a client gets to see.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TaskResponse {
    pub id: i64,
    pub title: String,
    pub completed: bool,
}

impl From<task::Model> for TaskResponse {
    fn from(task: task::Model) -> Self {
        let task::Model {
            id,
            title,
            completed,
        } = task;
        Self {
            id,
            title,
            completed,
        }
    }
}
