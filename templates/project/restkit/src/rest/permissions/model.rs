//! Permissions by the names of a model's: `api.add_task` lets a user POST tasks.

use std::collections::BTreeMap;
use std::fmt;

use axum::http::Method;
use sea_orm::EntityTrait;

use crate::auth::permissions;
use crate::http::methods::is_safe;
use crate::{Context, Error, Result};

/// The permissions of anonymous visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anonymous {
    MayRead,
    MayNot,
}

/// The app and the model of a table, where the admin site knows them.
#[derive(Default)]
pub(crate) struct ModelNames(pub BTreeMap<String, (&'static str, String)>);

/// The permissions on one model.
#[derive(Clone)]
pub struct ModelPermissions {
    anonymous: Anonymous,
    table: String,
    /// The module of the entity: `task`.
    model: &'static str,
}

impl ModelPermissions {
    pub(super) fn of<E: EntityTrait>(anonymous: Anonymous) -> Self {
        let module = std::any::type_name::<E>().rsplit("::").nth(1);
        Self {
            anonymous,
            table: E::default().table_name().to_owned(),
            model: module.unwrap_or("model").trim_start_matches("r#"),
        }
    }

    pub(super) fn is_open_to(&self, method: &Method) -> bool {
        is_safe(method) && self.anonymous == Anonymous::MayRead
    }

    /// Returns whether the user may use the request's method.
    ///
    /// # Errors
    ///
    /// 405 for a method that no permission is about; or if the database fails.
    pub(super) async fn permit(&self, ctx: &Context) -> Result<bool> {
        if is_safe(&ctx.method) {
            return Ok(ctx.user().is_some() || self.is_open_to(&ctx.method));
        }
        let action = match ctx.method {
            Method::POST => "add",
            Method::PUT | Method::PATCH => "change",
            Method::DELETE => "delete",
            _ => return Err(Error::MethodNotAllowed(ctx.method.clone())),
        };
        ctx.has_perm(&self.name(ctx, action)).await
    }

    /// The name that the admin site gives the permission, where it knows the model; else by the
    /// rule that tables are called `app_model`.
    fn name(&self, ctx: &Context, action: &str) -> String {
        let ModelNames(names) = ctx.site().part();
        if let Some((app, model)) = names.get(&self.table) {
            return permissions::name(app, action, model);
        }
        let app = self.table.strip_suffix(self.model);
        let app = app.and_then(|app| app.strip_suffix('_'));
        permissions::name(app.unwrap_or(&self.table), action, self.model)
    }
}

impl fmt::Display for ModelPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.anonymous {
            Anonymous::MayNot => "ModelPermissions",
            Anonymous::MayRead => "ModelPermissionsOrAnonReadOnly",
        })
    }
}
