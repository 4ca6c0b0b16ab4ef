//! How often clients may ask, as settings and viewsets say it: [`Throttle`].

use std::borrow::Cow;
use std::fmt;

use anyhow::anyhow;

use super::rate::Rate;

/// A limit to how many requests a client may send in a period, which slides: DRF's throttles.
///
/// A rate is a number and a period, a second, minute, hour or day: `10/s`, `100/hour`. Viewsets
/// that say the same throttle count together. Requests that are refused do not count.
///
/// ```
/// use restkit::{Settings, Throttle};
///
/// let settings = Settings {
///     throttle: vec![Throttle::anon("100/day"), Throttle::user("1000/day")],
///     ..Settings::default()
/// };
/// ```
#[derive(Clone, Debug)]
pub struct Throttle {
    pub(crate) who: Who,
    pub(crate) scope: Cow<'static, str>,
    /// Or what was written instead of one.
    rate: Result<Rate, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
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
}

/// `anon 100/day`
impl fmt::Display for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rate {
            Ok(rate) => write!(f, "{} {}", self.scope, rate.words()),
            Err(text) => write!(f, "{} {text}", self.scope),
        }
    }
}

/// The store of the counts of requests: `THROTTLE_STORE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThrottleStore {
    /// In the memory of this server, each of several servers for itself.
    #[default]
    Memory,
    /// In the database, for all servers together: slower by two statements a request.
    Database,
}
