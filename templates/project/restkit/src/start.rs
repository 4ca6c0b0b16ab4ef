//! The parts of a site, put together: the one place that knows all of them.

#[cfg(feature = "admin")]
use crate::admin::{self, AdminSite};
use crate::db::Connection;
use crate::db::replicas::Replicas;
use crate::pages::Pages;
use crate::pages::looks::{AdminUrl, Looks};
use crate::parts::Parts;
use crate::rest::guard;
use crate::rest::permissions::ModelNames;
#[cfg(feature = "metrics")]
use crate::server::metrics::Metrics;
use crate::server::{Health, Hooks};
use crate::site::replicas::SiteReplicas;
use crate::throttling::Counts;
use crate::{App, Project, Result, Routes, Settings, Site};

impl Site {
    /// Puts a project's parts together.
    ///
    /// # Errors
    ///
    /// If a template, the rate of a throttle, a route or the URL of a replica is wrong.
    pub fn new(project: &Project, settings: Settings, db: Connection) -> Result<Self> {
        let routes = (project.routes)();
        if let Some(problem) = routes.problems().into_iter().next() {
            return Err(anyhow::anyhow!(problem).into());
        }
        guard::validate(&settings, &routes)?;
        let apps = (project.installed_apps)();
        let parts = Parts::default()
            .with(Counts::new(settings.throttle_store))
            .with(Health::default())
            .with(Hooks::of(&apps))
            .with(SiteReplicas(Replicas::new(&settings, &db)?));
        #[cfg(feature = "metrics")]
        let parts = parts.with(Metrics::default());
        let parts = with_pages(parts, &apps, &routes)?;
        Ok(Self::with_parts(project, settings, db, routes, parts))
    }
}

/// Adds the admin site, and the pages with the looks that it was given.
#[cfg(feature = "admin")]
fn with_pages(parts: Parts, apps: &[App], routes: &Routes) -> Result<Parts> {
    let mut admin = AdminSite::of(apps);
    let looks: Looks = std::mem::take(&mut admin.looks);
    Ok(parts
        .with(Pages::new(&looks)?)
        .with(looks)
        .with(AdminUrl(admin::url(routes)))
        .with(ModelNames(admin.names()))
        .with(admin))
}

/// Adds the pages of a kit without its admin site.
#[cfg(not(feature = "admin"))]
fn with_pages(parts: Parts, _: &[App], _: &Routes) -> Result<Parts> {
    Ok(parts
        .with(Pages::new(&Looks::default())?)
        .with(Looks::default())
        .with(AdminUrl(String::new()))
        .with(ModelNames::default()))
}
