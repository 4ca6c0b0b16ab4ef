//! Counts in the memory of one server.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Key;
use super::history::History;
use crate::settings::rate::Rate;

/// More clients than this are not remembered: some 10 MB.
const MAX_CLIENTS: usize = 50_000;

/// Nor more of their moments: another 8 MB.
const MAX_MOMENTS: usize = 500_000;

/// The histories of clients. When there are too many, those that have not come for the longest time
/// are forgotten, so that whoever sends from many addresses cannot fill the memory.
#[derive(Default)]
pub(super) struct Memory(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    clients: HashMap<Key, Client>,
    moments: usize,
}

struct Client {
    history: History,
    /// When it can be forgotten without loss.
    expires: u64,
}

impl Memory {
    /// Counts a request, or says for how many milliseconds it has to wait.
    pub fn admit(&self, key: Key, rate: Rate, now: u64) -> Option<u64> {
        // Nothing is left half done where a panic could come from.
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.admit(key, rate, now)
    }
}

impl Counted {
    fn admit(&mut self, key: Key, rate: Rate, now: u64) -> Option<u64> {
        if self.clients.len() >= MAX_CLIENTS || self.moments >= MAX_MOMENTS {
            self.forget(now);
        }
        let client = self.clients.entry(key).or_insert_with(|| Client {
            history: History::default(),
            expires: 0,
        });
        let before = client.history.len();
        let wait = client.history.admit(rate, now);
        client.expires = client.history.last() + rate.period;
        self.moments = self.moments + client.history.len() - before;
        wait
    }

    /// Forgets what has expired, and of the rest the half that has not come for longer.
    fn forget(&mut self, now: u64) {
        self.clients.retain(|_, client| client.expires > now);
        self.count();
        if self.clients.len() * 2 > MAX_CLIENTS || self.moments * 2 > MAX_MOMENTS {
            let mut times: Vec<_> = self.clients.values().map(|c| c.history.last()).collect();
            let middle = times.len() / 2;
            let (_, median, _) = times.select_nth_unstable(middle);
            let median = *median;
            let mut doomed = middle + 1;
            self.clients.retain(|_, client| {
                let goes = client.history.last() <= median && doomed > 0;
                doomed -= usize::from(goes);
                !goes
            });
            self.count();
        }
    }

    fn count(&mut self) {
        self.moments = self.clients.values().map(|c| c.history.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> Key {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_be_bytes());
        Key(key)
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let rate: Rate = "3/day".parse().unwrap();
        let mut counted = Counted::default();
        let patient = key(u64::MAX);
        for number in 0..300_000 {
            assert_eq!(counted.admit(key(number), rate, number), None);
            if number % 10_000 == 0 && number < 30_000 {
                assert_eq!(counted.admit(patient, rate, number), None);
            }
        }
        assert!(
            counted.clients.len() <= MAX_CLIENTS,
            "{}",
            counted.clients.len()
        );
        let last = key(299_999);
        for _ in 0..2 {
            assert_eq!(counted.admit(last, rate, 300_000), None, "remembered");
        }
        assert!(counted.admit(last, rate, 300_000).is_some());
    }

    #[test]
    fn many_requests_at_one_moment_do_not_either() {
        let rate: Rate = "200/day".parse().unwrap();
        let mut counted = Counted::default();
        for client in 0..5_000 {
            for now in 0..200 {
                counted.admit(key(client), rate, now);
            }
        }
        assert!(counted.moments <= MAX_MOMENTS, "{}", counted.moments);
        let real: usize = counted.clients.values().map(|c| c.history.len()).sum();
        assert_eq!(counted.moments, real);
    }
}
