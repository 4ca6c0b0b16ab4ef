//! The running site: what all requests share, and a request to it.

pub(crate) mod authentication;
pub(crate) mod context;
pub mod csrf;
pub(crate) mod project;
pub(crate) mod replicas;
pub(crate) mod routes;
pub mod session;

use std::any::Any;
use std::sync::Arc;

use crate::db::Connection;
use crate::parts::Parts;
use crate::queue::Queue;
use crate::{Project, Routes, Settings};

/// Settings, database and routes of a running site; a clone is the same site.
///
/// ```
/// use restkit::{Context, Result};
/// use restkit::auth::models::user;
/// use sea_orm::{EntityTrait, PaginatorTrait};
///
/// async fn count_users(ctx: Context) -> Result<String> {
///     let count = user::Entity::find().count(ctx.site().db()).await?;
///     Ok(count.to_string())
/// }
/// ```
#[derive(Clone)]
pub struct Site(Arc<Shared>);

struct Shared {
    project: Project,
    settings: Settings,
    db: Connection,
    routes: Routes,
    logins: Queue,
    parts: Parts,
}

impl Site {
    /// A site that holds `parts` of the rooms above.
    pub(crate) fn with_parts(
        project: &Project,
        settings: Settings,
        db: Connection,
        routes: Routes,
        parts: Parts,
    ) -> Self {
        Self(Arc::new(Shared {
            project: *project,
            settings,
            db,
            routes,
            logins: Queue::default(),
            parts,
        }))
    }

    /// Returns the part of the type `T`.
    ///
    /// # Panics
    ///
    /// If `start` has not given the site such a part.
    pub(crate) fn part<T: Any + Send + Sync>(&self) -> &T {
        let part = self.0.parts.get();
        part.unwrap_or_else(|| panic!("the site has no {}", std::any::type_name::<T>()))
    }

    /// The project's name.
    pub fn name(&self) -> &'static str {
        self.0.project.name
    }

    /// The project of the site.
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

    /// The logins that are being checked.
    pub(crate) fn logins(&self) -> &Queue {
        &self.0.logins
    }

    /// The routes.
    pub fn routes(&self) -> &Routes {
        &self.0.routes
    }
}
