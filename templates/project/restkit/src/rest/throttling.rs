//! How often clients may ask: [`Throttle`].

mod database;
mod history;
mod memory;
mod rate;

use std::borrow::Cow;
use std::net::IpAddr;

use anyhow::{Context as _, anyhow};
use chrono::Utc;
use sha2::{Digest, Sha256};

use crate::db::Connection;
use crate::{Context, Error, Result, Routes, Settings};
use database::Database;
use memory::Memory;
use rate::Rate;

pub use database::clear;

/// A limit to how many requests a client may send in a period, which slides: DRF's throttles.
///
/// A rate is a number and a period, a second, minute, hour or day: `10/s`, `100/hour`. Viewsets
/// that say the same throttle count together. Requests that are refused do not count.
#[derive(Clone, Debug)]
pub struct Throttle {
    who: Who,
    scope: Cow<'static, str>,
    /// Or what was written instead of one.
    rate: Result<Rate, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Anonymous,
    Everybody,
}

impl Throttle {
    /// For everybody who is not logged in, by address. An IPv6 address stands for its /64 network,
    /// which is one customer's.
    pub fn anon(rate: &str) -> Self {
        Self::new(Who::Anonymous, "anon", rate)
    }

    /// For every user, and by address for everybody who is not logged in.
    pub fn user(rate: &str) -> Self {
        Self::new(Who::Everybody, "user", rate)
    }

    /// As [`user`](Self::user), counted apart from all else for what belongs to `scope`.
    pub fn scoped(scope: impl Into<Cow<'static, str>>, rate: &str) -> Self {
        Self::new(Who::Everybody, scope, rate)
    }

    fn new(who: Who, scope: impl Into<Cow<'static, str>>, rate: &str) -> Self {
        Self {
            who,
            scope: scope.into(),
            rate: rate.parse().map_err(|()| rate.to_owned()),
        }
    }

    /// # Errors
    ///
    /// If what was written is none.
    pub(crate) fn rate(&self) -> anyhow::Result<Rate> {
        self.rate.clone().map_err(|text| {
            anyhow!(
                "the throttle rate `{}` of `{}` is not understood; write a number and a period: 100/day, 20/hour, 5/minute or 1/second",
                text.escape_debug(),
                self.scope
            )
        })
    }

    /// Whom the request is counted for, unless it is not limited at all.
    fn key(&self, ctx: &Context, rate: Rate) -> Option<Key> {
        let client = match (ctx.user(), self.who) {
            (Some(_), Who::Anonymous) => return None,
            (Some(user), Who::Everybody) => format!("user {}", user.id),
            (None, _) => format!("address {}", client(ctx.address)),
        };
        let text = format!("{} {rate} {client}", self.scope);
        Some(Key(Sha256::digest(text).into()))
    }
}

/// What is counted together: a throttle and a client, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key([u8; 32]);

/// The part of an address that stands for one client; all whose address is not known are one.
fn client(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = address.to_bits() >> 64;
            format!("{network:x}/64")
        }
    }
}

/// Where requests are counted: `THROTTLE_STORE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThrottleStore {
    /// In the memory of this server, each of several servers for itself.
    #[default]
    Memory,
    /// In the database, for all servers together: slower by two statements a request.
    Database,
}

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

/// Looks at the rates of the settings and of all viewsets, before the first request comes.
///
/// # Errors
///
/// If one is ill-written, with the name of the viewset.
pub(crate) fn validate(settings: &Settings, routes: &Routes) -> anyhow::Result<()> {
    for throttle in &settings.throttle {
        throttle.rate().context("the settings are wrong")?;
    }
    for route in routes.list() {
        let throttles = route
            .guard
            .iter()
            .flat_map(|guard| (guard.throttle)(settings));
        for throttle in throttles {
            let rate = throttle.rate();
            rate.with_context(|| format!("`{}` is wrong", route.view))?;
        }
    }
    Ok(())
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
            let wait = ctx
                .site()
                .counts()
                .admit(ctx.site().db(), key, rate)
                .await?;
            longest = longest.max(wait);
        }
    }
    match longest {
        None => Ok(()),
        Some(milliseconds) => Err(Error::Throttled(milliseconds.div_ceil(1000).max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: &str) {
        assert_eq!(client(address.parse().ok()), expected, "{address}");
    }

    #[test]
    fn clients_are_told_apart_by_what_they_cannot_choose() {
        check("192.0.2.1", "192.0.2.1");
        check("::ffff:192.0.2.1", "192.0.2.1");
        check("2001:db8:1:2:3:4:5:6", "20010db800010002/64");
        check("2001:db8:1:2:ffff::1", "20010db800010002/64");
        check("2001:db8:1:3::1", "20010db800010003/64");
        check("nonsense", "unknown");
    }
}
