//! The visitor of an admin page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use crate::auth::models::user;
use crate::auth::permissions;
use crate::auth::permissions::{Permissions, permissions_of};
use crate::{Context, Error, Result, Site};

/// A request of somebody who may use the admin site. Views that take it need not ask who comes.
pub(super) struct Staff {
    pub ctx: Context,
    pub user: user::Model,
    pub permissions: Permissions,
}

impl Staff {
    /// Lets through who may do `action` (add, change, delete or view) to the rows of a model. Who
    /// may change rows may view them.
    ///
    /// # Errors
    ///
    /// 403.
    pub fn require(&self, app: &str, action: &str, model: &str) -> Result<()> {
        if self.may(app, action, model) {
            Ok(())
        } else {
            Err(Error::permission_denied())
        }
    }

    /// Returns whether `require` lets through.
    pub fn may(&self, app: &str, action: &str, model: &str) -> bool {
        let has = |action| self.permissions.has(&permissions::name(app, action, model));
        has(action) || action == "view" && has("change")
    }
}

impl FromRequestParts<Site> for Staff {
    type Rejection = Response;

    /// Sends strangers to the login form, and refuses users who are not staff with 403.
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        let ctx = Context::from_request_parts(parts, site).await;
        let ctx = ctx.map_err(Error::into_response)?;
        let user = match ctx.user() {
            Some(user) if user.is_staff => user.clone(),
            Some(_) => return Err(Error::permission_denied().into_response()),
            None => return Err(to_login(&ctx)),
        };
        let permissions = permissions_of(ctx.db(), &user).await;
        Ok(Self {
            permissions: permissions.map_err(Error::into_response)?,
            user,
            ctx,
        })
    }
}

fn to_login(ctx: &Context) -> Response {
    let here = ctx.uri.path_and_query().map_or("/", |path| path.as_str());
    let here: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
    let admin = ctx.site().admin_url();
    Redirect::to(&format!("{admin}login/?next={here}")).into_response()
}
