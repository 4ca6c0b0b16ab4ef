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
use crate::http::address::network;
use crate::secrets::fingerprint;
use crate::{Error, Result};

/// Failures older than this are forgotten.
const ATTEMPT_WINDOW: Duration = Duration::minutes(15);

/// For one name from one address: somebody who guesses, or who has forgotten.
const PER_PAIR: usize = 5;

/// From one address, for whatever names: somebody who tries a list of them.
const PER_ADDRESS: usize = 50;

/// For one name, from wherever: many machines that guess together. Past it each address has one try instead of
/// several, so that strangers cannot lock the account's owner out, who knows the password.
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
            address: network(address),
        };
        let new = ActiveModel {
            username_hash: Set(attempt.username_hash.clone()),
            address: Set(attempt.address.clone()),
            failed_at: Set(now),
            ..Default::default()
        };
        let own = new.insert(db).await?;
        let earlier = Earlier::find(db, &attempt, &own).await?;
        if let Some(wait) = earlier.wait(now) {
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
}

/// The times of earlier failures, the newest first: as many as each limit counts.
#[derive(Debug, Default)]
struct Earlier {
    of_pair: Vec<DateTime<Utc>>,
    of_address: Vec<DateTime<Utc>>,
    of_name: Vec<DateTime<Utc>>,
}

impl Earlier {
    async fn find<C: ConnectionTrait>(db: &C, attempt: &Attempt, own: &Model) -> Result<Self> {
        let name = || Condition::all().add(Column::UsernameHash.eq(&attempt.username_hash));
        let address = Column::Address.eq(&attempt.address);
        let find = async |condition: Condition, limit: usize| {
            let found = Entity::find()
                .filter(condition)
                .filter(Column::FailedAt.gt(own.failed_at - ATTEMPT_WINDOW))
                .filter(Column::Id.lt(own.id))
                .order_by_desc(Column::Id)
                .limit(limit as u64)
                .all(db)
                .await?;
            let times = found.into_iter().map(|failure| failure.failed_at);
            Ok::<_, Error>(times.collect::<Vec<_>>())
        };
        Ok(Self {
            of_pair: find(name().add(address.clone()), PER_PAIR).await?,
            of_address: find(Condition::all().add(address), PER_ADDRESS).await?,
            of_name: find(name(), PER_NAME).await?,
        })
    }

    /// For how many seconds the next attempt has to wait.
    fn wait(&self, now: DateTime<Utc>) -> Option<u64> {
        let is_under_attack = self.of_name.len() >= PER_NAME;
        let per_pair = if is_under_attack { 1 } else { PER_PAIR };
        let nth = [
            self.of_pair.get(per_pair - 1),
            self.of_address.get(PER_ADDRESS - 1),
        ];
        let until = nth.into_iter().flatten().max()?;
        let wait = *until + ATTEMPT_WINDOW - now;
        Some(wait.num_seconds().max(1).unsigned_abs())
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

    #[test]
    fn names_and_addresses_have_limits_of_their_own() {
        let now = Utc::now();
        let times = |number: usize| vec![now - Duration::minutes(5); number];
        for (pair, address, name, expected) in [
            (4, 4, 4, None),
            (5, 5, 5, Some(600)),
            (0, 49, 0, None),
            (0, 50, 0, Some(600)),
            (4, 4, 99, None),
            // Strangers guess: the owner's first try counts, a second one does not.
            (0, 0, 100, None),
            (1, 1, 100, Some(600)),
        ] {
            let earlier = Earlier {
                of_pair: times(pair),
                of_address: times(address),
                of_name: times(name),
            };
            assert_eq!(earlier.wait(now), expected, "{pair} {address} {name}");
        }
    }
}
