//! The running site: what all requests share.

use std::sync::Arc;

use crate::admin;
use crate::db::Connection;
use crate::pages::Pages;
use crate::queue::Queue;
use crate::rest::throttling::{self, Counts};
use crate::{AdminSite, Project, Result, Routes, Settings};

/// Settings, database, pages and routes of a running site; a clone is the same site.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

struct Shared {
    project: Project,
    settings: Settings,
    db: Connection,
    admin: AdminSite,
    pages: Pages,
    routes: Routes,
    admin_url: String,
    logins: Queue,
    counts: Counts,
}

impl Site {
    /// Puts a project's parts together.
    ///
    /// # Errors
    ///
    /// If a template, the rate of a throttle or a route is wrong.
    pub fn new(project: &Project, settings: Settings, db: Connection) -> Result<Self> {
        let mut admin = AdminSite::default();
        for app in (project.installed_apps)() {
            admin.begin_app(app.label());
            app.register(&mut admin);
        }
        let routes = (project.routes)();
        // Routes that are made have noted what their enums are.
        admin.learn_choices();
        if let Some(problem) = routes.problems().into_iter().next() {
            return Err(anyhow::anyhow!(problem).into());
        }
        throttling::validate(&settings, &routes)?;
        Ok(Self(Arc::new(Shared {
            project: *project,
            counts: Counts::new(settings.throttle_store),
            logins: Queue::default(),
            settings,
            db,
            pages: Pages::new(&admin.looks)?,
            admin,
            admin_url: admin::url(&routes),
            routes,
        })))
    }

    /// The project's name.
    pub fn name(&self) -> &'static str {
        self.0.project.name
    }

    /// What the site was made of.
    pub(crate) fn project(&self) -> &Project {
        &self.0.project
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The database.
    pub fn db(&self) -> &Connection {
        &self.0.db
    }

    /// The models that the admin site shows.
    pub fn admin(&self) -> &AdminSite {
        &self.0.admin
    }

    /// Where the project's `urls.rs` has put the admin site, with the slash at its end.
    pub fn admin_url(&self) -> &str {
        &self.0.admin_url
    }

    /// The templates.
    pub fn pages(&self) -> &Pages {
        &self.0.pages
    }

    /// The logins that are being checked.
    pub(crate) fn logins(&self) -> &Queue {
        &self.0.logins
    }

    /// How often clients have asked.
    pub(crate) fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// The routes.
    pub fn routes(&self) -> &Routes {
        &self.0.routes
    }
}
