//! How often clients may ask: [`Throttle`].

mod database;
mod history;
mod memory;

use chrono::Utc;
use sha2::{Digest, Sha256};

use crate::db::Connection;
use crate::http::address::network;
use crate::settings::rate::Rate;
use crate::settings::throttle::Who;
use crate::settings::{Throttle, ThrottleStore};
use crate::{Context, Error, Result, Site};
use database::Database;
use memory::Memory;

pub use database::clear;

impl Throttle {
    /// Returns the client that the request is counted for, unless it is not limited at all.
    fn key(&self, ctx: &Context, rate: Rate) -> Option<Key> {
        let client = match (ctx.user(), self.who) {
            (Some(_), Who::Anonymous) => return None,
            (Some(user), Who::Everybody) => format!("user {}", user.id),
            (None, _) => format!("address {}", network(ctx.address)),
        };
        let text = format!("{} {rate} {client}", self.scope);
        Some(Key(Sha256::digest(text).into()))
    }
}

/// A throttle and a client, hashed: their requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key([u8; 32]);

/// The counts of a site.
pub(crate) struct Counts {
    store: ThrottleStore,
    memory: Memory,
    database: Database,
}

impl Counts {
    pub fn new(store: ThrottleStore) -> Self {
        Self {
            store,
            memory: Memory::default(),
            database: Database::default(),
        }
    }

    /// Counts a request, or says for how many milliseconds it has to wait.
    async fn admit(&self, db: &Connection, key: Key, rate: Rate) -> Result<Option<u64>> {
        let now = Utc::now().timestamp_millis().unsigned_abs();
        match self.store {
            ThrottleStore::Memory => Ok(self.memory.admit(key, rate, now)),
            ThrottleStore::Database => self.database.admit(db, key, rate, now).await,
        }
    }
}

impl Site {
    /// How often clients have asked.
    fn counts(&self) -> &Counts {
        self.part()
    }
}

/// Refuses a request that comes too often by one of the throttles. The others count it all the
/// same, as in DRF.
///
/// # Errors
///
/// 429 with the longest of the waits; or if the database fails.
pub(crate) async fn check(ctx: &Context, throttles: &[Throttle]) -> Result<()> {
    let mut longest = None;
    for throttle in throttles {
        let rate = throttle.rate()?;
        if let Some(key) = throttle.key(ctx, rate) {
            let site = ctx.site();
            let wait = Box::pin(site.counts().admit(site.db(), key, rate)).await?;
            longest = longest.max(wait);
        }
    }
    match longest {
        None => Ok(()),
        Some(milliseconds) => Err(Error::Throttled(milliseconds.div_ceil(1000).max(1))),
    }
}
