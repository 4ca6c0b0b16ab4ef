//! One after the other, for what must not be done twice at once about the same thing.

use std::hash::{BuildHasher, Hash, RandomState};

use tokio::sync::{Mutex, MutexGuard};

/// So many things can be under way at once.
const COUNTERS: usize = 32;

/// Lets through one at a time about each thing. Things share a number of counters, by a hash that
/// strangers cannot foresee, so that the memory is bounded.
pub(crate) struct Queue {
    counters: [Mutex<()>; COUNTERS],
    hasher: RandomState,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            counters: [const { Mutex::const_new(()) }; COUNTERS],
            hasher: RandomState::new(),
        }
    }
}

impl Queue {
    /// Waits until nobody else is busy with `thing`; whoever holds the turn is.
    pub async fn turn(&self, thing: &impl Hash) -> MutexGuard<'_, ()> {
        let number = self.hasher.hash_one(thing) % COUNTERS as u64;
        self.counters[number as usize].lock().await
    }
}
