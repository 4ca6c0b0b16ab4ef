//! One request to a view, as far as its answer shows it.

use std::sync::OnceLock;

use axum::http::Method;
use serde_json::Value;

use crate::Result;
use crate::http::negotiation::Format;
use crate::rest::view::View;

/// A request to a view: the format of its answer, and what a page shows of it.
pub(super) struct Exchange<'v> {
    pub view: &'v View,
    pub format: Format,
    /// The data that was sent, for a form that shows it again.
    pub sent: Value,
    offered: OnceLock<Vec<Method>>,
}

impl<'v> Exchange<'v> {
    /// An exchange in which nothing was sent yet. What cannot be negotiated is answered in JSON.
    pub fn new(view: &'v View, format: &Result<Format>) -> Self {
        Self {
            view,
            format: *format.as_ref().unwrap_or(&Format::Json),
            sent: Value::Null,
            offered: OnceLock::new(),
        }
    }

    /// Returns whether the page still has to be told which methods to offer.
    pub fn needs_offers(&self) -> bool {
        self.format == Format::Html && self.offered.get().is_none()
    }

    /// Offers only these methods on the page. The first call decides.
    pub fn offer(&self, methods: Vec<Method>) {
        self.offered.get_or_init(|| methods);
    }

    /// Returns whether the page offers a method: those that the visitor may not use are left out.
    pub fn offers(&self, method: &Method) -> bool {
        let offered = self.offered.get();
        offered.is_none_or(|offered| offered.contains(method))
    }
}
