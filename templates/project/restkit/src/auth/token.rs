//! Tokens: what a program sends instead of a session, `Authorization: Token ...`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Result;
use crate::auth::models::{token, user};
use crate::secrets::{fingerprint, random_token};

/// Makes a token for a user and gives the one copy of it; the table keeps its fingerprint. It counts forever unless
/// it is said when it expires.
///
/// # Errors
///
/// If the database fails, or there is no such user.
pub async fn create<C: ConnectionTrait>(
    db: &C,
    user_id: i64,
    name: &str,
    expires_at: Option<DateTime<Utc>>,
) -> Result<String> {
    let key = random_token()?;
    let new = token::ActiveModel {
        key_hash: Set(fingerprint(&key)),
        name: Set(name.to_owned()),
        user_id: Set(user_id),
        created_at: Set(Utc::now()),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    new.insert(db).await?;
    Ok(key)
}

/// When a token that is made now expires, if it lives so long; 0 is forever.
pub fn expiry(lifetime: Duration) -> Option<DateTime<Utc>> {
    let lifetime = Some(lifetime).filter(|lifetime| !lifetime.is_zero())?;
    Utc::now().checked_add_signed(chrono::Duration::from_std(lifetime).ok()?)
}

/// The active user that a token acts for, as long as it counts.
///
/// # Errors
///
/// If the database fails.
pub async fn user_of<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<user::Model>> {
    let found = find(db, key).await?;
    let valid = found.filter(|(token, user)| !has_expired(token) && user.is_active);
    Ok(valid.map(|(_, user)| user))
}

/// A token with the user that it was made for, whether it still counts or not.
///
/// # Errors
///
/// If the database fails.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    key: &str,
) -> Result<Option<(token::Model, user::Model)>> {
    let found = token::Entity::find()
        .filter(token::Column::KeyHash.eq(fingerprint(key)))
        .find_also_related(user::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(token, user)| Some((token, user?))))
}

/// Returns whether a token does not count any more.
pub fn has_expired(token: &token::Model) -> bool {
    token.expires_at.is_some_and(|at| at <= Utc::now())
}

/// Removes the tokens that have expired.
///
/// # Errors
///
/// If the database fails.
pub async fn clear<C: ConnectionTrait>(db: &C) -> Result<u64> {
    let expired = token::Column::ExpiresAt.lte(Utc::now());
    let removed = token::Entity::delete_many()
        .filter(expired)
        .exec(db)
        .await?;
    Ok(removed.rows_affected)
}
