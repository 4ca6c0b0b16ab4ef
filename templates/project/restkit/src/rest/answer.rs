//! An answer before it has a format.

use axum::http::StatusCode;
use serde::Serialize;

use crate::{Error, Result};

/// An answer before it has a format.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// JSON, or nothing.
    pub body: Option<Vec<u8>>,
    /// The state of the record that it shows.
    pub etag: Option<String>,
    /// The URL of a row that was created.
    pub location: Option<String>,
}

impl Answer {
    pub fn of(status: StatusCode, data: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(data).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self {
            body: Some(body),
            ..Self::empty(status)
        })
    }

    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            etag: None,
            location: None,
        }
    }
}
