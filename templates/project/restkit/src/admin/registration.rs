//! Registers the models of all apps with the admin site.

use crate::admin::accounts;
use crate::admin::site::AdminSite;
use crate::{App, auth};

/// The function of an app's admin.rs.
#[derive(Clone, Copy)]
struct Registration(fn(&mut AdminSite));

impl App {
    /// Registers the app's models with the admin site.
    pub fn admin(self, register: fn(&mut AdminSite)) -> Self {
        self.with(Registration(register))
    }
}

impl AdminSite {
    /// Registers the models of all `apps`, the accounts among them. The routes have been made before, and have
    /// noted what their enums are.
    pub(crate) fn of(apps: &[App]) -> Self {
        let mut site = Self::default();
        for app in apps {
            site.begin_app(app.label());
            if app.label() == auth::LABEL {
                accounts::register(&mut site);
            }
            if let Some(Registration(register)) = app.part() {
                register(&mut site);
            }
        }
        site.learn_choices();
        site
    }
}
