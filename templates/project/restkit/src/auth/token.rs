//! Tokens: what a program sends instead of a session, `Authorization: Token ...`.

use chrono::Utc;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Result;
use crate::auth::models::{token, user};
use crate::secrets::{fingerprint, random_token};

/// Makes a token for a user and gives the one copy of it; the table keeps its fingerprint.
///
/// # Errors
///
/// If the database fails, or there is no such user.
pub async fn create<C: ConnectionTrait>(db: &C, user_id: i64, name: &str) -> Result<String> {
    let key = random_token()?;
    let new = token::ActiveModel {
        key_hash: Set(fingerprint(&key)),
        name: Set(name.to_owned()),
        user_id: Set(user_id),
        created_at: Set(Utc::now()),
        ..Default::default()
    };
    new.insert(db).await?;
    Ok(key)
}

/// The active user that a token acts for.
///
/// # Errors
///
/// If the database fails.
pub async fn user_of<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<user::Model>> {
    let owner = owner_of(db, key).await?;
    Ok(owner.filter(|user| user.is_active))
}

/// The user that a token was made for, active or not.
///
/// # Errors
///
/// If the database fails.
pub async fn owner_of<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<user::Model>> {
    let found = token::Entity::find()
        .filter(token::Column::KeyHash.eq(fingerprint(key)))
        .find_also_related(user::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(_, user)| user))
}
