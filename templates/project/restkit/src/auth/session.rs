//! Sessions: who a request comes from, logging in and out.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chrono::Utc;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::auth::models::{session, user};
use crate::auth::{Script, cookie, fingerprint, password, random_token, set_cookie};
use crate::{Context, Result, Site};

const COOKIE: &str = "sessionid";

/// Two weeks, as in Django.
const LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Who a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The active user whose session the request's cookie names.
    pub user: Option<user::Model>,
}

/// Finds out who a request comes from.
///
/// # Errors
///
/// If the database fails.
pub async fn visitor(site: &Site, headers: &HeaderMap) -> Result<Visitor> {
    let Some(key) = cookie(headers, COOKIE) else {
        return Ok(Visitor::default());
    };
    let found = session::Entity::find_by_id(fingerprint(key))
        .find_also_related(user::Entity)
        .filter(session::Column::ExpiresAt.gt(Utc::now()))
        .one(site.db())
        .await?;
    let user = found.and_then(|(session, user)| {
        user.filter(|user| user.is_active && session.password_hash == fingerprint(&user.password))
    });
    Ok(Visitor { user })
}

/// The active user with this name and password.
///
/// # Errors
///
/// If the database fails.
pub async fn authenticate(
    site: &Site,
    username: &str,
    password: &str,
) -> Result<Option<user::Model>> {
    let user = user::Entity::find()
        .filter(user::Column::Username.eq(username))
        .one(site.db())
        .await?;
    let hash = user.as_ref().map(|user| user.password.as_str());
    let verified = password::verify(password, hash).await?;
    Ok(user.filter(|user| verified && user.is_active))
}

/// Begins a session for `user`, always a new one: a cookie planted before means nothing.
///
/// # Errors
///
/// If the database fails.
pub async fn log_in(ctx: &Context, user: &user::Model, response: &mut Response) -> Result<()> {
    end(ctx).await?;
    let key = random_token()?;
    let now = Utc::now();
    let new = session::ActiveModel {
        key_hash: Set(fingerprint(&key)),
        user_id: Set(user.id),
        password_hash: Set(fingerprint(&user.password)),
        expires_at: Set(now + LIFETIME),
    };
    new.insert(ctx.db()).await?;
    user::Entity::update_many()
        .col_expr(user::Column::LastLogin, Expr::value(now))
        .filter(user::Column::Id.eq(user.id))
        .exec(ctx.db())
        .await?;
    give_cookie(ctx, &key, LIFETIME.as_secs() as i64, response);
    Ok(())
}

/// Ends the session, here and in the browser.
///
/// # Errors
///
/// If the database fails.
pub async fn log_out(ctx: &Context, response: &mut Response) -> Result<()> {
    end(ctx).await?;
    give_cookie(ctx, "", 0, response);
    Ok(())
}

async fn end(ctx: &Context) -> Result<()> {
    if let Some(key) = cookie(&ctx.headers, COOKIE) {
        session::Entity::delete_by_id(fingerprint(key))
            .exec(ctx.db())
            .await?;
    }
    Ok(())
}

fn give_cookie(ctx: &Context, key: &str, seconds: i64, response: &mut Response) {
    let cookie = set_cookie(ctx.site(), COOKIE, key, seconds, Script::MayNot);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
