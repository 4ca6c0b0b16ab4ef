//! An installed app.

use std::any::Any;

use crate::parts::Parts;

/// One app of the project: its label, and what the rooms above are told of it, such as its models in the
/// admin site and its commands.
///
/// ```
/// let app = restkit::App::new("api");
/// assert_eq!(app.label(), "api");
/// ```
#[derive(Clone)]
pub struct App {
    label: &'static str,
    parts: Parts,
}

impl App {
    /// An app with this label: the name of its folder, its migrations and its tables' prefix.
    pub fn new(label: &'static str) -> Self {
        Self {
            label,
            parts: Parts::default(),
        }
    }

    /// The app's label.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// Returns whether a table is one of the app's, by its prefix.
    pub(crate) fn has_table(&self, table: &str) -> bool {
        let rest = table.strip_prefix(self.label);
        rest.is_some_and(|rest| rest.starts_with('_'))
    }

    /// The app with `part`, in place of another one of its type.
    pub(crate) fn with<T: Any + Send + Sync>(mut self, part: T) -> Self {
        self.parts = self.parts.with(part);
        self
    }

    /// Returns the part of the type `T`.
    pub(crate) fn part<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.parts.get()
    }
}
