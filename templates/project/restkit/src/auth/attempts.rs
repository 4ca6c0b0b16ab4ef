//! Logins that fail: after too many of them the next one has to wait.
//!
//! An attempt is written down before the password is looked at and taken back when it was right, so
//! that a thousand attempts at once are counted like a thousand one after the other.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use crate::auth::models::login_failure::{ActiveModel, Column, Entity, Model};
use crate::secrets::fingerprint;
use crate::{Error, Result};

/// Failures older than this are forgotten.
const ATTEMPT_WINDOW: Duration = Duration::minutes(15);

/// For one name from one address: somebody who guesses, or who has forgotten.
const PER_PAIR: usize = 5;

/// From one address, for whatever names: somebody who tries a list of them.
const PER_ADDRESS: usize = 50;

/// For one name, from wherever: many machines that guess together. More than for a pair, so that a
/// stranger cannot easily lock somebody out.
const PER_NAME: usize = 100;

/// A login that has begun.
pub(crate) struct Attempt {
    username_hash: String,
    address: String,
}

impl Attempt {
    /// Writes an attempt down as if it had failed.
    ///
    /// # Errors
    ///
    /// 429 if there were too many already; or if the database fails.
    pub async fn begin<C: ConnectionTrait>(
        db: &C,
        username: &str,
        address: Option<IpAddr>,
    ) -> Result<Self> {
        let now = Utc::now();
        let attempt = Self {
            username_hash: fingerprint(&username.to_lowercase()),
            address: address.map(|ip| ip.to_string()).unwrap_or_default(),
        };
        let new = ActiveModel {
            username_hash: Set(attempt.username_hash.clone()),
            address: Set(attempt.address.clone()),
            failed_at: Set(now),
            ..Default::default()
        };
        let own = new.insert(db).await?;
        let earlier = attempt.earlier(db, &own).await?;
        if let Some(wait) = attempt.wait(&earlier, now) {
            Entity::delete_by_id(own.id).exec(db).await?;
            tracing::warn!("a login from {} was throttled", attempt.address);
            return Err(Error::Throttled(wait));
        }
        Ok(attempt)
    }

    /// The password was right: this name has not failed from this address.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn succeeded<C: ConnectionTrait>(self, db: &C) -> Result<()> {
        Entity::delete_many()
            .filter(Column::UsernameHash.eq(self.username_hash))
            .filter(Column::Address.eq(self.address))
            .exec(db)
            .await?;
        Ok(())
    }

    /// Returns the failures for this name or from this address before `own`, the newest first.
    async fn earlier<C: ConnectionTrait>(&self, db: &C, own: &Model) -> Result<Vec<Model>> {
        let same = Condition::any()
            .add(Column::UsernameHash.eq(&self.username_hash))
            .add(Column::Address.eq(&self.address));
        let found = Entity::find()
            .filter(same)
            .filter(Column::FailedAt.gt(own.failed_at - ATTEMPT_WINDOW))
            .filter(Column::Id.lt(own.id))
            .order_by_desc(Column::Id)
            .limit((PER_ADDRESS + PER_NAME) as u64)
            .all(db)
            .await?;
        Ok(found)
    }

    /// For how many seconds the next attempt has to wait.
    fn wait(&self, earlier: &[Model], now: DateTime<Utc>) -> Option<u64> {
        let name = |failure: &&Model| failure.username_hash == self.username_hash;
        let address = |failure: &&Model| failure.address == self.address;
        let pair = |failure: &&Model| name(failure) && address(failure);
        let nth = [
            earlier.iter().filter(pair).nth(PER_PAIR - 1),
            earlier.iter().filter(address).nth(PER_ADDRESS - 1),
            earlier.iter().filter(name).nth(PER_NAME - 1),
        ];
        let until = nth
            .into_iter()
            .flatten()
            .map(|failure| failure.failed_at + ATTEMPT_WINDOW)
            .max()?;
        Some((until - now).num_seconds().max(1).unsigned_abs())
    }
}

/// Removes what is forgotten anyway.
///
/// # Errors
///
/// If the database fails.
pub async fn clear<C: ConnectionTrait>(db: &C) -> Result<()> {
    Entity::delete_many()
        .filter(Column::FailedAt.lte(Utc::now() - ATTEMPT_WINDOW))
        .exec(db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(number: usize, name: &str, address: &str, at: DateTime<Utc>) -> Vec<Model> {
        let failure = Model {
            id: 0,
            username_hash: name.to_owned(),
            address: address.to_owned(),
            failed_at: at,
        };
        vec![failure; number]
    }

    #[test]
    fn names_and_addresses_have_limits_of_their_own() {
        let attempt = Attempt {
            username_hash: "ada".to_owned(),
            address: "1.1.1.1".to_owned(),
        };
        let now = Utc::now();
        let then = now - Duration::minutes(5);
        for (number, name, address, expected) in [
            (4, "ada", "1.1.1.1", None),
            (5, "ada", "1.1.1.1", Some(600)),
            (49, "bob", "1.1.1.1", None),
            (50, "bob", "1.1.1.1", Some(600)),
            (99, "ada", "2.2.2.2", None),
            (100, "ada", "2.2.2.2", Some(600)),
        ] {
            let earlier = failures(number, name, address, then);
            assert_eq!(
                attempt.wait(&earlier, now),
                expected,
                "{number} {name} {address}"
            );
        }
    }
}
