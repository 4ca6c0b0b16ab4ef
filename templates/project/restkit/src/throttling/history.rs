//! When one client came: the window that slides over its requests.

use std::fmt;

use crate::settings::rate::Rate;

/// How many moments are remembered at most. A rate of more requests than this has its moments
/// rounded up to this part of its period: it may let a client wait longer by that, never less.
const MOMENTS: u32 = 200;

/// The requests that count, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History(Vec<Moment>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    /// Milliseconds since 1970.
    at: u64,
    requests: u32,
}

impl History {
    /// Counts a request that comes `now`, or says for how many milliseconds it has to wait.
    pub fn admit(&mut self, rate: Rate, now: u64) -> Option<u64> {
        self.0
            .retain(|moment| moment.at.saturating_add(rate.period) > now);
        let requests: u64 = self.0.iter().map(|moment| u64::from(moment.requests)).sum();
        if requests >= rate.requests.into() {
            let free = self.0.first().map_or(now, |first| first.at);
            let free = free.saturating_add(rate.period);
            return Some(free - now);
        }
        let step = (rate.period / u64::from(MOMENTS)).max(1);
        let at = if rate.requests <= MOMENTS {
            now
        } else {
            now.div_ceil(step) * step
        };
        match self.0.last_mut() {
            Some(last) if last.at == at => last.requests += 1,
            _ => self.0.push(Moment { at, requests: 1 }),
        }
        None
    }

    /// When the last request was counted.
    pub fn last(&self) -> u64 {
        self.0.last().map_or(0, |last| last.at)
    }

    /// How many moments are remembered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads what `Display` has written; anything else is not a history.
    pub fn read(text: &str) -> Self {
        let moments = text.split_whitespace().map(|moment| {
            let (at, requests) = moment.split_once(':')?;
            let (at, requests) = (at.parse().ok()?, requests.parse().ok()?);
            Some(Moment { at, requests })
        });
        Self(moments.collect::<Option<_>>().unwrap_or_default())
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for moment in &self.0 {
            write!(f, "{}:{} ", moment.at, moment.requests)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn the_window_slides() {
        let mut history = History::default();
        let rate = rate("2/minute");
        for (now, wait) in [
            (1_000, None),
            (31_000, None),
            (32_000, Some(29_000)),
            (60_999, Some(1)),
            (61_000, None),
            (61_000, Some(30_000)),
        ] {
            assert_eq!(history.admit(rate, now), wait, "{now}");
        }
        assert_eq!(History::read(&history.to_string()), history);
    }

    #[test]
    fn nobody_comes_at_a_rate_of_zero() {
        let wait = History::default().admit(rate("0/second"), 5);
        assert_eq!(wait, Some(1000));
    }

    #[test]
    fn high_rates_are_exact_in_number_and_bounded_in_memory() {
        let mut history = History::default();
        let rate = rate("10000/hour");
        let admitted = |history: &mut History, from: u64| {
            let moments = (0..3_600).map(|second| from + second * 1000 + 7);
            let hits = moments.flat_map(|now| [now; 4]);
            hits.filter(|now| history.admit(rate, *now).is_none())
                .count()
        };
        assert_eq!(admitted(&mut history, 0), 10_000);
        assert!(history.len() <= MOMENTS as usize + 1, "{}", history.len());
        let next = admitted(&mut history, 3_600_000);
        assert!((9_900..=10_000).contains(&next), "{next}");
    }

    #[test]
    fn a_history_that_was_tampered_with_is_none() {
        for text in ["x", "1", "1:x", "-1:1", "1:1 2:99999999999"] {
            assert_eq!(History::read(text), History::default(), "{text}");
        }
    }
}
