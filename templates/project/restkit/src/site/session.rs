//! Sessions: who a request comes from, logging in and out.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::Utc;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
    TransactionTrait,
};

use crate::auth::attempts::Attempt;
use crate::auth::models::{session, user};
use crate::auth::password;
use crate::auth::visitor::{COOKIE, key_hashes};
use crate::db::Connection;
use crate::http::cookie::{Script, cookie, set_cookie};
use crate::secrets::{fingerprint, random_token};
use crate::site::csrf;
use crate::{Context, Result, Site};

/// Two weeks, as in Django.
const SESSION_LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The active user with this name and password. A password whose hash was made with less work than
/// today's is hashed again, which leaves the user's sessions as they are.
///
/// # Errors
///
/// 429 after too many failures for this name or from this address; or if the database fails.
pub async fn authenticate(
    site: &Site,
    address: Option<IpAddr>,
    username: &str,
    password: &str,
) -> Result<Option<user::Model>> {
    // One password after the other for a name from an address, so that a client that sends many
    // requests at once, each with the right password, does not look like one that guesses.
    let _turn = site.logins().turn(&(username, address)).await;
    let attempt = Attempt::begin(site.db(), username, address).await?;
    let user = named(site, username).await?;
    let hash = user.as_ref().map(|user| user.password.as_str());
    let verified = password::verify(password, hash).await?;
    let Some(user) = user.filter(|user| verified && user.is_active) else {
        return Ok(None);
    };
    attempt.succeeded(site.db()).await?;
    if password::is_outdated(&user.password) {
        return Ok(Some(rehash(site.db(), user, password).await?));
    }
    Ok(Some(user))
}

async fn named(site: &Site, username: &str) -> Result<Option<user::Model>> {
    // PostgreSQL knows no text with NUL in it, and so nobody of such a name.
    if username.contains('\0') {
        return Ok(None);
    }
    let user = user::Entity::find().filter(user::Column::Username.eq(username));
    Ok(user.one(site.db()).await?)
}

/// Sessions remember the hash they began with, so a new hash of the same password goes to them too.
async fn rehash(db: &Connection, user: user::Model, password: &str) -> Result<user::Model> {
    let new = password::hash(password).await?;
    let db = db.begin().await?;
    session::Entity::update_many()
        .col_expr(
            session::Column::PasswordHash,
            Expr::value(fingerprint(&new)),
        )
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::PasswordHash.eq(fingerprint(&user.password)))
        .exec(&db)
        .await?;
    let mut user = user.into_active_model();
    user.password = Set(new);
    let user = user.update(&db).await?;
    db.commit().await?;
    Ok(user)
}

/// Gives a user a new password; all sessions of the user end by that.
///
/// # Errors
///
/// If the database fails.
pub async fn set_password<C: ConnectionTrait>(
    db: &C,
    user: &user::Model,
    password: &str,
) -> Result<user::Model> {
    let mut user = user.clone().into_active_model();
    user.password = Set(password::hash(password).await?);
    let user = user.update(db).await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .exec(db)
        .await?;
    Ok(user)
}

/// Removes the sessions that have expired, and says how many there were.
///
/// # Errors
///
/// If the database fails.
pub async fn clear<C: ConnectionTrait>(db: &C) -> Result<u64> {
    let cleared = session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(Utc::now()))
        .exec(db)
        .await?;
    Ok(cleared.rows_affected)
}

/// Begins a session for `user`, always a new one: a cookie planted before means nothing.
/// (Session fixation: OWASP's cheat sheet on sessions asks for a new key at every login.) Returns the
/// new CSRF token.
///
/// # Errors
///
/// If the database fails.
pub async fn log_in(ctx: &Context, user: &user::Model, response: &mut Response) -> Result<String> {
    end(ctx).await?;
    let key = random_token()?;
    let now = Utc::now();
    let new = session::ActiveModel {
        key_hash: Set(key_hashes(ctx.settings(), &key).next().unwrap_or_default()),
        user_id: Set(user.id),
        password_hash: Set(fingerprint(&user.password)),
        expires_at: Set(now + SESSION_LIFETIME),
    };
    new.insert(ctx.db()).await?;
    user::Entity::update_many()
        .col_expr(user::Column::LastLogin, Expr::value(now))
        .filter(user::Column::Id.eq(user.id))
        .exec(ctx.db())
        .await?;
    give_cookie(ctx, &key, SESSION_LIFETIME.as_secs() as i64, response);
    // A token that was planted before the login is worth nothing after it.
    let token = random_token()?;
    csrf::attach(ctx, &token, response);
    Ok(token)
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
        session::Entity::delete_many()
            .filter(session::Column::KeyHash.is_in(key_hashes(ctx.settings(), key)))
            .exec(ctx.db())
            .await?;
    }
    Ok(())
}

fn give_cookie(ctx: &Context, key: &str, seconds: i64, response: &mut Response) {
    let cookie = set_cookie(ctx.settings(), COOKIE, key, seconds, Script::MayNot);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
