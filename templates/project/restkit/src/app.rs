//! An installed app.

use crate::AdminSite;

/// One app of the project: its label, and what it registers with the admin site.
#[derive(Clone, Copy)]
pub struct App {
    label: &'static str,
    admin: Option<fn(&mut AdminSite)>,
}

impl App {
    /// An app with this label: the name of its folder, its migrations and its tables' prefix.
    pub fn new(label: &'static str) -> Self {
        Self { label, admin: None }
    }

    /// Registers the app's models with the admin site.
    pub fn admin(self, register: fn(&mut AdminSite)) -> Self {
        Self {
            admin: Some(register),
            ..self
        }
    }

    /// The app's label.
    pub fn label(&self) -> &'static str {
        self.label
    }

    pub(crate) fn register(&self, site: &mut AdminSite) {
        if let Some(register) = self.admin {
            register(site);
        }
    }
}
