//! The parts of a site, put together: the one place that knows all of them.

use crate::admin::{self, AdminSite};
use crate::db::Connection;
use crate::pages::Pages;
use crate::parts::Parts;
use crate::rest::guard;
use crate::throttling::Counts;
use crate::{Project, Result, Settings, Site};

impl Site {
    /// Puts a project's parts together.
    ///
    /// # Errors
    ///
    /// If a template, the rate of a throttle or a route is wrong.
    pub fn new(project: &Project, settings: Settings, db: Connection) -> Result<Self> {
        let mut admin = AdminSite::default();
        for app in (project.installed_apps)() {
            admin.register_app(&app);
        }
        let routes = (project.routes)();
        // Routes that are made have noted what their enums are.
        admin.learn_choices();
        if let Some(problem) = routes.problems().into_iter().next() {
            return Err(anyhow::anyhow!(problem).into());
        }
        guard::validate(&settings, &routes)?;
        let parts = Parts::default()
            .with(Counts::new(settings.throttle_store))
            .with(Pages::new(&admin.looks)?)
            .with(admin::Address(admin::url(&routes)))
            .with(admin);
        Ok(Self::with_parts(project, settings, db, routes, parts))
    }
}
