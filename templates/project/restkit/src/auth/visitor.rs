//! The sender of a request: [`Visitor`].

use axum::http::HeaderMap;
use chrono::Utc;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::Result;
use crate::Settings;
use crate::auth::models::{session, user};
use crate::db::Connection;
use crate::http::cookie::cookie;
use crate::secrets::{fingerprint, signatures};
use crate::settings::Authentication;

/// The cookie with the key of a session.
pub(crate) const COOKIE: &str = "sessionid";

/// The sender of a request.
///
/// ```
/// use restkit::{Authentication, Context};
///
/// fn is_program(ctx: &Context) -> bool {
///     ctx.visitor.authentication == Some(Authentication::Token)
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The active user.
    pub user: Option<user::Model>,
    /// How the request said so.
    pub authentication: Option<Authentication>,
    /// How else it may say so: see [`Authentication::challenge_of`].
    pub(crate) challenge: Option<&'static str>,
    /// The active user whose session the request's cookie names.
    pub(crate) session_user: Option<user::Model>,
}

/// Finds out whose session a request belongs to.
///
/// # Errors
///
/// If the database fails.
pub async fn visitor(db: &Connection, settings: &Settings, headers: &HeaderMap) -> Result<Visitor> {
    let Some(key) = cookie(headers, COOKIE) else {
        return Ok(Visitor::default());
    };
    let found = session::Entity::find()
        .filter(session::Column::KeyHash.is_in(key_hashes(settings, key)))
        .find_also_related(user::Entity)
        .filter(session::Column::ExpiresAt.gt(Utc::now()));
    let found = Box::pin(found.one(db)).await?;
    let user = found.and_then(|(session, user)| {
        user.filter(|user| user.is_active && session.password_hash == fingerprint(&user.password))
    });
    Ok(Visitor {
        authentication: user.as_ref().map(|_| Authentication::Session),
        session_user: user.clone(),
        user,
        challenge: None,
    })
}

/// Returns what is stored of a session's key: it holds only for the secret key of the site, and for earlier ones
/// that still count.
pub(crate) fn key_hashes<'s>(
    settings: &'s Settings,
    key: &'s str,
) -> impl Iterator<Item = String> + 's {
    signatures(settings, "restkit.session", key)
}
