//! The permission and the throttles of a route.

use anyhow::Context as _;

use crate::Settings;
use crate::rest::permissions::Permission;
use crate::settings::Throttle;
use crate::site::routes::{Route, Routes};

/// The permission and the throttles of a viewset.
///
/// ```
/// use restkit::Routes;
///
/// fn open_paths(routes: &Routes) -> Vec<&str> {
///     let mut open = routes.list();
///     open.retain(|route| route.guard().is_some_and(|guard| guard.permission.is_open()));
///     open.into_iter().map(|route| route.path.as_str()).collect()
/// }
/// ```
#[derive(Clone)]
pub struct Guard {
    /// Who may use it.
    pub permission: Permission,
    /// How often clients may use it, by the settings.
    pub throttle: fn(&Settings) -> Vec<Throttle>,
}

impl Route {
    /// Returns the permission and the throttles, if the route is a viewset's.
    pub fn guard(&self) -> Option<&Guard> {
        self.note()
    }
}

impl Routes {
    /// Notes who may use what is at `path`; the view itself sees to it that nobody else does.
    pub(crate) fn guard(self, path: &str, guard: Guard) -> Self {
        self.note(path, guard)
    }
}

/// Looks at the rates of the settings and of all viewsets, before the first request comes.
///
/// # Errors
///
/// If one is ill-written, with the name of the viewset.
pub(crate) fn validate(settings: &Settings, routes: &Routes) -> anyhow::Result<()> {
    for throttle in &settings.throttle {
        throttle.rate().context("the settings are wrong")?;
    }
    for route in routes.list() {
        let throttles = route
            .guard()
            .into_iter()
            .flat_map(|guard| (guard.throttle)(settings));
        for throttle in throttles {
            let rate = throttle.rate();
            rate.with_context(|| format!("`{}` is wrong", route.view))?;
        }
    }
    Ok(())
}
